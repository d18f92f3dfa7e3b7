import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { planTopology } from "../../../src/executor/index.ts";
import { TopologyBuilder } from "../../../src/topology/index.ts";
import { type Endpoint, InprocessHub, type Transport } from "../../../src/transport/index.ts";
import { Worker } from "../../../src/worker/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";

interface Row {
  readonly from: number;
  readonly stream: string;
  readonly values: readonly unknown[];
}

const sentences = 40;

/** A spout in worker 0, a bolt in each of two workers, an acker in each worker that `ackersOf` names; every 4th tuple is failed. */
async function run(ackersOf: readonly number[]) {
  const world = new SimulatedWorld({ seed: 3, logLevel: "error" });
  const acked: unknown[] = [];
  const failed: unknown[] = [];
  const rows: Row[] = [];
  const { runtime } = world.start({ host: "a", name: "workers" });
  const builder = new TopologyBuilder();
  let next = 0;
  const source = spout({
    declares: ["v"],
    nextTuple: (out) => (next < sentences ? void out.emit([next], next++) : out.exhausted()),
    ack: (id) => acked.push(id),
    fail: (id) => failed.push(id),
  });
  const settle = bolt({
    execute: (tuple, out) => {
      // Longer than a turn: nothing is complete before its acker has heard of it.
      const { promise, resolve } = Promise.withResolvers<void>();
      runtime.timers.after(5, resolve);
      return promise.then(() => ((tuple.getValue(0) as number) % 4 === 3 ? out.fail(tuple) : out.ack(tuple)));
    },
  });
  builder.setSpout("s", source);
  builder.setBolt("b", settle, 2).allGrouping("s");
  const topology = builder.createTopology();
  const plan = planTopology(topology.description, { "topology.acker.executors": ackersOf.length });
  const tasksOf = (id: string) => plan.components.get(id)?.tasks ?? [];
  const [first, second] = tasksOf("b") as [number, number];
  const ackersIn = (worker: number) => tasksOf("__acker").filter((_, index) => ackersOf[index] === worker);
  const assignment = new Map([
    [0, [...ackersIn(0), first, ...tasksOf("s")]],
    [1, [...ackersIn(1), second]],
  ]);
  const hub = new InprocessHub(runtime);
  const workers = [0, 1].map(
    (worker) =>
      new Worker({
        runtime,
        topologyId: "t-1",
        topologyName: "t",
        topology,
        plan,
        assignment,
        worker,
        port: 0,
        codeDirectory: "/",
        transport: spied(hub.transport({ worker }), (stream, values) => {
          rows.push({ from: worker, stream: plan.streams[stream]?.streamId ?? "?", values });
        }),
        listener: {
          failed: ({ thrown }) => assert.fail(String(thrown)),
          reported: ({ thrown }) => assert.fail(String(thrown)),
          problem: (error) => assert.fail(error),
        },
      }),
  );
  const listening = Promise.all(workers.map((worker) => worker.listen()));
  const addresses = await world.finish(listening, { what: "both listen" });
  for (const worker of workers) worker.connect(new Map(addresses.entries()));
  for (const worker of workers) await world.finish(worker.open(), { what: "it is open" });
  for (const worker of workers) worker.start(true);
  await world.until(() => acked.length + failed.length === sentences, { what: "all are acked or failed" });
  const crossed = new Set(rows.map(({ from, stream }) => `${from} ${stream}`));
  return { acked: acked.length, failed: failed.length, rows, crossed: [...crossed].sort() };
}

function spied(transport: Transport, sent: (stream: number, values: readonly unknown[]) => void): Transport {
  return {
    open: async (handlers) => {
      const endpoint = await transport.open(handlers);
      const send: Endpoint["send"] = (...tuple) => {
        sent(tuple[3], tuple[9]);
        endpoint.send(...tuple);
      };
      return new Proxy(endpoint, {
        get: (target, key) => {
          if (key === "send") return send;
          const value: unknown = Reflect.get(target, key);
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

describe("acks between workers", () => {
  it("go to the spout's own worker when it has an acker: inits and completions stay at home", async () => {
    const { acked, failed, crossed } = await run([0, 1]);
    assert.deepEqual([acked, failed], [30, 10]);
    assert.deepEqual(crossed, ["0 default", "1 __ack_ack", "1 __ack_fail"]);
  });

  it("go to another worker when all ackers are there, and come back", async () => {
    const { acked, failed, crossed } = await run([1, 1]);
    assert.deepEqual([acked, failed], [30, 10]);
    assert.deepEqual(crossed, [
      "0 __ack_ack",
      "0 __ack_fail",
      "0 __ack_init",
      "0 default",
      "1 __ack_ack",
      "1 __ack_fail",
    ]);
  });

  it("carry no values: what they say stands where other tuples have their ids", async () => {
    const { rows } = await run([1]);
    for (const { stream, values } of rows) assert.equal(values.length, stream === "default" ? 1 : 0, stream);
  });
});
