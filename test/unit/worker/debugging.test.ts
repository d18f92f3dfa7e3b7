/** Debug sampling over two workers: what the event logger writes, and the trees of tuples that are followed. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { planTopology, type TupleStep } from "../../../src/executor/index.ts";
import { parseTupleStep } from "../../../src/state/index.ts";
import { type StormTopology, TopologyBuilder } from "../../../src/topology/index.ts";
import { InprocessHub } from "../../../src/transport/index.ts";
import { Worker } from "../../../src/worker/index.ts";
import { bolt, spout } from "../../kit/scripted-components.ts";

const startMs = Date.UTC(2026, 0, 31, 12);
const spoutPauseMs = 100;

/** A sentence every 100 ms, two words each; every fourth has a word that the counter fails. */
function sentencesAndWords({ clock }: Runtime, settled: string[]): StormTopology {
  const builder = new TopologyBuilder();
  let next = 0;
  let dueMs = 0;
  const source = spout({
    declares: ["sentence"],
    nextTuple: (out) => {
      if (clock.monotonicMs() < dueMs) return;
      dueMs = clock.monotonicMs() + spoutPauseMs;
      out.emit([next % 4 === 3 ? "bad\nend" : "the cow"], `m${next++}`);
    },
    ack: (id) => settled.push(`ack ${id}`),
    fail: (id) => settled.push(`fail ${id}`),
  });
  const split = bolt({
    declares: ["word"],
    execute: (tuple, out) => {
      for (const word of tuple.getString(0).split(/\s/)) out.emit(tuple, [word]);
      out.ack(tuple);
    },
  });
  const count = bolt({
    execute: (tuple, out) => (tuple.getString(0) === "bad" ? out.fail(tuple) : out.ack(tuple)),
  });
  builder.setSpout("sentences", source);
  builder.setBolt("split", split).shuffleGrouping("sentences");
  builder.setBolt("count", count).fieldsGrouping("split", ["word"]);
  return builder.createTopology();
}

/** Spout and counter in worker 0; splitter, acker and event logger in worker 1. Resolves after 20 sentences. */
async function run(conf: Record<string, unknown>, percentOf: (componentId: string) => number) {
  const world = new SimulatedWorld({ seed: 5, logLevel: "error", startMs });
  const { runtime } = world.start({ host: "a", name: "workers" });
  const settled: string[] = [];
  const topology = sentencesAndWords(runtime, settled);
  const plan = planTopology(topology.description, conf);
  const tasksOf = (...ids: string[]) => ids.flatMap((id) => plan.components.get(id)?.tasks ?? []);
  const assignment = new Map([
    [0, tasksOf("sentences", "count")],
    [1, tasksOf("__acker", "__eventlogger", "split")],
  ]);
  const hub = new InprocessHub(runtime);
  const events: string[] = [];
  const steps: { worker: number; step: TupleStep }[] = [];
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
        transport: hub.transport({ worker }),
        listener: {
          failed: ({ thrown }) => assert.fail(String(thrown)),
          reported: ({ thrown }) => assert.fail(String(thrown)),
          problem: (error) => assert.fail(error),
        },
        sightings: { event: (line) => events.push(line), step: (step) => steps.push({ worker, step }) },
      }),
  );
  const addresses = await world.finish(Promise.all(workers.map((worker) => worker.listen())), { what: "both listen" });
  for (const worker of workers) worker.connect(new Map(addresses.entries()));
  for (const worker of workers) await world.finish(worker.open(), { what: "it is open" });
  for (const worker of workers) worker.debug(percentOf);
  for (const worker of workers) worker.start(true);
  const settle = (more: number) => {
    const wanted = settled.length + more;
    return world.until(() => settled.length >= wanted, { what: `${wanted} sentences are acked or failed` });
  };
  await settle(20);
  return { events, steps, settled, workers, settle, tasksOf };
}

const logged = { "topology.acker.executors": 1, "topology.eventlogger.executors": 1 };

