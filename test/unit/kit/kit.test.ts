/** The kit that other tests trust. */
import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import {
  deadline,
  eventually,
  freePorts,
  leaksAmong,
  mustCall,
  seeds,
  startProcess,
  temporaryDirectory,
} from "../../kit/index.ts";

const timeoutMs = 20_000;

describe("waiting", () => {
  it("gives the value in time and names what it waited for otherwise", async () => {
    assert.equal(await deadline(Promise.resolve(7), 1000, "seven"), 7);
    await assert.rejects(deadline(new Promise(() => {}), 5, "the moon"), /waited 5 ms for the moon/);
    await assert.rejects(deadline(Promise.reject(new Error("own")), 1000, "it"), /own/);
  });

  it("looks until there is something, or says what was not there", async () => {
    let looks = 0;
    assert.equal(await eventually(() => (++looks === 3 ? "there" : undefined), 5000, "the third look"), "there");
    await assert.rejects(
      eventually(() => undefined, 5, "nothing"),
      /waited 5 ms for nothing/,
    );
  });

  it("counts calls", async () => {
    const twice = mustCall((x: number) => x + 1, 2);
    assert.equal(twice(1), 2);
    assert.throws(() => twice.verify(), /called 1 times, expected 2/);
    twice(2);
    await deadline(twice.reached, 1000, "the second call");
    twice.verify();
    assert.throws(() => twice(3), /called 3 times, expected 2/);
  });
});

describe("what belongs to one test", () => {
  it("has its folder removed with all that is in it", async () => {
    let path = "";
    {
      await using dir = await temporaryDirectory();
      path = dir.path;
      writeFileSync(dir.join("file"), "text");
    }
    assert.equal(existsSync(path), false);
  });

  it("gets ports that differ", async () => {
    const ports = await freePorts(5);
    assert.equal(new Set(ports).size, 5);
  });
});

describe("a real process", () => {
  it("is followed to a line and to its end", async () => {
    await using child = startProcess("bash", ["-c", "cat; echo port 17 >&2; exit 4"], { input: "hello\n" });
    assert.equal((await child.line(/port (\d+)/, timeoutMs))[1], "17");
    await child.assertExit(4, timeoutMs);
    assert.equal(child.stdout, "hello\n");
    await assert.rejects(child.assertExit(0, timeoutMs), /port 17/, "a wrong exit code shows what was said");
  });

  it("that ends without saying the line is a failure at once, not at the deadline", async () => {
    await using child = startProcess("bash", ["-c", "echo other"]);
    await assert.rejects(child.line(/never/, 600_000), /ended without saying \/never\/[\s\S]*other/);
  });

  it("is gone when the test is, even if it does not want to", async () => {
    let pid = 0;
    {
      await using child = startProcess("bash", ["-c", "trap '' TERM; echo up; while :; do sleep 0.1; done"]);
      await child.line(/up/, timeoutMs);
      pid = child.pid;
    }
    assert.throws(() => process.kill(pid, 0), /ESRCH/);
  });

  it("that does not exist is a failure with its name", async () => {
    await using child = startProcess("no-such-program", []);
    await assert.rejects(child.exit(timeoutMs), /no-such-program/);
  });
});

describe("the leak check", () => {
  it("lets a test process keep its standard streams, and nothing else", () => {
    assert.deepEqual(leaksAmong(["PipeWrap", "PipeWrap", "PipeWrap"]), []);
    assert.deepEqual(leaksAmong(["PipeWrap", "TCPSocketWrap", "Timeout"]), ["TCPSocketWrap", "Timeout"]);
    assert.deepEqual(leaksAmong(["PipeWrap", "PipeWrap", "PipeWrap", "PipeWrap"]), ["PipeWrap"]);
  });
});

describe("seeds", () => {
  it("are the first few, unless one is asked for", () => {
    const [seed, minutes] = [process.env.STORM_LAB_SEED, process.env.STORM_LAB_MINUTES];
    try {
      delete process.env.STORM_LAB_SEED;
      delete process.env.STORM_LAB_MINUTES;
      assert.deepEqual([...seeds({ smoke: 3 })], [1, 2, 3]);
      process.env.STORM_LAB_SEED = "42";
      assert.deepEqual([...seeds({ smoke: 3 })], [42]);
    } finally {
      if (seed === undefined) delete process.env.STORM_LAB_SEED;
      else process.env.STORM_LAB_SEED = seed;
      if (minutes !== undefined) process.env.STORM_LAB_MINUTES = minutes;
    }
  });
});
