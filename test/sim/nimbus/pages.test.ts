/** What the pages of the UI get, from workers' heartbeats in ZooKeeper to the answers of the calls. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExecutorStats } from "../../../src/wire/thrift/index.ts";
import { wordCountThrift } from "../../kit/index.ts";
import { Stage } from "./stage.ts";

const input = { componentId: "split", streamId: "default" };
const all = <T>(value: T) => new Map(["600", "10800", "86400", ":all-time"].map((window) => [window, value]));

function spout(emitted: number, acked: number): ExecutorStats {
  const spout = {
    acked: all(new Map([["default", acked]])),
    failed: all(new Map([["default", 1]])),
    complete_ms_avg: all(new Map([["default", 4]])),
  };
  return {
    emitted: all(new Map([["default", emitted]])),
    transferred: all(new Map([["default", emitted]])),
    specific: { spout },
    rate: 0.05,
  };
}

function bolt(executed: number, ms: number): ExecutorStats {
  const each = [[input, executed] as const];
  const average = [[input, ms] as const];
  const bolt = {
    acked: all(each),
    failed: all([]),
    process_ms_avg: all(average),
    executed: all(each),
    execute_ms_avg: all(average),
  };
  return {
    emitted: all(new Map([["__ack_ack", executed]])),
    transferred: all(new Map()),
    specific: { bolt },
    rate: 0.05,
  };
}

async function running(seed: number) {
  const stage = new Stage(seed);
  const nimbus = stage.nimbus();
  stage.supervisor("s1");
  await stage.until(() => nimbus.leads, "nimbus leads");
  await stage.eventually(async () => (await stage.state.supervisors()).length === 1, "the supervisor is there");
  await stage.submit("wc", wordCountThrift(), { "topology.workers": 1 });
  const [id = ""] = await stage.do(stage.state.topologies());
  await stage.eventually(() => stage.state.assignment(id), "it is assigned");
  return { stage, id };
}

/** The same with what two workers said, one of them long gone, and an error. */
async function counted(seed: number) {
  const { stage, id } = await running(seed);
  // Tasks: __acker 1, count 2 and 3, sentences 4, split 5 and 6.
  const stats = [
    [{ task_start: 2, task_end: 2 }, bolt(1000, 2)],
    [{ task_start: 3, task_end: 3 }, bolt(3000, 4)],
    [{ task_start: 4, task_end: 4 }, spout(500, 400)],
    // Of nobody who is assigned here.
    [{ task_start: 5, task_end: 6 }, bolt(1, 1)],
  ] as const;
  const beat = { storm_id: id, executor_stats: stats, time_secs: 0, uptime_secs: 50 };
  const [[, slot] = [[], { node: "", port: new Set<number>() }]] =
    (await stage.do(stage.state.assignment(id)))?.executor_node_port ?? [];
  const port = [...slot.port][0] ?? 0;
  await stage.do(stage.state.setWorkerBeat(id, slot.node, port, beat));
  await stage.do(
    stage.state.setWorkerBeat(id, "long-gone", 6700, {
      ...beat,
      executor_stats: [[{ task_start: 2, task_end: 2 }, bolt(9e9, 1)]],
    }),
  );
  await stage.do(stage.state.reportError(id, "count", { error: "it broke", error_time_secs: 7, host: "s1", port }));
  return { stage, id };
}

