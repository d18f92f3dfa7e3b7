import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld, type StormLabError } from "../../../src/base/index.ts";
import { type ComponentFailure, planTopology } from "../../../src/executor/index.ts";
import { TopologyBuilder, type Tuple } from "../../../src/topology/index.ts";
import type { Endpoint, Transport, TransportHandlers } from "../../../src/transport/index.ts";
import { Worker } from "../../../src/worker/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";

type Sent = Parameters<Endpoint["send"]>;

/** An endpoint whose other side is the test. */
class FakeEndpoint implements Endpoint {
  readonly address = "fake://0";
  readonly sent: Sent[] = [];
  readonly connections: [peer: number, address: string][] = [];
  readonly pressures: (readonly number[])[] = [];
  flushes = 0;
  closedWithMs: number | null = null;

  connect(peer: number, address: string): void {
    this.connections.push([peer, address]);
  }
  disconnect(): void {}
  send(...tuple: Sent): void {
    this.sent.push(tuple);
  }
  flush(): void {
    this.flushes++;
  }
  congested(): boolean {
    return false;
  }
  sendPressure(tasks: readonly number[]): void {
    this.pressures.push(tasks);
  }
  stats() {
    const none = { framesSent: 0, framesReceived: 0, bytesSent: 0, bytesReceived: 0, framesLost: 0, framesRefused: 0 };
    return { ...none, tuplesSent: this.sent.length, tuplesReceived: 0, bytesWaiting: 0 };
  }
  close(lingerMs: number): Promise<void> {
    this.closedWithMs = lingerMs;
    return Promise.resolve();
  }
}

/** Worker 0 of two: bolt "b" (task 1, 2 here) between spout "s" (task 4 here) and bolt "c" (task 3, in worker 1); no ackers. */
class Bench {
  readonly world = new SimulatedWorld({ seed: 1, logLevel: "error" });
  readonly endpoint = new FakeEndpoint();
  readonly executed: Tuple[] = [];
  readonly problems: StormLabError[] = [];
  readonly failures: ComponentFailure[] = [];
  readonly worker: Worker;
  handlers!: TransportHandlers;
  spoutEmits = 0;
  emitting = false;
  readonly release: (() => void)[] = [];

  constructor(options: { readonly prepare?: () => Promise<void>; readonly slow?: boolean } = {}) {
    const builder = new TopologyBuilder();
    const source = spout({
      declares: ["v"],
      nextTuple: (out) => (this.emitting ? void out.emit([this.spoutEmits++]) : out.exhausted()),
    });
    builder.setSpout("s", source);
    const middle = bolt({
      declares: ["v"],
      prepare: () => options.prepare?.(),
      execute: (tuple, out) => {
        this.executed.push(tuple);
        out.emit(tuple, [tuple.getValue(0)]);
        if (options.slow !== true) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        this.release.push(resolve);
        return promise;
      },
    });
    builder.setBolt("b", middle, 2).shuffleGrouping("s");
    builder
      .setBolt("c", bolt({ execute: () => {} }))
      .shuffleGrouping("b")
      .shuffleGrouping("s");
    const topology = builder.createTopology();
    const conf = { "topology.acker.executors": 0, "topology.executor.receive.buffer.size": 4 };
    const transport: Transport = {
      open: (handlers) => {
        this.handlers = handlers;
        return Promise.resolve(this.endpoint);
      },
    };
    this.worker = new Worker({
      runtime: this.world.start({ host: "a", name: "worker" }).runtime,
      topologyId: "t-1",
      topologyName: "t",
      topology,
      plan: planTopology(topology.description, conf),
      assignment: [[1, 2, 4], [3]],
      worker: 0,
      port: 6700,
      codeDirectory: "/",
      transport,
      listener: {
        failed: (failure) => this.failures.push(failure),
        reported: (failure) => this.failures.push(failure),
        problem: (error) => this.problems.push(error),
      },
    });
  }

  async listen(): Promise<void> {
    assert.equal(await this.finish(this.worker.listen()), "fake://0");
    this.worker.connect(["fake://0", "fake://1"]);
  }

  async start(): Promise<void> {
    await this.listen();
    assert.equal(await this.finish(this.worker.open()), true);
    this.worker.start(true);
  }

  finish<T>(promise: Promise<T>): Promise<T> {
    return this.world.finish(promise, { what: "the worker's answer" });
  }

  /** As if worker 1 had sent it to task 1 on stream 1, which is that of "s". */
  receive(
    value: unknown,
    ids: readonly [number, number, number, number] = [0, 0, 0, 0],
    more: number[] | null = null,
  ): void {
    const [rootHi, rootLo, edgeHi, edgeLo] = ids;
    this.handlers.tuple(1, 4, 1, rootHi, rootLo, edgeHi, edgeLo, more as Parameters<TransportHandlers["tuple"]>[7], [
      value,
    ]);
  }
}

