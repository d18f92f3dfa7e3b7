/** What a nimbus tells Prometheus: of its calls, and where it leads, of the cluster and of what workers say that they counted. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ExecutorStats } from "../../../src/wire/thrift/index.ts";
import { wordCountThrift } from "../../kit/index.ts";
import { scrapeMetrics, sumOf } from "../../kit/prometheus.ts";
import { Stage } from "./stage.ts";

const port = 7010;
const conf = { "storm-lab.nimbus.metrics.port": port };
const input = { componentId: "split", streamId: "default" };
/** The last ten minutes saw a half of everything. */
const windows = <T>(all: T, half: T) =>
  new Map([
    ["600", half],
    ["10800", all],
    ["86400", all],
    [":all-time", all],
  ]);
const streams = (count: number) => windows(new Map([["default", count]]), new Map([["default", count / 2]]));
const inputs = (count: number) => windows([[input, count] as const], [[input, count / 2] as const]);
const always = <T>(value: T) => windows(value, value);

function spout(emitted: number, acked: number): ExecutorStats {
  const spout = { acked: streams(acked), failed: streams(2), complete_ms_avg: always(new Map([["default", 40]])) };
  return { emitted: streams(emitted), transferred: streams(emitted * 2), specific: { spout }, rate: 1 };
}

function bolt(executed: number, ms: number): ExecutorStats {
  const average = always([[input, ms] as const]);
  const bolt = {
    acked: inputs(executed),
    failed: inputs(0),
    process_ms_avg: average,
    executed: inputs(executed),
    execute_ms_avg: average,
  };
  return { emitted: streams(0), transferred: streams(0), specific: { bolt }, rate: 1 };
}

/** From the machine itself: nobody else is answered. */
function scrape(stage: Stage, host = "n1") {
  const { runtime } = stage.world.start({ host });
  return stage.do(scrapeMetrics(runtime, "127.0.0.1", port), "the metrics");
}

async function cluster(seed: number) {
  const stage = new Stage(seed);
  const nimbus = stage.nimbus("n1", conf);
  stage.supervisor("s1");
  await stage.until(() => nimbus.leads, "nimbus leads");
  await stage.eventually(async () => (await stage.state.supervisors()).length === 1, "the supervisor is there");
  return { stage };
}

/** A topology with what its executors say that they counted. */
async function counted(seed: number) {
  const { stage } = await cluster(seed);
  const name = "word count";
  await stage.submit(name, wordCountThrift(), { "topology.workers": 1 });
  const [id = ""] = await stage.do(stage.state.topologies());
  const assignment = await stage.eventually(() => stage.state.assignment(id), "it is assigned");
  const [[, slot] = [[], { node: "", port: new Set<number>() }]] = assignment.executor_node_port;
  const workerPort = [...slot.port][0] ?? 0;
  // Tasks: __acker 1, count 2 and 3, sentences 4, split 5 and 6.
  const beat = (times: number) =>
    stage.do(
      stage.state.setWorkerBeat(id, slot.node, workerPort, {
        storm_id: id,
        executor_stats: [
          [{ task_start: 1, task_end: 1 }, bolt(10 * times, 1)],
          [{ task_start: 2, task_end: 2 }, bolt(1000 * times, 2)],
          [{ task_start: 3, task_end: 3 }, bolt(3000 * times, 4)],
          [{ task_start: 4, task_end: 4 }, spout(500 * times, 400 * times)],
        ],
        time_secs: 0,
        uptime_secs: 50,
      }),
    );
  await beat(1);
  return { stage, id, name, beat, worker: `s1:${workerPort}` };
}