describe("pages", () => {
  it("show every component before anything was heard of it", async () => {
    const { stage, id } = await running(1);
    const page = await stage.call((calls) =>
      calls.getTopologyPageInfo({ id, window: ":all-time", is_include_sys: false }),
    );
    assert.deepEqual([...(page.id_to_spout_agg_stats?.keys() ?? [])], ["sentences"]);
    assert.deepEqual([...(page.id_to_bolt_agg_stats?.keys() ?? [])], ["count", "split"]);
    const count = page.id_to_bolt_agg_stats?.get("count");
    assert.deepEqual(
      [count?.common_stats?.num_executors, count?.common_stats?.num_tasks, count?.common_stats?.emitted],
      [2, 2, 0],
    );
    assert.equal(count?.common_stats?.resources_map?.get("onheap.memory.mb"), 128);
    assert.deepEqual([page.num_tasks, page.num_workers, page.num_executors, page.status], [6, 1, 6, "ACTIVE"]);
    assert.equal(JSON.parse(page.topology_conf ?? "{}")["topology.name"], "wc");
    assert.equal(page.workers?.length, 1);
  });

  it("add up what the executors of living workers counted", async () => {
    const { stage, id } = await counted(2);
    const page = await stage.call((calls) => calls.getTopologyPageInfo({ id, window: "600", is_include_sys: false }));
    assert.equal(page.topology_stats?.window_to_emitted?.get("86400"), 500);
    assert.equal(page.topology_stats?.window_to_acked?.get("600"), 400);
    assert.equal(page.topology_stats?.window_to_failed?.get("600"), 1);
    assert.equal(page.topology_stats?.window_to_complete_latencies_ms?.get("600"), 4);
    const count = page.id_to_bolt_agg_stats?.get("count");
    assert.deepEqual(count?.specific_stats?.bolt, {
      execute_latency_ms: 3.5,
      process_latency_ms: 3.5,
      executed: 4000,
      capacity: (3000 * 4) / (50 * 1000),
    });
    assert.equal(count?.last_error?.error, "it broke");
    assert.equal(page.workers?.[0]?.uptime_secs, 50);
  });

  it("show a component, a supervisor, errors and owners alike", async () => {
    const { stage, id } = await counted(4);
    const component = await stage.call((calls) =>
      calls.getComponentPageInfo({ topology_id: id, component_id: "count", window: "600", is_include_sys: false }),
    );
    assert.deepEqual(
      component.gsid_to_input_stats?.map(([from, each]) => [from, each.specific_stats?.bolt?.executed]),
      [[input, 4000]],
    );
    assert.deepEqual(
      component.exec_stats?.map(({ stats: each }) => each?.specific_stats?.bolt?.executed),
      [1000, 3000],
    );
    assert.deepEqual(
      component.errors?.map(({ error }) => error),
      ["it broke"],
    );
    await assert.rejects(
      stage.call((calls) =>
        calls.getComponentPageInfo({ topology_id: id, component_id: "nope", window: "600", is_include_sys: false }),
      ),
      /nope is no component of wc-.*which has: sentences, count, split/,
    );

    const supervisor = await stage.call((calls) => calls.getSupervisorPageInfo({ id: "s1", is_include_sys: true }));
    assert.equal(supervisor.supervisor_summaries?.[0]?.host, "s1");
    assert.deepEqual(
      [...(supervisor.worker_summaries?.[0]?.component_to_num_tasks ?? [])],
      [
        ["__acker", 1],
        ["count", 2],
        ["sentences", 1],
        ["split", 2],
      ],
    );
    const byHost = await stage.call((calls) => calls.getSupervisorPageInfo({ host: "s1", is_include_sys: false }));
    assert.equal(byHost.worker_summaries?.length, 1);

    const errors = async (num_err_choice: "ALL" | "NONE" | "ONE") =>
      (
        await stage.call((calls) => calls.getTopologyInfoByNameWithOpts({ name: "wc", options: { num_err_choice } }))
      ).errors.get("count")?.length;
    await stage.do(stage.state.reportError(id, "count", { error: "again", error_time_secs: 8 }));
    assert.deepEqual([await errors("ALL"), await errors("NONE"), await errors("ONE")], [2, 0, 1]);
    const [owner] = await stage.call((calls) => calls.getOwnerResourceSummaries({}));
    assert.deepEqual(
      [owner?.owner, owner?.total_topologies, owner?.total_executors, owner?.total_tasks],
      ["student", 1, 6, 6],
    );
  });

  it("keep log levels, debugging, profiling and credentials, and give them back", async () => {
    const { stage, id } = await running(3);
    const level = { action: "UPDATE" as const, target_log_level: "DEBUG", reset_log_level_timeout_secs: 30 };
    const log = (name: string, action: "UPDATE" | "REMOVE") =>
      stage.call((calls) =>
        calls.setLogConfig({ name: id, config: { named_logger_level: new Map([[name, { ...level, action }]]) } }),
      );
    await log("ROOT", "UPDATE");
    await log("other", "UPDATE");
    const levels = async () =>
      [...((await stage.call((calls) => calls.getLogConfig({ name: id }))).named_logger_level ?? [])].map(
        ([name, each]) => [name, each.action, each.reset_log_level_timeout_epoch !== undefined],
      );
    assert.deepEqual(await levels(), [
      ["ROOT", "UNCHANGED", true],
      ["other", "UPDATE", true],
    ]);
    await log("ROOT", "REMOVE");
    assert.deepEqual(await levels(), [["other", "UNCHANGED", true]]);

    const debug = (component: string, enable: boolean, samplingPercentage: number) =>
      stage.call((calls) => calls.debug({ name: "wc", component, enable, samplingPercentage }));
    await debug("", true, 250);
    await debug("split", true, 5);
    await debug("split", false, 50);
    const info = await stage.call((calls) => calls.getTopologyInfo({ id }));
    assert.deepEqual(
      [...(info.component_debug ?? [])],
      [
        [id, { enable: true, samplingpct: 100 }],
        ["split", { enable: false, samplingpct: 5 }],
      ],
    );

    const request = { nodeInfo: { node: "s1", port: new Set([6700]) }, action: "JSTACK_DUMP" as const, time_stamp: 5 };
    await stage.call((calls) => calls.setWorkerProfiler({ id, profileRequest: request }));
    const pending = (action: "JSTACK_DUMP" | "JMAP_DUMP") =>
      stage.call((calls) => calls.getComponentPendingProfileActions({ id, component_id: "split", action }));
    assert.deepEqual([await pending("JSTACK_DUMP"), await pending("JMAP_DUMP")], [[request], []]);

    for (const creds of [new Map([["a", "1"]]), new Map([["b", "2"]])]) {
      await stage.call((calls) => calls.uploadNewCredentials({ name: "wc", creds: { creds } }));
    }
    assert.deepEqual(
      (await stage.do(stage.state.credentials(id)))?.creds,
      new Map([
        ["a", "1"],
        ["b", "2"],
      ]),
    );
    const running_ = await stage.call((calls) => calls.getTopology({ id }));
    const user = await stage.call((calls) => calls.getUserTopology({ id }));
    assert.deepEqual(
      [[...running_.bolts.keys()], [...user.bolts.keys()]],
      [
        ["count", "split", "__acker", "__system"],
        ["count", "split"],
      ],
    );
    assert.equal(JSON.parse(await stage.call((calls) => calls.getNimbusConf()))["nimbus.thrift.port"], 6627);
    const allowed: boolean[] = [];
    for (const name of ["wc", "new", "a/b"])
      allowed.push(await stage.call((calls) => calls.isTopologyNameAllowed({ name })));
    assert.deepEqual(allowed, [false, true, false]);
  });
});
