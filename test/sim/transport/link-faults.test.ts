/** Frames over simulated links under faults: killed and restarted peers, partitions, stopped readers, lost statuses. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type ProfileOptions, SimulatedWorld } from "../../../src/base/index.ts";
import { type Endpoint, frameTransport, type Marks, type TransportHandlers } from "../../../src/transport/index.ts";
import { seeds } from "../../kit/index.ts";

const smoke = { smoke: 20 };
const marks: Marks = { highMarkBytes: 128 * 1024, lowMarkBytes: 32 * 1024 };
/** A burst of 20 tuples of some 50 bytes: what one execute may still emit when congestion is told. */
const overshootBytes = 2_000;

class Worker implements TransportHandlers {
  readonly world: SimulatedWorld;
  readonly number: number;
  readonly address: string;
  readonly pid: number;
  readonly endpoint: Promise<Endpoint>;
  open: Endpoint | null = null;
  /** First values of the tuples, by source task. */
  readonly got = new Map<number, number[]>();
  readonly pressures: (readonly number[])[] = [];
  lostFrames = 0;

  constructor(world: SimulatedWorld, number: number) {
    this.world = world;
    this.number = number;
    this.address = `tcp://${world.host(`node${number}`).address}:6700`;
    const { runtime, pid } = world.start({ host: `node${number}`, name: `worker-${number}` });
    this.pid = pid;
    const options = { worker: number, topologyId: "word-count-1", listen: this.address, marks };
    this.endpoint = frameTransport(runtime, options).open(this);
    void this.endpoint.then((endpoint) => {
      this.open = endpoint;
    });
  }

  async meet(...peers: Worker[]): Promise<void> {
    const endpoint = await this.world.finish(this.endpoint, { what: `worker ${this.number} opens` });
    for (const peer of peers) endpoint.connect(peer.number, peer.address);
  }

  tuple(_target: number, source: number, ...rest: unknown[]): void {
    const [value] = rest.at(-1) as [number];
    const list = this.got.get(source);
    if (list === undefined) this.got.set(source, [value]);
    else list.push(value);
  }

  pressure(_peer: number, tasks: readonly number[]): void {
    this.pressures.push(tasks);
  }

  congestion(): void {}

  appeared(): void {}

  lost(_peer: number, frames: number): void {
    this.lostFrames += frames;
  }

  problem(error: Error): void {
    throw error;
  }
}

/** Emits ascending numbers to a peer, 20 a millisecond, while it is not congested. */
class Flood {
  sent = 0;
  maxWaitingBytes = 0;
  #stopped = false;

