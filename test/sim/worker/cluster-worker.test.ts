/** The life of a cluster's worker: joining, being moved, being told to stop, failing. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type SimulatedProcess, StormLabError } from "../../../src/base/index.ts";
import { serveThrift } from "../../../src/rpc/index.ts";
import { TopologyBuilder } from "../../../src/topology/index.ts";
import { Supervisor, type SupervisorWorkerHeartbeat } from "../../../src/wire/thrift/index.ts";
import type { ResultsFileContent } from "../../../src/worker/cluster/results-file.ts";
import { ListRecord, listSpout } from "../../kit/list-spout.ts";
import { bolt } from "../../kit/scripted-components.ts";
import { topologyId, WorkerStage } from "./worker-stage.ts";

/** How long a count takes: the work of a test lasts a second and a half. */
const countMs = 10;

/** Tasks: __acker 1, count 2 and 3, say 4. */
class Counting {
  readonly record = new ListRecord();
  readonly counted: string[] = [];
  readonly closed: string[] = [];
  /** Thrown by the bolt. */
  poison: unknown = null;
  readonly stage: WorkerStage;

  constructor(items = 300, conf = {}) {
    const sentences = Array.from({ length: items }, (_, index) => [`sentence ${index}`]);
    const life = { "topology.message.timeout.secs": 3, "topology.max.spout.pending": 20 };
    this.stage = new WorkerStage({ conf: { ...life, ...conf } }, (process) => this.#topology(process, sentences));
  }

  get allAcked(): boolean {
    return new Set(this.record.acks).size === 300;
  }

  #topology(process: SimulatedProcess, sentences: readonly (readonly string[])[]) {
    const builder = new TopologyBuilder();
    builder.setSpout("say", listSpout(sentences, this.record));
    builder
      .setBolt(
        "count",
        bolt({
          execute: async (tuple, out) => {
            if (this.poison !== null) throw this.poison;
            await new Promise<void>((resolve) => process.runtime.timers.after(countMs, resolve));
            if (process.alive) this.counted.push(`${process.host.name} ${tuple.getValue(0)}`);
            out.ack(tuple);
          },
          prepare: (_collector, context) => context.publish("counted", () => this.counted.length),
          cleanup: () => void this.closed.push(process.host.name),
        }),
        2,
      )
      .shuffleGrouping("say");
    return builder.createTopology();
  }
}

const here = [
  [1, 1, "s1", 6700],
  [4, 4, "s1", 6700],
] as const;
const together = [...here, [2, 3, "s1", 6700] as const];
const apart = [...here, [2, 2, "s2", 6700], [3, 3, "s2", 6701]] as const;