describe("the event logger (Storm, EventLoggerBolt)", () => {
  it("writes time, component, task, message id and values of every emit at 100 percent", async () => {
    const { events, tasksOf } = await run(logged, () => 100);
    const [task] = tasksOf("sentences");
    const [splitter] = tasksOf("split");
    assert.deepEqual(events.slice(0, 3), [
      `Sat Jan 31 12:00:00 UTC 2026,sentences,${task},m0,[the cow]`,
      `Sat Jan 31 12:00:00 UTC 2026,split,${splitter},,[the]`,
      `Sat Jan 31 12:00:00 UTC 2026,split,${splitter},,[cow]`,
    ]);
    assert.ok(events.includes(`Sat Jan 31 12:00:00 UTC 2026,sentences,${task},m3,[bad\\nend]`), events.join("\n"));
  });

  it("writes about the share that was asked for, and of the components that were asked for", async () => {
    const { events } = await run(logged, (id) => (id === "split" ? 40 : 0));
    assert.ok(events.every((line) => line.includes(",split,")));
    assert.ok(events.length > 8 && events.length < 26, `${events.length} of 40`);
  });

  it("writes nothing when debugging is off again, or when the topology has no event logger", async () => {
    const { events, steps, workers, settle } = await run(logged, () => 100);
    for (const worker of workers) worker.debug(() => 0);
    await settle(1);
    const before = [events.length, steps.length];
    await settle(10);
    assert.deepEqual([events.length, steps.length], before);
    const without = await run({ "topology.acker.executors": 1 }, () => 100);
    assert.deepEqual(without.events, []);
    assert.equal(without.tasksOf("__eventlogger").length, 0);
  });
});

describe("a tuple that is followed", () => {
  it("has its whole tree told by both workers, from the spout to its end", async () => {
    const { steps } = await run({ "topology.acker.executors": 1 }, (id) => (id === "sentences" ? 100 : 0));
    const root = steps[0]?.step.root as string;
    const tree = steps.filter(({ step }) => step.root === root);
    const shown = tree.map(({ worker, step }) => {
      if (step.step === "emitted") return `${worker} ${step.component} → ${step.toComponent} ${step.values}`;
      return "messageId" in step ? `${worker} ${step.step} ${step.messageId}` : `${worker} ${step.step}`;
    });
    assert.deepEqual(shown, [
      "0 rooted m0",
      "0 sentences → split [the cow]",
      "1 executed",
      "1 split → count [the]",
      "1 split → count [cow]",
      "1 acked",
      "0 executed",
      "0 acked",
      "0 executed",
      "0 acked",
      "0 completed m0",
    ]);
    const emitted = tree.flatMap(({ step }) => (step.step === "emitted" ? [step] : []));
    assert.deepEqual(
      emitted.map(({ anchors }) => anchors),
      [[], [emitted[0]?.id], [emitted[0]?.id]],
    );
    const times = tree.map(({ step }) => step.timeMs);
    assert.deepEqual(times, [...times].sort());
    for (const { step } of steps) assert.deepEqual(parseTupleStep(JSON.stringify(step)), step);
  });

  it("that fails is told to be failed and given up", async () => {
    const { steps } = await run({ "topology.acker.executors": 1 }, () => 100);
    const failed = steps.find(({ step }) => step.step === "failed")?.step.root;
    assert.ok(failed !== undefined, "a sentence with a bad word was followed");
    assert.ok(steps.some(({ step }) => step.step === "given-up" && step.root === failed));
  });

  it("is at most every fifth of ten a second: the others leave no trace", async () => {
    const { steps, settled } = await run({ "topology.acker.executors": 1 }, () => 100);
    const roots = new Set(steps.map(({ step }) => step.root));
    assert.ok(settled.length >= 20 && roots.size <= 1 + settled.length / 5, `${roots.size} of ${settled.length}`);
    assert.ok(roots.size >= 3);
  });
});

describe("the lines of followed tuples", () => {
  it("are read only when they are whole and of a known kind", () => {
    const step = { step: "acked", root: "00", id: "01", timeMs: 1.5 };
    assert.deepEqual(parseTupleStep(JSON.stringify(step)), step);
    for (const line of [
      "",
      "{",
      "null",
      "[]",
      '{"step":"acked"}',
      '{"step":"toString","root":"0"}',
      '{"step":"acked","root":"00","id":7,"timeMs":1}',
      '{"step":"acked","root":"00","id":"01","timeMs":"1"}',
    ])
      assert.equal(parseTupleStep(line), null, line);
  });
});