describe("a worker", () => {
  it("connects to every worker but itself, and again when told that one has moved", async () => {
    const bench = new Bench();
    await bench.listen();
    bench.worker.connect(["fake://0", "fake://elsewhere"]);
    assert.deepEqual(bench.endpoint.connections, [
      [1, "fake://1"],
      [1, "fake://elsewhere"],
    ]);
  });

  it("executes what comes from other workers, its tree and all, and sends on what is anchored to it", async () => {
    const bench = new Bench();
    await bench.start();
    bench.receive("one", [1, 2, 3, 4]);
    bench.receive("two", [1, 2, 5, 6], [7, 8, 9, 10]);
    await bench.world.until(() => bench.executed.length === 2, { what: "both tuples" });
    const wide = (hi: number, lo: number) => ((BigInt(hi) << 32n) | BigInt(lo)).toString();
    assert.deepEqual([...(bench.executed[0]?.getMessageId() ?? [])], [[wide(1, 2), wide(3, 4)]]);
    assert.deepEqual(
      [...(bench.executed[1]?.getMessageId() ?? [])],
      [
        [wide(1, 2), wide(5, 6)],
        [wide(7, 8), wide(9, 10)],
      ],
    );
    assert.deepEqual(
      bench.endpoint.sent.map(([peer, target, source, , rootHi, rootLo]) => [peer, target, source, rootHi, rootLo]),
      [
        [1, 3, 1, 1, 2],
        [1, 3, 1, 1, 2],
      ],
    );
    const [, two] = bench.endpoint.sent as [Sent, Sent];
    assert.deepEqual(two[8]?.slice(0, 2), [7, 8]);
    assert.deepEqual(two[8]?.slice(2), [two[6], two[7]], "one edge for the tuple, in every tree");
    assert.ok(bench.endpoint.flushes > 0);
  });

  it("keeps what comes before it is open until it is open", async () => {
    const ready = Promise.withResolvers<void>();
    const bench = new Bench({ prepare: () => ready.promise });
    await bench.listen();
    const opening = bench.worker.open();
    bench.receive("early");
    await bench.world.run({ forMs: 100 });
    assert.equal(bench.executed.length, 0);
    ready.resolve();
    await bench.finish(opening);
    await bench.world.run({ forMs: 100 });
    assert.equal(bench.executed.length, 0, "open, and not started");
    bench.worker.start(true);
    await bench.world.until(() => bench.executed.length === 1, { what: "the early tuple" });
  });

  for (const [what, press] of [
    ["says that its task is under pressure", (bench: Bench, on: boolean) => bench.handlers.pressure(1, on ? [3] : [])],
    ["cannot be sent more", (bench: Bench, on: boolean) => bench.handlers.congestion(1, on)],
  ] as const) {
    it(`holds its spout and bolts while another worker ${what}`, async () => {
      const bench = new Bench();
      await bench.start();
      bench.emitting = true;
      bench.worker.activate();
      await bench.world.until(() => bench.spoutEmits > 100, { what: "tuples" });
      press(bench, true);
      press(bench, true);
      const { spoutEmits } = bench;
      bench.receive("waits");
      await bench.world.run({ forMs: 1000 });
      assert.equal(bench.spoutEmits, spoutEmits);
      assert.ok(!bench.executed.some((tuple) => tuple.getValue(0) === "waits"));
      press(bench, false);
      await bench.world.until(() => bench.spoutEmits > spoutEmits, { what: "tuples again" });
      await bench.world.until(() => bench.executed.some((tuple) => tuple.getValue(0) === "waits"), {
        what: "it goes on",
      });
    });
  }

  it("goes on only when neither pressure nor congestion holds it", async () => {
    const bench = new Bench();
    await bench.start();
    bench.handlers.pressure(1, [3]);
    bench.handlers.congestion(1, true);
    bench.receive("waits");
    bench.handlers.pressure(1, []);
    await bench.world.run({ forMs: 100 });
    assert.equal(bench.executed.length, 0);
    bench.handlers.congestion(1, false);
    await bench.world.until(() => bench.executed.length === 1, { what: "it goes on" });
  });

  it("tells the others when a queue of its own is full, and when it has drained", async () => {
    const bench = new Bench({ slow: true });
    await bench.start();
    for (let value = 0; value < 6; value++) bench.receive(value);
    await bench.world.run({ forMs: 10 });
    assert.deepEqual(bench.endpoint.pressures, [[1]]);
    for (let value = 0; value < 6; value++) {
      bench.release.shift()?.();
      await bench.world.run({ forMs: 10 });
    }
    assert.deepEqual(bench.endpoint.pressures, [[1], []]);
    assert.deepEqual(
      bench.executed.map((tuple) => tuple.getValue(0)),
      [0, 1, 2, 3, 4, 5],
    );
  });

  it("tells of frames that were lost, and goes on", async () => {
    const bench = new Bench();
    await bench.start();
    bench.handlers.lost(1, 3);
    assert.deepEqual(
      bench.problems.map(({ code, message }) => [code, message]),
      [["SL-FRAMES-LOST", "3 frame(s) from worker 1 were lost"]],
    );
    bench.receive("on");
    await bench.world.until(() => bench.executed.length === 1, { what: "it goes on" });
  });

  it("is quiet only when nothing is queued or under way", async () => {
    const bench = new Bench({ slow: true });
    await bench.start();
    await bench.world.until(() => bench.worker.progress.quiet, { what: "quiet" });
    bench.receive("one");
    assert.equal(bench.worker.progress.quiet, false, "queued");
    await bench.world.until(() => bench.executed.length === 1, { what: "it is executed" });
    assert.equal(bench.worker.progress.quiet, false, "under way");
    bench.release[0]?.();
    await bench.world.until(() => bench.worker.progress.quiet, { what: "quiet again" });
    assert.equal(bench.worker.progress.sent, 1);
  });

  it("says false when its components cannot be opened, and whose fault it is", async () => {
    const bench = new Bench({ prepare: () => Promise.reject(new Error("no")) });
    await bench.listen();
    assert.equal(await bench.finish(bench.worker.open()), false);
    assert.deepEqual(
      bench.failures.map(({ componentId, taskId }) => [componentId, taskId]),
      [["b", 1]],
    );
  });

  it("closes its components, then its endpoint", async () => {
    const bench = new Bench();
    await bench.start();
    await bench.finish(bench.worker.stop(250));
    assert.equal(bench.endpoint.closedWithMs, 250);
    bench.receive("late");
    await bench.world.run({ forMs: 1000 });
    assert.equal(bench.executed.length, 0);
  });
});