describe("a worker of a cluster", () => {
  it("waits for the other workers, then runs its share of the topology to the last ack", async () => {
    const { stage, record, counted } = new Counting();
    await stage.begin(apart);
    await stage.start(1, 6700);
    await stage.until(() => stage.said("Waiting for the other workers to start"), "it waits");
    await stage.start(2, 6700);
    await stage.world.run({ forMs: 3000 });
    assert.deepEqual(record.emits, [], "one is still missing");
    await stage.start(2, 6701);
    await stage.until(() => new Set(record.acks).size === 300, "every sentence is acked");
    assert.ok(counted.length >= 300 && counted.every((each) => each.startsWith("node2 ")));
    assert.deepEqual(record.fails, []);
  });

  it("starts without a worker that never comes, and says so", async () => {
    const { stage, record } = new Counting();
    await stage.begin([...here, [2, 2, "s2", 6700], [3, 3, "s3", 6700]]);
    await stage.start(1, 6700);
    await stage.start(2, 6700);
    await stage.until(() => stage.said("cannot be reached"), "it gives up waiting", 30_000);
    await stage.until(() => record.emits.length > 0, "it begins");
  });

  it("sends to where tasks are moved, and loses no tracked tuple of a worker that died", async () => {
    const counting = new Counting();
    const { stage, counted } = counting;
    await stage.begin(apart);
    const dies = await stage.start(2, 6700);
    await stage.start(2, 6701);
    const stays = await stage.start(1, 6700);
    await stage.until(() => counted.length > 30, "it counts");
    stage.world.kill(dies.process.pid);
    await stage.nimbus.assign(topologyId, [...here, [2, 2, "s3", 6700], [3, 3, "s2", 6701]]);
    await stage.start(3, 6700);
    await stage.until(() => counting.allAcked, "every sentence is acked");
    assert.ok(counted.some((each) => each.startsWith("node3 ")));
    assert.equal(stays.outcome, null, "its own executors are the same: it goes on");
  });

  it("goes on while ZooKeeper is away", async () => {
    const counting = new Counting();
    const { stage, counted } = counting;
    await stage.begin(together);
    const worker = await stage.start(1, 6700);
    await stage.until(() => counted.length > 10, "it counts");
    stage.zk.kill("zk1");
    await stage.until(() => counting.allAcked, "every sentence is acked");
    await stage.world.run({ forMs: 20_000 });
    assert.equal(worker.outcome, null);
  });

  for (const [what, placed] of [
    ["its executors have changed", [...here, [2, 2, "s1", 6700], [3, 3, "s2", 6700]] as const],
    ["its slot has gone", [[1, 4, "s2", 6700]] as const],
  ] as const) {
    it(`ends in order when ${what}`, async () => {
      const { stage, counted, closed } = new Counting();
      await stage.begin(together);
      const worker = await stage.start(1, 6700);
      await stage.until(() => counted.length > 10, "it counts");
      await stage.nimbus.assign(topologyId, placed);
      await stage.until(() => worker.outcome !== null, "it ends", 5000);
      assert.equal(worker.outcome, "ended");
      assert.ok(stage.said("Found conflicting assignments. We shouldn't be alive!"));
      assert.deepEqual(closed, ["node1", "node1"]);
    });
  }

  it("ends when its topology is killed, even with nobody to tell it", async () => {
    const { stage, counted, record, closed } = new Counting();
    await stage.begin(together);
    const worker = await stage.start(1, 6700);
    await stage.until(() => counted.length > 10, "it counts");
    await stage.nimbus.setStatus(topologyId, "KILLED");
    await stage.world.run({ forMs: 500 });
    const emits = record.emits.length;
    await stage.world.run({ forMs: 4000 });
    assert.equal(record.emits.length, emits, "its spouts emit no more");
    assert.equal(new Set(record.acks).size, new Set(record.emits).size, "what was under way has come to its end");
    assert.equal(worker.outcome, null, "the wait of the kill is not over");
    await stage.nimbus.remove(topologyId);
    await stage.until(() => worker.outcome !== null, "it ends", 5000);
    assert.equal(worker.outcome, "ended");
    assert.deepEqual(closed, ["node1", "node1"]);
  });

  it("opens nothing of a topology that is not active, and follows its status", async () => {
    const { stage, record } = new Counting();
    await stage.begin(together, "INACTIVE");
    await stage.start(1, 6700);
    await stage.world.run({ forMs: 5000 });
    assert.deepEqual(record.emits, []);
    await stage.nimbus.setStatus(topologyId, "ACTIVE");
    await stage.until(() => record.acks.length > 10, "it runs");
    await stage.nimbus.setStatus(topologyId, "INACTIVE");
    await stage.world.run({ forMs: 500 });
    const emits = record.emits.length;
    await stage.world.run({ forMs: 1000 });
    assert.equal(record.emits.length, emits);
    await stage.nimbus.setStatus(topologyId, "ACTIVE");
    await stage.until(() => record.emits.length > emits, "it runs again");
  });

  it("ends of what a component throws, and tells ZooKeeper where", async () => {
    const counting = new Counting();
    const { stage, counted } = counting;
    await stage.begin(together);
    const worker = await stage.start(1, 6700);
    await stage.until(() => counted.length > 10, "it counts");
    counting.poison = new TypeError("no such word");
    await stage.until(() => worker.outcome !== null, "it ends", 5000);
    assert.ok(worker.outcome instanceof StormLabError && worker.outcome.code === "SL-COMPONENT-FAILED");
    const [error] = await stage.do(stage.nimbus.state.errors(topologyId, "count"));
    assert.match(error?.error ?? "", /^TypeError: no such word\n.*\(in the author's words\)$/s);
    assert.deepEqual([error?.host, error?.port], [stage.world.host("node1").address, 6700]);
  });

  it("beats in a file, to its supervisor, and while there is none to nimbus", async () => {
    const { stage } = new Counting();
    await stage.begin(together);
    const heard: SupervisorWorkerHeartbeat[] = [];
    const supervisor = stage.world.start({ host: "node1", name: "supervisor" });
    await stage.do(
      serveThrift({
        runtime: supervisor.runtime,
        port: 6628,
        service: Supervisor,
        handlers: {
          sendSupervisorWorkerHeartbeat: ({ heartbeat }) => {
            heard.push(heartbeat);
            return null;
          },
        },
      }),
    );
    const worker = await stage.start(1, 6700);
    const executors = [
      [1, 1],
      [2, 3],
      [4, 4],
    ].map(([task_start, task_end]) => ({ task_start, task_end }));
    await stage.until(() => heard.some((beat) => beat.executors.length === 3), "a heartbeat with its executors");
    assert.deepEqual(heard.at(-1)?.executors, executors);
    assert.equal(heard.at(-1)?.storm_id, topologyId);
    await stage.world.run({ forMs: 100 });
    const before = await stage.heartbeat(worker);
    assert.deepEqual(before?.executors, executors);
    assert.equal(before?.port, 6700);
    await stage.world.run({ forMs: 3000 });
    const after = await stage.heartbeat(worker);
    assert.ok((after?.time_secs ?? 0) >= (before?.time_secs ?? 0) + 2);
    assert.equal(stage.nimbus.heartbeats.length, 0);
    stage.world.kill(supervisor.pid);
    await stage.until(() => stage.nimbus.heartbeats.length > 2, "nimbus hears it");
    assert.deepEqual(stage.nimbus.heartbeats.at(-1)?.executors, executors);
  });

  it("ends when its place on disk is taken away", async () => {
    const { stage, counted } = new Counting();
    await stage.begin(together);
    const worker = await stage.start(1, 6700);
    await stage.until(() => counted.length > 10, "it counts");
    await stage.do(worker.process.runtime.fs.remove(stage.places.worker(worker.workerId)));
    await stage.until(() => worker.outcome !== null, "it ends", 5000);
    assert.ok(worker.outcome instanceof StormLabError && worker.outcome.code === "SL-WORKER-UNWANTED");
  });

  it("reports what its executors count, and takes the report away when it ends in order", async () => {
    const { stage, record } = new Counting();
    await stage.begin(together);
    const worker = await stage.start(1, 6700);
    await stage.until(() => new Set(record.acks).size === 300, "every sentence is acked");
    await stage.world.run({ forMs: 4000 });
    const beat = await stage.do(stage.nimbus.state.workerBeat(topologyId, "s1", 6700));
    const of = (first: number) => beat?.executor_stats.find(([{ task_start }]) => task_start === first)?.[1];
    assert.equal(of(4)?.emitted.get(":all-time")?.get("default"), 300);
    assert.equal(of(4)?.specific.spout?.acked.get("600")?.get("default"), 300);
    assert.deepEqual(of(2)?.specific.bolt?.executed.get("86400"), [[{ componentId: "say", streamId: "default" }, 300]]);
    assert.ok(of(1) !== undefined, "the acker is there");
    assert.ok((beat?.uptime_secs ?? 0) >= 2);
    await stage.do(worker.running.stop());
    assert.equal(worker.outcome, "ended");
    assert.equal(await stage.do(stage.nimbus.state.workerBeat(topologyId, "s1", 6700)), null);
  });

  it("asks its supervisor for its executors while ZooKeeper is away, and runs when it is back", async () => {
    const { stage, record } = new Counting();
    await stage.begin(together);
    const assignment = await stage.do(stage.nimbus.state.assignment(topologyId));
    stage.zk.kill("zk1");
    const supervisor = stage.world.start({ host: "node1", name: "supervisor" });
    const handlers = { getLocalAssignmentForStorm: () => assignment, sendSupervisorWorkerHeartbeat: () => null };
    await stage.do(serveThrift({ runtime: supervisor.runtime, port: 6628, service: Supervisor, handlers }));
    const worker = await stage.start(1, 6700);
    await stage.world.run({ forMs: 3000 });
    assert.equal((await stage.heartbeat(worker))?.executors.length, 3);
    assert.deepEqual(record.emits, [], "nobody has told whether the topology is active");
    stage.zk.start("zk1");
    await stage.until(() => record.acks.length > 10, "it runs");
    assert.equal(worker.outcome, null);
  });

  it("writes what its components publish, when it has changed and at the end", async () => {
    const { stage, record } = new Counting();
    await stage.begin(together);
    const worker = await stage.start(1, 6700);
    const { fs } = worker.process.runtime;
    const path = `${stage.places.artifacts(topologyId, 6700)}/results.json`;
    const read = async () =>
      JSON.parse(Buffer.from(await stage.do(fs.readFile(path))).toString()) as ResultsFileContent;
    await stage.until(() => record.acks.length > 10, "it counts");
    await stage.world.run({ forMs: 6000 });
    const before = await read();
    assert.deepEqual([before.v, before.quiet, before.sent, before.received], [1, true, 0, 0]);
    assert.equal(before.report.results.counted?.length, 2, "one value a task");
    const { modifiedMs } = (await stage.do(fs.stat(path))) ?? {};
    await stage.world.run({ forMs: 10_000 });
    assert.equal((await stage.do(fs.stat(path)))?.modifiedMs, modifiedMs, "nothing has changed");
    await stage.do(worker.running.stop());
    assert.deepEqual(await read(), before);
    const bolts = before.report.tasks.filter(({ componentId }) => componentId === "count");
    assert.equal(
      bolts.reduce((sum, { executed }) => sum + executed, 0),
      record.emits.length,
    );
  });

  it("does not wait for an author's cleanup that does not come back", async () => {
    const { stage, counted } = new Counting();
    await stage.begin(together);
    const worker = await stage.start(1, 6700);
    await stage.until(() => counted.length > 10, "it counts");
    stage.zk.kill("zk1");
    await stage.world.run({ forMs: 100 });
    const stoppedMs = stage.world.nowMs;
    await stage.do(worker.running.stop());
    assert.ok(stage.world.nowMs - stoppedMs <= 1100, "supervisor.worker.shutdown.sleep.secs");
  });
});
