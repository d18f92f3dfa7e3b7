/** `/metrics` of every daemon of a cluster of real processes, while it counts words and is called. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";
import { eventually, repositoryRoot } from "../kit/index.ts";
import { parsePrometheus, type ScrapedFamily, sumOf } from "../kit/prometheus.ts";
import { type ClusterHome, clusterHome } from "./cluster-processes.ts";

const wordCount = join(repositoryRoot, "labs", "word-count", "solution", "topology.ts");
const stepMs = 120_000;
const wordsOfAll = 1_131_840;

type Scraped = ReadonlyMap<string, ScrapedFamily>;

async function scrape(place: string): Promise<Scraped> {
  const response = await fetch(`http://${place}/metrics`);
  assert.equal(response.status, 200, place);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  return parsePrometheus(await response.text());
}

/** Where a node's storm.yaml says that it is. */
async function placeOf(lab: ClusterHome, node: string, portKey: string): Promise<string> {
  const text = await readFile(join(lab.folder(), node, "conf", "storm.yaml"), "utf8");
  const value = (key: string) => new RegExp(`^${key.replaceAll(".", "\\.")}: "?([^"\n]+)"?$`, "m").exec(text)?.[1];
  return `${value("storm.local.hostname")}:${value(portKey)}`;
}

it("every daemon tells Prometheus what it does, and counts on while words are counted", async () => {
  await using lab = await clusterHome();
  await lab.up();
  const nimbus = await placeOf(lab, "node1", "storm-lab.nimbus.metrics.port");
  const drpc = await placeOf(lab, "node1", "drpc.http.port");
  const supervisors = await Promise.all(
    ["node2", "node3"].map((node) => placeOf(lab, node, "storm-lab.supervisor.metrics.port")),
  );
  const ui = await placeOf(lab, "node1", "ui.port");
  for (const place of [nimbus, drpc, ui, ...supervisors]) {
    const told = await scrape(place);
    assert.ok(sumOf(told, "storm_lab_uptime_seconds") > 0, place);
    if (process.platform === "linux") assert.ok(sumOf(told, "process_resident_memory_bytes") > 1e6, place);
  }
  for (const server of ["8001", "8002", "8003"]) {
    const zooConfig = await readFile(join(lab.folder(), "zk-cluster", server, "conf", "zoo.cfg"), "utf8");
    const told = await scrape(`127.0.0.1:${/^metricsProvider\.httpPort=(\d+)$/m.exec(zooConfig)?.[1]}`);
    assert.ok(sumOf(told, "znode_count") > 10, server);
  }
  const before = await scrape(nimbus);
  assert.equal(sumOf(before, "storm_nimbus_leader"), 1);
  assert.deepEqual([sumOf(before, "storm_cluster_supervisors"), sumOf(before, "storm_cluster_slots")], [2, 8]);
  assert.equal(sumOf(before, "storm_nimbus_calls_total", { method: "submitTopologyWithOpts" }), 0);

  await lab.run(["submit", wordCount]);
  const words = (told: Scraped) =>
    sumOf(told, "storm_topology_executed_total", { topology: "word-count", component: "count" });
  const growing = new Set([words(before)]);
  const after = await eventually(
    async () => {
      const told = await scrape(nimbus);
      growing.add(words(told));
      return words(told) === wordsOfAll ? told : undefined;
    },
    stepMs,
    "all words to be counted",
  );
  assert.ok(growing.size > 1, `counts seen: ${[...growing].join(", ")}`);
  assert.deepEqual(
    [...growing],
    [...growing].sort((a, b) => a - b),
  );
  assert.equal(sumOf(after, "storm_cluster_topologies", { status: "ACTIVE" }), 1);
  assert.equal(sumOf(after, "storm_nimbus_calls_total", { method: "submitTopologyWithOpts" }), 1);
  const used = sumOf(after, "storm_cluster_slots", { state: "used" });
  assert.ok(used > 0);
  const told = await Promise.all(supervisors.map(scrape));
  const sum = (name: string, labels = {}) => told.reduce((total, each) => total + sumOf(each, name, labels), 0);
  assert.equal(sum("storm_supervisor_slots", { state: "RUNNING" }), used);
  assert.ok(sum("storm_supervisor_workers_launched_total") >= used);

  const [host = "", port = ""] = drpc.split(":");
  const refused = fetch(`http://${host}:${port}/drpc/nobody/x`, { signal: AbortSignal.timeout(stepMs) });
  refused.catch(() => {});
  await eventually(
    async () =>
      sumOf(await scrape(drpc), "storm_drpc_waiting_calls", { function: "nobody" }) === 1 ? true : undefined,
    stepMs,
    "the call to wait",
  );
});