  constructor(from: Worker, peer: number) {
    const { world } = from;
    const step = () => {
      const endpoint = from.open;
      if (this.#stopped || endpoint === null) return;
      if (!endpoint.congested(peer)) {
        for (let i = 0; i < 20; i++) {
          endpoint.send(peer, 1, from.number, 0, 1, 2, 3, 4, null, [this.sent++, "some words to carry"]);
        }
      }
      endpoint.flush();
      this.maxWaitingBytes = Math.max(this.maxWaitingBytes, endpoint.stats().bytesWaiting);
      world.at(world.nowMs + 1, step);
    };
    world.at(world.nowMs + 1, step);
  }

  stop(): void {
    this.#stopped = true;
  }
}

function assertAscending(values: readonly number[], what: string): void {
  for (let i = 1; i < values.length; i++) {
    assert.ok(values[i]! > values[i - 1]!, `${what}: ${values[i]} after ${values[i - 1]}`);
  }
}

async function pair(seed: number, profile: ProfileOptions = {}): Promise<[SimulatedWorld, Worker, Worker]> {
  const world = new SimulatedWorld({ seed, profile });
  const one = new Worker(world, 1);
  const two = new Worker(world, 2);
  await one.meet(two);
  await two.meet(one);
  return [world, one, two];
}

function eachSeed(title: string, act: (seed: number) => Promise<void>): void {
  test(title, async (t) => {
    for (const seed of seeds(smoke)) {
      await act(seed).catch((error: unknown) => {
        t.diagnostic(`seed ${seed}`);
        throw error;
      });
    }
  });
}

describe("transport under faults", () => {
  eachSeed("a receiver killed and restarted again and again receives in order, and nothing twice", async (seed) => {
    const [world, one, first] = await pair(seed);
    const flood = new Flood(one, 2);
    const lives = [first];
    for (let life = 0; life < 4; life++) {
      const now = lives.at(-1)!;
      await world.until(() => (now.got.get(1)?.length ?? 0) > 500, { what: `life ${life} receives` });
      world.killAtOperation(now.pid, 1 + (seed % 50));
      await world.until(() => !world.processes.some(({ pid }) => pid === now.pid), { what: "it dies" });
      await world.run({ forMs: 40 * life });
      const next = new Worker(world, 2);
      await next.meet(one);
      lives.push(next);
    }
    flood.stop();
    const last = lives.at(-1)!;
    await world.until(() => last.got.get(1)?.at(-1) === flood.sent - 1, { what: "the last tuple" });
    const all = lives.flatMap(({ got }) => got.get(1) ?? []);
    assertAscending(all, "over all lives");
    assert.ok(flood.maxWaitingBytes <= marks.highMarkBytes + overshootBytes, `${flood.maxWaitingBytes} bytes waited`);
    for (const life of lives) assert.equal(life.lostFrames, 0, "what a dead process missed is not the next one's loss");
  });

  eachSeed("a sender that is restarted begins anew, and its former frames do not mix with the new", async (seed) => {
    const [world, one, two] = await pair(seed);
    const flood = new Flood(one, 2);
    await world.until(() => (two.got.get(1)?.length ?? 0) > 500, { what: "tuples" });
    world.kill(one.pid);
    flood.stop();
    const before = two.got.get(1)!.length;
    const again = new Worker(world, 1);
    await again.meet(two);
    const second = new Flood(again, 2);
    await world.until(() => two.got.get(1)!.filter((value) => value === 100).length === 2, { what: "100 again" });
    second.stop();
    await world.until(() => two.got.get(1)!.at(-1) === second.sent - 1, { what: "the last tuple" });
    const values = two.got.get(1)!;
    const start = values.indexOf(0, before);
    assert.ok(start >= before, "the new life begins at 0");
    assertAscending(values.slice(0, start), "the former life");
    assert.deepEqual(
      values.slice(start),
      Array.from({ length: second.sent }, (_, index) => index),
    );
    assert.equal(two.lostFrames, 0);
  });

  eachSeed("a partition that heals loses nothing", async (seed) => {
    const [world, one, two] = await pair(seed, { network: { lostByPartition: 0, loss: 0.01 } });
    const flood = new Flood(one, 2);
    await world.until(() => (two.got.get(1)?.length ?? 0) > 500, { what: "tuples" });
    world.partition(["node1"], ["node2"], { oneWay: seed % 3 === 0 });
    await world.run({ forMs: 5_000 });
    world.heal();
    await world.run({ forMs: 1_000 });
    flood.stop();
    await world.until(() => two.got.get(1)?.length === flood.sent, { what: "all tuples" });
    assert.deepEqual(
      two.got.get(1),
      Array.from({ length: flood.sent }, (_, index) => index),
    );
    assert.equal(two.lostFrames, 0);
    assert.ok(flood.maxWaitingBytes <= marks.highMarkBytes + overshootBytes, `${flood.maxWaitingBytes} bytes waited`);
  });

  eachSeed("a connection that a partition has broken loses frames, and exactly those are counted", async (seed) => {
    const [world, one, two] = await pair(seed, { network: { lostByPartition: 1 } });
    const flood = new Flood(one, 2);
    await world.until(() => (two.got.get(1)?.length ?? 0) > 500, { what: "tuples" });
    world.partition(["node1"], ["node2"]);
    await world.run({ forMs: 5_000 });
    world.heal();
    const healed = flood.sent;
    await world.until(() => (two.got.get(1)?.at(-1) ?? 0) > healed, { what: "new tuples after the healing" });
    flood.stop();
    await world.until(() => two.got.get(1)?.at(-1) === flood.sent - 1, { what: "the last tuple" });
    assertAscending(two.got.get(1)!, "across the break");
    // The link keeps no statuses back, so every frame that was sent is one that was received, lost, or a lost greeting.
    const sent = one.open!.stats();
    const received = two.open!.stats();
    assert.equal(two.lostFrames, received.framesLost);
    const missing = sent.framesSent - received.framesReceived - received.framesLost;
    assert.equal(missing, 0, "every frame is accounted for");
    assert.equal(two.got.get(1)!.length === flood.sent, received.framesLost === 0, "lost exactly when counted");
  });

  eachSeed("a reader that stands still for a minute costs its sender no more than the marks", async (seed) => {
    const [world, one, two] = await pair(seed);
    const flood = new Flood(one, 2);
    await world.until(() => (two.got.get(1)?.length ?? 0) > 500, { what: "tuples" });
    world.pause(two.pid);
    await world.run({ forMs: 60_000 });
    const sentWhenStill = flood.sent;
    await world.run({ forMs: 10_000 });
    assert.equal(flood.sent, sentWhenStill, "the producer waits");
    assert.ok(flood.maxWaitingBytes <= marks.highMarkBytes + overshootBytes, `${flood.maxWaitingBytes} bytes waited`);
    world.resume(two.pid);
    await world.until(() => flood.sent > sentWhenStill, { what: "the producer goes on" });
    flood.stop();
    await world.until(() => two.got.get(1)?.length === flood.sent, { what: "all tuples" });
    assertAscending(two.got.get(1)!, "through the stop");
    assert.equal(two.lostFrames, 0);
  });

  eachSeed("a status that was lost heals, whichever way it pointed", async (seed) => {
    const [world, one, two] = await pair(seed, { network: { lostByPartition: 1 } });
    const two_ = await two.endpoint;
    await world.run({ forMs: 10 + seed });
    for (const tasks of [[7], [7, 8], []]) {
      world.partition(["node1"], ["node2"]);
      two_.sendPressure(tasks);
      await world.run({ forMs: 300 });
      world.heal();
      await world.until(() => (one.pressures.at(-1) ?? []).join() === tasks.join(), { what: `pressure [${tasks}]` });
    }
    assert.deepEqual(one.pressures, [[7], [7, 8], []]);
  });

  eachSeed("pressure holds while the peer is too busy to repeat it", async (seed) => {
    const [world, one, two] = await pair(seed);
    const endpoint = await two.endpoint;
    endpoint.sendPressure([7]);
    await world.until(() => one.pressures.length === 1, { what: "the pressure" });
    world.pause(two.pid);
    await world.run({ forMs: 30_000 });
    assert.deepEqual(one.pressures, [[7]], "a silent peer is not believed to be at ease");
    world.resume(two.pid);
    endpoint.sendPressure([]);
    await world.until(() => one.pressures.length === 2, { what: "the end of it" });
    assert.deepEqual(one.pressures, [[7], []]);
  });

  eachSeed("the same seed gives the same world", async (seed) => {
    const hashes: string[] = [];
    for (let run = 0; run < 2; run++) {
      const [world, one, two] = await pair(seed, { network: { loss: 0.02 } });
      const flood = new Flood(one, 2);
      await world.until(() => (two.got.get(1)?.length ?? 0) > 300, { what: "tuples" });
      flood.stop();
      hashes.push(world.trace.hash);
    }
    assert.equal(hashes[0], hashes[1]);
  });
});
