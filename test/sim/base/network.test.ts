import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { bytesOf, dial, port, startEcho } from "./programs.ts";

describe("a partition", () => {
  it("holds back what is sent and delivers it after healing, or the connection is lost", async () => {
    const outcomes = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const world = new SimulatedWorld({ seed });
      await startEcho(world, "a");
      const { line } = await dial(world, "b", "a");
      world.partition(["a"], ["b"]);
      line.say("into the void");
      await world.run({ forMs: 5000 });
      assert.equal(line.received, "");
      assert.equal(line.closed, false);
      world.heal();
      await world.until(() => line.closed || line.received === "into the void", { what: "word after healing" });
      outcomes.add(line.closed ? (line.error?.code ?? "end") : "delivered");
    }
    assert.deepEqual([...outcomes].sort(), ["ECONNRESET", "delivered"]);
  });

  it("lets connects time out, and ends what is not acknowledged for too long", async () => {
    const world = new SimulatedWorld({ seed: 1, profile: { network: { unacknowledgedMs: 20_000 } } });
    await startEcho(world, "a");
    const { line, client } = await dial(world, "b", "a");
    world.partition(["a"], ["b"]);
    const late = client.runtime.net.connect({ host: "a", port, timeoutMs: 3000 });
    const beganMs = world.nowMs;
    await assert.rejects(world.finish(late, { what: "connect" }), { name: "NetError", code: "ETIMEDOUT" });
    assert.ok(world.nowMs - beganMs >= 3000 && world.nowMs - beganMs < 3001, `${world.nowMs - beganMs}`);
    line.say("never acknowledged");
    await world.until(() => line.closed, { what: "the connection ends", deadlineMs: 120_000 });
    assert.equal(line.error?.code, "ETIMEDOUT");
  });

  it("lets a connect through that is repeated after healing", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    await startEcho(world, "a");
    world.partition(["a"], ["b"]);
    world.at(world.nowMs + 1500, () => world.heal(["a"], ["b"]));
    const { line } = await dial(world, "b", "a", 10_000);
    line.say("x");
    await world.until(() => line.received === "x", { what: "echo" });
  });

  it("can cut one way only", async () => {
    const world = new SimulatedWorld({ seed: 1, profile: { network: { lostByPartition: 0 } } });
    let heard = "";
    world.start({
      host: "a",
      program: async (runtime) => {
        await runtime.net.listen({ port }, (socket) => {
          socket.handle({
            data: (bytes) => {
              heard += new TextDecoder().decode(bytes);
              socket.write(bytes);
            },
            close: () => {},
          });
        });
        return new Promise(() => {});
      },
    });
    await world.run({ forMs: 10 });
    const { line } = await dial(world, "b", "a");
    world.partition(["a"], ["b"], { oneWay: true });
    line.say("still heard");
    await world.run({ forMs: 2000 });
    assert.equal(heard, "still heard");
    assert.equal(line.received, "");
    world.heal();
    await world.until(() => line.received === "still heard", { what: "the answer" });
  });

  it("leaves other hosts and the loopback alone", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    await startEcho(world, "a");
    world.host("b");
    world.partition(["a"], ["b"]);
    for (const host of ["a", "c"]) {
      const { line } = await dial(world, host, host === "a" ? "localhost" : "a");
      line.say(host);
      await world.until(() => line.received === host, { what: `echo on ${host}` });
    }
  });
});

describe("power off", () => {
  it("says nothing to the peers; after power on the old connection is reset by its first segment", async () => {
    const world = new SimulatedWorld({ seed: 1, profile: { network: { lostByPartition: 0 } } });
    await startEcho(world, "a");
    const { line } = await dial(world, "b", "a");
    const silent = await dial(world, "c", "a");
    world.powerOff("a");
    line.say("hello?");
    await world.run({ forMs: 3000 });
    assert.equal(line.closed, false);
    world.powerOn("a");
    await world.run({ forMs: 3000 });
    assert.equal(silent.line.closed, false, "a silent connection does not notice");
    await world.until(() => line.closed, { what: "the reset" });
    assert.equal(line.error?.code, "ECONNRESET");
    assert.throws(
      () => {
        world.powerOff("a");
        world.start({ host: "a" });
      },
      { code: "SL-SIM-HOST" },
    );
  });
});

describe("a lossy network", () => {
  it("delays a stream and never changes it", async () => {
    const profile = { network: { loss: 0.05, split: 0.5, merge: 0.5, windowBytes: 20_000 } };
    const world = new SimulatedWorld({ seed: 4, profile });
    await startEcho(world, "a");
    const { line } = await dial(world, "b", "a", 60_000);
    const words = Array.from({ length: 3000 }, (_, i) => `word ${i} of the stream;`);
    for (const word of words) line.say(word);
    const expected = words.join("");
    await world.until(() => line.received.length >= expected.length || line.closed, {
      what: "all words",
      deadlineMs: 600_000,
    });
    assert.equal(line.received, expected);
  });
});

