/** What a client may cost a server: frames, unread answers, silence, connections. Whoever passes a bound goes, others go on. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ServerLimits, ThriftClient } from "../../../src/rpc/index.ts";
import { DistributedRPC } from "../../../src/wire/thrift/index.ts";
import { frameOf, type RawLine, Stage } from "../../unit/rpc/stage.ts";

type Methods = typeof DistributedRPC.methods;

const echoes = { execute: ({ funcArgs = "" }: { readonly funcArgs?: string | undefined }) => funcArgs };

async function limited(
  limits: Partial<ServerLimits>,
): Promise<{ stage: Stage<Methods>; other: ThriftClient<Methods> }> {
  const stage = new Stage({ service: DistributedRPC, handlers: echoes, limits });
  await stage.serve();
  return { stage, other: await stage.connect() };
}

async function goesOn(stage: Stage<Methods>, other: ThriftClient<Methods>): Promise<void> {
  assert.equal(await stage.finish(other.calls.execute({ functionName: "f", funcArgs: "on" }), "others go on"), "on");
}

/** A call of `execute` whose argument has this many bytes. */
function callOf(sequenceId: number, bytes: number): Buffer {
  const body = Buffer.alloc(42 + bytes, "a");
  body.write("800100010000000765786563757465", 0, "hex");
  body.writeInt32BE(sequenceId, 15);
  body.write("0b000100000001660b0002", 19, "hex");
  body.writeInt32BE(bytes, 30);
  body[34 + bytes] = 0;
  return frameOf(body.subarray(0, 35 + bytes));
}