describe("nimbus' metrics", () => {
  it("tell of the cluster before there is a topology", async () => {
    const { stage } = await cluster(1);
    const told = await scrape(stage);
    assert.equal(sumOf(told, "storm_nimbus_leader"), 1);
    assert.equal(sumOf(told, "storm_cluster_supervisors"), 1);
    assert.equal(sumOf(told, "storm_cluster_nimbuses"), 1);
    assert.equal(sumOf(told, "storm_cluster_slots", { state: "free" }), 2);
    assert.equal(told.get("storm_cluster_topologies")?.samples.length, 4);
    assert.equal(sumOf(told, "storm_cluster_topologies"), 0);
  });

  it("count calls by method", async () => {
    const { stage } = await cluster(2);
    for (let each = 0; each < 3; each++) await stage.call((calls) => calls.getClusterInfo());
    await assert.rejects(stage.call((calls) => calls.killTopology({ name: "none" })));
    const told = await scrape(stage);
    assert.equal(sumOf(told, "storm_nimbus_calls_total", { method: "getClusterInfo" }), 3);
    assert.equal(sumOf(told, "storm_nimbus_calls_total", { method: "killTopology" }), 1);
    assert.equal(
      told.get("storm_nimbus_calls_total")?.samples.some(({ value }) => value === 0),
      true,
    );
  });

  it("tell what components counted, by worker, and what they counted since", async () => {
    const { stage, name, beat, worker } = await counted(3);
    const told = await scrape(stage);
    const count = { topology: name, component: "count", worker };
    const sentences = { topology: name, component: "sentences", worker };
    const seen = (metric: string, labels: Record<string, string>) => sumOf(told, `storm_topology_${metric}`, labels);
    assert.equal(seen("executed_total", count), 4000);
    assert.equal(seen("emitted_total", sentences), 500);
    assert.equal(seen("transferred_total", sentences), 1000);
    assert.equal(seen("acked_total", sentences), 400);
    assert.equal(seen("failed_total", sentences), 2);
    assert.equal(seen("capacity", count), (1500 * 4) / (50 * 1000));
    assert.equal(seen("execute_latency_seconds", count), 0.0035);
    assert.equal(seen("complete_latency_seconds", sentences), 0.04);
    assert.deepEqual([seen("workers", { topology: name }), seen("executors", { topology: name })], [1, 6]);
    assert.equal(sumOf(told, "storm_cluster_topologies", { status: "ACTIVE" }), 1);
    const names = [...told.values()].flatMap(({ samples }) => samples.map(({ labels }) => labels.component ?? ""));
    assert.ok(names.every((component) => !component.startsWith("__")));
    await beat(2);
    assert.equal(sumOf(await scrape(stage), "storm_topology_executed_total", count), 8000);
  });

  it("tell of the cluster where a nimbus leads, and not where another does", async () => {
    const { stage, id } = await counted(4);
    const second = stage.nimbus("n2", conf);
    await stage.eventually(async () => (await stage.state.nimbuses()).length === 2, "the second one is there");
    const told = await scrape(stage, "n2");
    assert.equal(sumOf(told, "storm_nimbus_leader"), 0);
    assert.deepEqual(
      [...told.keys()].filter((each) => /^storm_(cluster|topology)_/.test(each)),
      [],
    );
    for (const part of ["stormjar.jar", "stormcode.ser", "stormconf.ser"]) {
      const holders = () => stage.state.blobHolders(`${id}-${part}`);
      await stage.eventually(async () => (await holders()).length === 2, `it has ${part}`);
    }
    stage.nimbuses.get("n1")?.kill();
    await stage.until(() => second.leads, "the second one leads");
    assert.equal(sumOf(await scrape(stage, "n2"), "storm_topology_executed_total"), 4000);
  });

  it("come in time without ZooKeeper, and say so", async () => {
    const { stage } = await cluster(5);
    for (const host of stage.zk.hosts) stage.zk.kill(host);
    const beganMs = stage.world.nowMs;
    const told = await scrape(stage);
    assert.ok(stage.world.nowMs - beganMs < 10_000);
    assert.ok(sumOf(told, "storm_lab_uptime_seconds") > 0);
    assert.deepEqual([sumOf(told, "storm_nimbus_leader"), sumOf(told, "storm_nimbus_cluster_unread")], [1, 1]);
    assert.equal(told.has("storm_cluster_slots"), false);
  });

  it("are served on the machine itself only, and nowhere unless asked for", async () => {
    const { stage } = await cluster(6);
    await assert.rejects(stage.do(scrapeMetrics(stage.client, "n1", port)), /ECONNREFUSED/);
    const other = stage.nimbus("n2");
    await stage.until(() => other.running !== null, "it runs");
    await assert.rejects(scrape(stage, "n2"), /ECONNREFUSED/);
  });
});