describe("a stream", () => {
  it("arrives in other pieces than it was written in", async () => {
    const pieces = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const world = new SimulatedWorld({ seed });
      await startEcho(world, "a");
      const { line } = await dial(world, "b", "a");
      for (let i = 0; i < 20; i++) line.say("0123456789");
      await world.until(() => line.received.length === 200, { what: "200 bytes" });
      assert.equal(line.received, "0123456789".repeat(20));
      pieces.add(line.chunks === 20 ? "as written" : line.chunks < 20 ? "merged" : "split");
    }
    assert.ok(pieces.has("merged"), [...pieces].join());
  });

  it("is felt by the writer when nobody reads", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const server = await startEcho(world, "a");
    const { line } = await dial(world, "b", "a");
    world.pause(server.pid);
    let writes = 0;
    while (line.socket.write(new Uint8Array(10_000)) && writes < 1000) {
      writes++;
      await world.run({ forMs: 1 });
    }
    assert.ok(writes > 20 && writes < 60, `${writes} writes of 10,000 bytes`);
    assert.ok(line.socket.bufferedBytes > 0);
    assert.equal(line.received, "");
  });
});

describe("links", () => {
  const address = "tcp://a:9000";
  const bound = "tcp://*:9000";

  it("lose what was in flight when the puller is killed, keep the rest, and come back", async () => {
    let lost = 0;
    for (let seed = 1; seed <= 20; seed++) {
      const world = new SimulatedWorld({ seed });
      const got: number[] = [];
      const pull = async () => {
        const process = world.start({ host: "a", name: "puller" });
        const onFrame = (frame: Uint8Array) => void got.push(Number(new TextDecoder().decode(frame)));
        await world.finish(process.runtime.links.pull(bound, onFrame), { what: "bind" });
        return process;
      };
      const first = await pull();
      const { runtime } = world.start({ host: "b", name: "pusher" });
      const push = runtime.links.push(address);
      let sent = 0;
      const sending = (async () => {
        for (; sent < 3000; sent++) await push.send(bytesOf(String(sent)));
      })();
      await world.until(() => got.length > 500, { what: "some frames" });
      world.kill(first.pid);
      const before = got.length;
      await world.run({ forMs: 300 });
      assert.equal(got.length, before);
      await pull();
      await world.finish(sending, { what: "all sent" });
      await world.until(() => got.at(-1) === 2999, { what: "the last frame" });
      assert.deepEqual(
        got,
        [...new Set(got)].sort((a, b) => a - b),
        "none twice, none out of order",
      );
      lost += 3000 - got.length;
    }
    assert.ok(lost > 0, "a kill in the middle has to cost frames in flight");
  });

  it("stall in a partition and go on, in order", async () => {
    const inFlight = 10;
    const outcomes = new Set<number>();
    for (let seed = 1; seed <= 20; seed++) {
      const world = new SimulatedWorld({ seed, profile: { links: { highWaterMark: inFlight } } });
      const got: number[] = [];
      const puller = world.start({ host: "a" });
      const onFrame = (frame: Uint8Array) => void got.push(frame[0]!);
      await world.finish(puller.runtime.links.pull(bound, onFrame), { what: "bind" });
      const push = world.start({ host: "b" }).runtime.links.push(address);
      await world.run({ forMs: 10 });
      world.partition(["a"], ["b"]);
      const sending = (async () => {
        for (let i = 0; i < 100; i++) await push.send(new Uint8Array([i]));
      })();
      await world.run({ forMs: 2000 });
      assert.deepEqual(got, []);
      world.heal();
      await world.finish(sending, { what: "all sent" });
      await world.until(() => got.at(-1) === 99, { what: "the last frame" });
      const lost = 100 - got.length;
      assert.ok(
        lost === 0 || lost === inFlight,
        `${lost} lost: the connection lives, or dies with all that was in flight`,
      );
      assert.deepEqual(
        got,
        Array.from({ length: got.length }, (_, i) => i + lost),
      );
      outcomes.add(lost);
    }
    assert.deepEqual([...outcomes].sort(), [0, inFlight]);
  });

  it("hold at most their marks when the puller is stopped", async () => {
    const world = new SimulatedWorld({ seed: 1, profile: { links: { highWaterMark: 10 } } });
    const puller = world.start({ host: "a" });
    await world.finish(
      puller.runtime.links.pull(bound, () => {}),
      { what: "bind" },
    );
    const push = world.start({ host: "b" }).runtime.links.push(address);
    world.pause(puller.pid);
    let sent = 0;
    const sending = (async () => {
      for (; sent < 1000; sent++) await push.send(new Uint8Array(10));
    })();
    await world.run({ forMs: 1000 });
    assert.ok(sent >= 10 && sent <= 21, `${sent} frames taken`);
    world.resume(puller.pid);
    await world.finish(sending, { what: "all sent" });
    assert.equal(sent, 1000);
  });
});