describe("a Thrift server", () => {
  it("takes frames up to its bound, and ends the connection of a longer one", async () => {
    const { stage, other } = await limited({ maxFrameBytes: 1000 });
    const fits = await stage.dial();
    const whole = callOf(1, 965);
    assert.equal(whole.length, 1004);
    fits.socket.write(whole);
    await stage.until(() => fits.received.length > 965, "the answer");
    for (const bytes of [callOf(1, 966), frameOf(Buffer.alloc(0)).fill(0xff), Buffer.from("GET / HTTP/1.1\r\n\r\n")]) {
      const line = await stage.dial();
      line.socket.write(bytes.subarray(0, 8));
      await stage.until(() => line.isClosed, "the end");
    }
    assert.match(stage.warnings[0] ?? "", /announces a frame of 1001 bytes, and at most 1000 are taken/);
    assert.match(stage.warnings[1] ?? "", /4294967295 bytes/);
    await goesOn(stage, other);
  });

  it("waits for the rest of a frame for a while", async () => {
    const { stage, other } = await limited({ stallMs: 6000 });
    const lines: RawLine[] = [];
    for (const count of [1, 4, 20]) {
      const line = await stage.dial();
      line.socket.write(callOf(1, 100).subarray(0, count));
      lines.push(line);
    }
    const silent = await stage.dial();
    await stage.world.run({ forMs: 5900 });
    assert.ok(lines.every(({ isClosed }) => !isClosed));
    await stage.world.run({ forMs: 2200 });
    assert.ok(lines.every(({ isClosed }) => isClosed));
    assert.equal(silent.isClosed, false, "who has begun nothing may stay");
    assert.match(stage.warnings.join("\n"), /began a frame and does not end it/);
    await goesOn(stage, other);
  });

  it("waits for a client that reads slowly, and ends one that reads nothing", async () => {
    const { stage, other } = await limited({ stallMs: 6000 });
    const line = await stage.dial();
    line.socket.pause();
    for (let id = 1; id <= 4; id++) line.socket.write(callOf(id, 500_000));
    await stage.world.run({ forMs: 5000 });
    line.socket.resume();
    await stage.world.run({ forMs: 1 });
    line.socket.pause();
    await stage.world.run({ forMs: 5000 });
    assert.deepEqual(stage.warnings, []);
    await stage.world.run({ forMs: 20_000 });
    assert.match(stage.warnings.join("\n"), /it does not read its answers/);
    await goesOn(stage, other);
  });

  it("keeps no more unread answers than its bound", async () => {
    const answers: (() => void)[] = [];
    const stage = new Stage({
      service: DistributedRPC,
      limits: { unsentBytesMax: 2_000_000 },
      handlers: {
        execute: ({ functionName }) =>
          functionName === "on"
            ? "on"
            : new Promise<string>((resolve) => answers.push(() => resolve("a".repeat(500_000)))),
      },
    });
    await stage.serve();
    const line = await stage.dial();
    line.socket.pause();
    for (let id = 1; id <= 10; id++) line.socket.write(callOf(id, 10));
    await stage.until(() => answers.length === 10, "all calls");
    for (const answer of answers) answer();
    await stage.until(() => stage.warnings.length > 0, "the end");
    assert.match(stage.warnings[0] ?? "", /has not read \d+ bytes of its answers/);
    const other = await stage.connect();
    assert.equal(await stage.finish(other.calls.execute({ functionName: "on" }), "others go on"), "on");
  });

  it("reads no more of a client that has enough calls waiting, and goes on after an answer", async () => {
    const answers: (() => void)[] = [];
    const stage = new Stage({
      service: DistributedRPC,
      limits: { callsPerConnectionMax: 3 },
      handlers: {
        execute: ({ funcArgs = "" }) => new Promise<string>((resolve) => answers.push(() => resolve(funcArgs))),
      },
    });
    await stage.serve();
    const client = await stage.connect();
    const calls = Array.from({ length: 10 }, (_, index) =>
      client.calls.execute({ functionName: "f", funcArgs: String(index) }),
    );
    for (let done = 0; done < 10; done++) {
      await stage.until(() => answers.length > done, "a call");
      await stage.world.run({ forMs: 10 });
      assert.equal(answers.length, Math.min(10, done + 3));
      answers[done]?.();
    }
    assert.deepEqual(
      await stage.finish(Promise.all(calls), "all"),
      calls.map((_, index) => String(index)),
    );
  });

  it("reads nothing while all calls together hold too much, and goes on when some are answered", async () => {
    const answers: (() => void)[] = [];
    const stage = new Stage({
      service: DistributedRPC,
      limits: { heldBytesMax: 1_000_000 },
      handlers: { execute: () => new Promise<string>((resolve) => answers.push(() => resolve("x"))) },
    });
    await stage.serve();
    const funcArgs = "a".repeat(300_000);
    const calls: Promise<string>[] = [];
    for (let count = 0; count < 8; count++) {
      const client = await stage.connect();
      calls.push(client.calls.execute({ functionName: "f", funcArgs }));
      await stage.world.run({ forMs: 100 });
    }
    assert.equal(answers.length, 4);
    for (let done = 0; done < 8; done++) {
      await stage.until(() => answers.length > done, "another call");
      answers[done]?.();
    }
    assert.equal((await stage.finish(Promise.all(calls), "all are answered")).length, 8);
  });

  it("takes large calls one after the other while too many have begun", async () => {
    const { stage, other } = await limited({ heldBytesMax: 1_000_000, stallMs: 6000 });
    const lines: RawLine[] = [];
    for (let count = 0; count < 8; count++) {
      const line = await stage.dial();
      line.socket.write(callOf(1, 300_000).subarray(0, 290_000));
      lines.push(line);
    }
    await stage.world.run({ forMs: 1000 });
    await goesOn(stage, other);
    for (const line of lines) line.socket.write(callOf(1, 300_000).subarray(290_000));
    await stage.until(() => lines.every(({ received }) => received.length > 300_000), "all are answered", 5000);
  });

  it("is not stopped by clients that begin large calls and never end them", async () => {
    const { stage } = await limited({ heldBytesMax: 1_000_000, stallMs: 6000 });
    for (let count = 0; count < 8; count++) (await stage.dial()).socket.write(callOf(1, 300_000).subarray(0, 290_000));
    const line = await stage.dial();
    line.socket.write(callOf(1, 300_000));
    await stage.until(() => line.received.length > 300_000, "its answer", 60_000);
  });

  it("lets the most idle connection go for a new one, and none that waits for an answer", async () => {
    const stage = new Stage({
      service: DistributedRPC,
      limits: { connectionsMax: 2, stallMs: 60 },
      handlers: { execute: ({ functionName }) => (functionName === "f" ? "x" : new Promise<string>(() => {})) },
    });
    const server = await stage.serve();
    const idle = await stage.dial();
    await stage.world.run({ forMs: 1000 });
    const recent = await stage.connect();
    await stage.finish(recent.calls.execute({ functionName: "f" }), "heard of");
    const third = await stage.connect();
    await stage.until(() => idle.isClosed, "the most idle goes");
    assert.match(stage.warnings[0] ?? "", /most idle of 2/);
    const { length } = [recent, third].map(({ calls }) => calls.execute({ functionName: "g" }).catch(() => {}));
    assert.equal(length, 2);
    await stage.world.run({ forMs: 100 });
    const refused = await stage.dial();
    await stage.until(() => refused.isClosed, "all wait for answers");
    assert.match(stage.warnings.at(-1) ?? "", /all connections wait for answers/);
    assert.ok(recent.isOpen && third.isOpen && server.connectionCount === 2);
  });

  it("does not write a line for each of a thousand bad connections", async () => {
    const { stage, other } = await limited({ stallMs: 6000 });
    for (let count = 0; count < 300; count++) (await stage.dial()).socket.write(frameOf("00"));
    await stage.world.run({ forMs: 3000 });
    assert.ok(stage.warnings.length < 100, `${stage.warnings.length} lines`);
    assert.match(stage.warnings.at(-1) ?? "", /closed \d+ more connections for such reasons/);
    await goesOn(stage, other);
  });
});
