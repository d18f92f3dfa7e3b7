/** A worker alone: the other side of its endpoint is the test. */
import assert from "node:assert/strict";
import { SimulatedWorld, type StormLabError } from "../../../src/base/index.ts";
import { type ComponentFailure, planTopology } from "../../../src/executor/index.ts";
import { TopologyBuilder, type Tuple } from "../../../src/topology/index.ts";
import type { Endpoint, Transport, TransportHandlers } from "../../../src/transport/index.ts";
import { Worker } from "../../../src/worker/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";

export type Sent = Parameters<Endpoint["send"]>;

/** An endpoint whose other side is the test. */
class FakeEndpoint implements Endpoint {
  readonly address = "fake://0";
  readonly sent: Sent[] = [];
  readonly connections: [peer: number, address: string][] = [];
  readonly pressures: (readonly number[])[] = [];
  readonly greeted: number[] = [];
  readonly disconnected: number[] = [];
  flushes = 0;
  closedWithMs: number | null = null;

  connect(peer: number, address: string): void {
    this.connections.push([peer, address]);
  }
  greet(peer: number): void {
    this.greeted.push(peer);
  }
  disconnect(peer: number): void {
    this.disconnected.push(peer);
  }
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

/** Of workers 0, 1, … */
export function addresses(...all: string[]): Map<number, string> {
  return new Map(all.entries());
}

/** Worker 0 of two: bolt "b" (task 1, 2 here) between spout "s" (task 4 here) and bolt "c" (task 3, in worker 1); no ackers. */
export class Bench {
  readonly world = new SimulatedWorld({ seed: 1, logLevel: "error" });
  readonly endpoint = new FakeEndpoint();
  readonly executed: Tuple[] = [];
  readonly problems: StormLabError[] = [];
  readonly failures: ComponentFailure[] = [];
  readonly appeared: number[] = [];
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
      assignment: new Map([
        [0, [1, 2, 4]],
        [1, [3]],
      ]),
      worker: 0,
      port: 6700,
      codeDirectory: "/",
      transport,
      listener: {
        failed: (failure) => this.failures.push(failure),
        reported: (failure) => this.failures.push(failure),
        problem: (error) => this.problems.push(error),
        appeared: (peer) => this.appeared.push(peer),
      },
    });
  }

  async listen(): Promise<void> {
    assert.equal(await this.finish(this.worker.listen()), "fake://0");
    this.worker.connect(addresses("fake://0", "fake://1"));
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
