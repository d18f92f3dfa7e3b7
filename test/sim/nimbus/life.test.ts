/** A topology's life, from its submission to its last trace, by the calls that Storm's commands make. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StormLabError } from "../../../src/base/index.ts";
import type { LeaderWrites } from "../../../src/state/index.ts";
import { wordCountThrift as wordCount } from "../../kit/index.ts";
import { paceConf, Stage } from "./stage.ts";

async function started(seed: number, supervisors = 2): Promise<Stage> {
  const stage = new Stage(seed);
  const nimbus = stage.nimbus();
  for (let each = 1; each <= supervisors; each++) stage.supervisor(`s${each}`);
  await stage.until(() => nimbus.leads, "nimbus leads");
  await stage.eventually(
    async () => (await stage.state.supervisors()).length === supervisors,
    "the supervisors are there",
  );
  return stage;
}

describe("a topology", () => {
  it("is placed at once on the supervisors, and pushed to them", async () => {
    const stage = await started(1);
    await stage.submit("wc", wordCount(), { "topology.workers": 2 });
    const beforeMs = stage.world.nowMs;
    const id = (await stage.do(stage.state.topologies()))[0] ?? "";
    assert.match(id, /^wc-1-\d+$/);
    const assignment = await stage.eventually(() => stage.state.assignment(id), "it is assigned");
    assert.ok(stage.world.nowMs - beforeMs < 500, `after ${stage.world.nowMs - beforeMs} ms`);
    // 1 spout, 2 + 2 bolts, and an acker for each of two workers.
    assert.deepEqual(
      assignment.executor_node_port.map(([executor]) => executor),
      [1, 2, 3, 4, 5, 6, 7].map((task) => [task, task]),
    );
    assert.deepEqual(
      [...assignment.node_host],
      [
        ["s1", "s1"],
        ["s2", "s2"],
      ],
    );
    await stage.until(() => [...stage.supervisors.values()].every(({ pushed }) => pushed === 1), "both were told", 300);
    for (const { workers } of stage.supervisors.values()) assert.deepEqual([...workers.keys()], [id]);
    const [summary] = await stage.call((calls) => calls.getTopologySummaries());
    assert.equal(summary?.name, "wc");
    assert.equal(summary?.status, "ACTIVE");
    assert.deepEqual([summary?.num_tasks, summary?.num_executors, summary?.num_workers], [7, 7, 2]);
    assert.equal(summary?.owner, "student");
  });

  it("is killed after its delay, its supervisors are told, and its traces go in the end", async () => {
    const stage = await started(2);
    await stage.submit("wc", wordCount(), { "topology.workers": 2 });
    const id = (await stage.do(stage.state.topologies()))[0] ?? "";
    await stage.until(() => [...stage.supervisors.values()].every(({ workers }) => workers.size === 1), "it runs");
    await stage.call((calls) => calls.killTopologyWithOpts({ name: "wc", options: { wait_secs: 4 } }));
    const killedMs = stage.world.nowMs;
    assert.equal((await stage.do(stage.state.storm(id)))?.status, "KILLED");
    await assert.rejects(stage.submit("wc", wordCount()), /wc is already alive: it is being killed/);
    await assert.rejects(
      stage.call((calls) => calls.activate({ name: "wc" })),
      /No transition for event: ACTIVATE, status: KILLED/,
    );
    await stage.eventually(async () => (await stage.state.topologies()).length === 0, "it is gone");
    assert.ok(Math.abs(stage.world.nowMs - killedMs - 4000) < 300, `after ${stage.world.nowMs - killedMs} ms`);
    await stage.until(() => [...stage.supervisors.values()].every(({ workers }) => workers.size === 0), "told", 500);
    await assert.rejects(
      stage.call((calls) => calls.killTopology({ name: "wc" })),
      /wc is not alive/,
    );
    const left = async () => [
      ...(await stage.state.topologiesWithRemains()),
      ...(await stage.state.blobKeys()),
      ...(await stage.state.assignments()),
    ];
    assert.notDeepEqual(await stage.do(left()), []);
    await stage.eventually(
      async () => (await left()).length === 0,
      "nothing is left",
      paceConf["nimbus.topology.blobstore.deletion.delay.ms"] + 25_000,
    );
    assert.deepEqual((await stage.call((calls) => calls.getTopologyHistory({}))).topo_ids, [id]);
    await stage.submit("wc", wordCount());
  });

  it("leaves nothing behind, also where another nimbus says late that it has a blob of it", async () => {
    const stage = await started(6, 1);
    await stage.submit("wc", wordCount());
    const id = (await stage.do(stage.state.topologies()))[0] ?? "";
    await stage.call((calls) => calls.killTopologyWithOpts({ name: "wc", options: { wait_secs: 0 } }));
    const sweptMs = paceConf["nimbus.topology.blobstore.deletion.delay.ms"] + 25_000;
    const swept = async () => (await stage.state.blobKeys()).length === 0;
    await stage.eventually(swept, "it is swept away", sweptMs);
    await stage.do(stage.state.keepBlob(`${id}-stormconf.ser`, "n2:6627:0", 1));
    assert.equal(await stage.do(swept()), false);
    await stage.eventually(swept, "it is swept away again", 2 * sweptMs);
  });

  it("is killed and rebalanced also where ZooKeeper's answer to nimbus was lost", async (context) => {
    const stage = await started(8);
    for (const name of ["wc1", "wc2"]) await stage.submit(name, wordCount(), { "topology.workers": 1 });
    const writes = Object.getPrototypeOf(stage.state.leaderWrites({ barrier: undefined } as never)) as LeaderWrites;
    const { replaceStorm } = writes;
    context.after(() => {
      writes.replaceStorm = replaceStorm;
    });
    const losing = async (call: Parameters<Stage["call"]>[0]) => {
      writes.replaceStorm = async function (...args) {
        writes.replaceStorm = replaceStorm;
        await replaceStorm.apply(this, args);
        throw new StormLabError({
          code: "SL-ZK-CONNECTION-LOSS",
          what: "the answer was lost",
          why: "test",
          hint: "none",
        });
      };
      await assert.rejects(stage.call(call), /the answer was lost/);
    };
    await losing((calls) => calls.killTopologyWithOpts({ name: "wc1", options: { wait_secs: 1 } }));
    await stage.eventually(async () => (await stage.state.topologies()).length === 1, "wc1 is gone", 10_000);
    const [id = ""] = await stage.do(stage.state.topologies());
    await losing((calls) => calls.rebalance({ name: "wc2", options: { wait_secs: 1, num_workers: 2 } }));
    const workers = async () => (await stage.state.storm(id))?.num_workers;
    await stage.eventually(async () => (await workers()) === 2, "it has two workers", 10_000);
    await stage.eventually(
      async () => (await stage.state.storm(id))?.status === "ACTIVE",
      "it is active again",
      10_000,
    );
  });

  it("is deactivated and activated", async () => {
    const stage = await started(3);
    await stage.submit("wc", wordCount());
    const status = async () => (await stage.call((calls) => calls.getTopologySummaries()))[0]?.status;
    for (const twice of [1, 2]) {
      await stage.call((calls) => calls.deactivate({ name: "wc" }));
      assert.equal(await status(), "INACTIVE", `${twice}`);
    }
    await stage.call((calls) => calls.activate({ name: "wc" }));
    assert.equal(await status(), "ACTIVE");
  });

  it("is rebalanced: more workers, other executors, a new conf", async () => {
    const stage = await started(4);
    await stage.submit("wc", wordCount({ split: 4 }), { "topology.workers": 1 });
    const id = (await stage.do(stage.state.topologies()))[0] ?? "";
    const workers = async () => {
      const assignment = await stage.state.assignment(id);
      return new Set(assignment?.executor_node_port.map(([, slot]) => `${slot.node} ${[...slot.port]}`)).size;
    };
    await stage.eventually(async () => (await workers()) === 1, "one worker");
    const options = {
      wait_secs: 2,
      num_workers: 3,
      num_executors: new Map([["split", 2]]),
      topology_conf_overrides: JSON.stringify({ "topology.max.spout.pending": 7 }),
    };
    await assert.rejects(
      stage.call((calls) => calls.rebalance({ name: "wc", options: { num_executors: new Map([["nope", 1]]) } })),
      /Invalid component nope for topology wc, valid values are count,sentences,split/,
    );
    await stage.call((calls) => calls.rebalance({ name: "wc", options }));
    assert.equal((await stage.do(stage.state.storm(id)))?.status, "REBALANCING");
    await stage.eventually(async () => (await stage.state.storm(id))?.status === "ACTIVE", "it is active again");
    const base = await stage.do(stage.state.storm(id));
    assert.equal(base?.topology_action_options, undefined);
    assert.equal(await stage.do(workers()), 3);
    const info = await stage.call((calls) => calls.getTopologyInfo({ id }));
    assert.deepEqual(
      info.executors.filter(({ component_id }) => component_id === "split").map(({ executor_info }) => executor_info),
      [
        { task_start: 5, task_end: 6 },
        { task_start: 7, task_end: 8 },
      ],
    );
    assert.equal(
      JSON.parse(await stage.call((calls) => calls.getTopologyConf({ id })))["topology.max.spout.pending"],
      7,
    );
  });

  it("moves away from a slot whose worker is silent, and back to nothing when no slot is left, in words", async () => {
    const stage = await started(5, 1);
    await stage.submit("wc", wordCount(), { "topology.workers": 2 });
    const id = (await stage.do(stage.state.topologies()))[0] ?? "";
    await stage.until(() => stage.supervisors.get("s1")?.workers.size === 1, "it runs");
    await stage.world.run({ forMs: 12_000 });
    const other = stage.supervisor("s2", [6700]);
    const silentMs = stage.world.nowMs;
    stage.supervisors.get("s1")?.silent.add(6701);
    await stage.until(() => other.workers.size === 1, "s2 gets it", 20_000);
    assert.ok(stage.world.nowMs - silentMs < 5000 + 3000, `after ${stage.world.nowMs - silentMs} ms`);
    for (const { kill } of [other]) kill.call(other);
    stage.supervisors.get("s1")?.kill();
    await stage.world.run({ forMs: 15_000 });
    const [summary] = await stage.call((calls) => calls.getTopologySummaries());
    assert.match(summary?.sched_status ?? "", /slot/i);
    assert.ok(
      stage.logs.some((line) => line.includes("n1 warn") && line.includes(id)),
      stage.logs.slice(-5).join("\n"),
    );
  });
});

describe("a nimbus that does not lead", () => {
  it("refuses heartbeats: who sent them has to look for the leader", async () => {
    const stage = new Stage(7);
    const first = stage.nimbus("n1");
    await stage.until(() => first.leads, "n1 leads");
    stage.nimbus("n2");
    const beat = { supervisor_id: "s1", worker_heartbeats: [] };
    await stage.call((calls) => calls.sendSupervisorWorkerHeartbeats({ heartbeats: beat }));
    const heatbeat = { storm_id: "wc-1-1", executors: [], time_secs: 1 };
    const refusal = /not a leader, current leader is NimbusInfo\{host='n1'/;
    await assert.rejects(
      stage.call((calls) => calls.sendSupervisorWorkerHeartbeats({ heartbeats: beat }), "n2"),
      refusal,
    );
    await assert.rejects(
      stage.call((calls) => calls.sendSupervisorWorkerHeartbeat({ heatbeat }), "n2"),
      refusal,
    );
  });
});
