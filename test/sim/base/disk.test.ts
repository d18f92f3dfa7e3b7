import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  makeDurableDirectory,
  type Program,
  type Runtime,
  replaceFile,
  SimulatedWorld,
} from "../../../src/base/index.ts";
import { bytesOf, textOf } from "./programs.ts";

/** Runs to its end. */
async function run<T>(world: SimulatedWorld, host: string, body: (runtime: Runtime) => Promise<T>): Promise<T> {
  const { runtime } = world.start({ host });
  return world.finish(body(runtime), { what: "the body" });
}

async function textAt(runtime: Runtime, path: string): Promise<string | null> {
  return (await runtime.fs.stat(path)) === null ? null : textOf(await runtime.fs.readFile(path));
}

describe("power off", () => {
  it("keeps what was synced with its name, in every seed", async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const world = new SimulatedWorld({ seed });
      await run(world, "a", async ({ fs }) => {
        await makeDurableDirectory(fs, "/data/log");
        const handle = await fs.open("/data/log/1", "create");
        await handle.write(bytesOf("synced"), 0);
        await handle.sync();
        await fs.syncDirectory("/data/log");
        await handle.write(bytesOf(", and not"), 6);
      });
      world.crashHost("a");
      const left = String(await run(world, "a", (runtime) => textAt(runtime, "/data/log/1")));
      assert.ok(left.startsWith("synced"), `seed ${seed}: ${left}`);
      assert.ok(left.length <= "synced, and not".length);
    }
  });

  it("loses or keeps a name that was not synced, although the file was", async () => {
    const fates = new Map<string, number>();
    for (let seed = 1; seed <= 40; seed++) {
      const world = new SimulatedWorld({ seed });
      await run(world, "a", async ({ fs }) => {
        const handle = await fs.open("/file", "create");
        await handle.write(bytesOf("synced"), 0);
        await handle.sync();
      });
      world.crashHost("a");
      const left = String(await run(world, "a", (runtime) => textAt(runtime, "/file")));
      fates.set(left, (fates.get(left) ?? 0) + 1);
    }
    assert.deepEqual([...fates.keys()].sort(), ["null", "synced"]);
  });

  it("does not bring back a name that was moved away durably", async () => {
    for (let seed = 1; seed <= 30; seed++) {
      const world = new SimulatedWorld({ seed });
      await run(world, "a", async ({ fs }) => {
        await makeDurableDirectory(fs, "/from");
        await makeDurableDirectory(fs, "/to");
        await fs.writeFile("/from/file", bytesOf("x"));
        await fs.rename("/from/file", "/to/file");
        await fs.syncDirectory("/to");
      });
      world.crashHost("a");
      const left = await run(world, "a", async ({ fs }) => [await fs.list("/from"), await fs.list("/to")]);
      assert.deepEqual(left, [[], ["file"]], `seed ${seed}`);
    }
  });

  it("loses nothing of a process that was only killed", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const writer = world.start({ host: "a" });
    const written = writer.runtime.fs.writeFile("/file", bytesOf("in the page cache"));
    await world.finish(written, { what: "write" });
    world.kill(writer.pid);
    assert.equal(await run(world, "a", (runtime) => textAt(runtime, "/file")), "in the page cache");
  });

  it("leaves of a rename without syncs an old, a new, or a damaged file", async () => {
    const left = new Set<string | null>();
    for (let seed = 1; seed <= 60; seed++) {
      const world = new SimulatedWorld({ seed });
      await run(world, "a", ({ fs }) => replaceFile(fs, "/file", bytesOf("old")));
      await run(world, "a", async ({ fs }) => {
        await fs.writeFile("/file.new", bytesOf("new"));
        await fs.rename("/file.new", "/file");
      });
      world.crashHost("a");
      left.add(await run(world, "a", (runtime) => textAt(runtime, "/file")));
    }
    assert.ok(left.has("old") && left.has("new"), [...left].join());
    assert.ok(left.size > 2, "some seed has to show why a file is synced before it is renamed");
  });
});

describe("replaceFile", () => {
  it("leaves the old file or the new one, wherever the power fails", async () => {
    const left = new Map<string | null, number>();
    for (let count = 1; count <= 8; count++) {
      for (let seed = 1; seed <= 25; seed++) {
        const world = new SimulatedWorld({ seed });
        await run(world, "a", ({ fs }) => replaceFile(fs, "/file", bytesOf("old")));
        const writer = world.start({ host: "a" });
        void replaceFile(writer.runtime.fs, "/file", bytesOf("new"));
        await world.run({ forMs: count * 0.3 });
        const operations = writer.operations;
        world.crashHost("a");
        const text = await run(world, "a", (runtime) => textAt(runtime, "/file"));
        assert.ok(text === "old" || text === "new", `seed ${seed}, ${operations} calls: ${text}`);
        left.set(text, (left.get(text) ?? 0) + 1);
      }
    }
    assert.ok((left.get("old") ?? 0) > 10 && (left.get("new") ?? 0) > 10, [...left].join());
  });

  it("is durable when it has resolved", async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const world = new SimulatedWorld({ seed });
      await run(world, "a", async ({ fs }) => {
        await makeDurableDirectory(fs, "/conf");
        await replaceFile(fs, "/conf/epoch", bytesOf("7"));
      });
      world.crashHost("a");
      assert.equal(await run(world, "a", (runtime) => textAt(runtime, "/conf/epoch")), "7");
    }
  });
});

describe("a disk", () => {
  it("that is full refuses writes, and takes them when there is room again", async () => {
    const world = new SimulatedWorld({ seed: 1, profile: { disk: { capacityBytes: 8192 } } });
    await run(world, "a", async ({ fs }) => {
      await fs.writeFile("/small", new Uint8Array(4000));
      await assert.rejects(fs.writeFile("/large", new Uint8Array(6000)), { name: "FsError", code: "ENOSPC" });
      await fs.remove("/small");
      await fs.writeFile("/large", new Uint8Array(6000));
    });
    world.setDisk("b", { full: true });
    await run(world, "b", ({ fs }) => assert.rejects(fs.writeFile("/any", new Uint8Array(1)), { code: "ENOSPC" }));
    world.setDisk("b", { full: false, writeMs: { min: 500, max: 500 } });
    const beganMs = world.nowMs;
    await run(world, "b", ({ fs }) => fs.writeFile("/any", new Uint8Array(1)));
    assert.ok(world.nowMs - beganMs >= 500);
  });

  it("can fail to read", async () => {
    const world = new SimulatedWorld({ seed: 1, profile: { disk: { readError: 1 } } });
    await run(world, "a", async ({ fs }) => {
      await fs.writeFile("/file", new Uint8Array(10));
      await assert.rejects(fs.readFile("/file"), { code: "EIO" });
    });
  });

  it("takes part of a write of a process that dies while it writes", async () => {
    const lengths = new Set<number>();
    const writer: Program = async ({ fs }) => {
      await fs.writeFile("/file", new Uint8Array(1000).fill(1));
      return 0;
    };
    for (let seed = 1; seed <= 30; seed++) {
      const world = new SimulatedWorld({ seed, profile: { disk: { writeMs: { min: 5, max: 5 } } } });
      const process = world.start({ host: "a", program: writer });
      await world.run({ forMs: 2 });
      world.kill(process.pid);
      lengths.add(await run(world, "a", async (runtime) => (await runtime.fs.stat("/file"))?.size ?? -1));
    }
    assert.ok(lengths.has(-1) && lengths.has(1000), [...lengths].join());
    assert.ok(
      [...lengths].some((length) => length > 0 && length < 1000),
      [...lengths].join(),
    );
  });
});
