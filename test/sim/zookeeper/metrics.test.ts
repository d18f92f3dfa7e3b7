/** What a ZooKeeper server tells Prometheus: where zoo.cfg says so, and what `mntr` tells. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { askFourLetterWord, openZooKeeper, ownSessionAdapter } from "../../../src/zookeeper/index.ts";
import { parseZooConfig } from "../../../src/zookeeper/server/config.ts";
import { startServer } from "../../../src/zookeeper/server/main.ts";
import { scrapeMetrics } from "../../kit/prometheus.ts";

const provider = "metricsProvider.className=org.apache.zookeeper.metrics.prometheus.PrometheusMetricsProvider";
const ids = [1, 2, 3] as const;
const deadlineMs = 60_000;

class Ensemble {
  readonly world = new SimulatedWorld({ seed: 1, logLevel: "error" });
  readonly client: Runtime;
  readonly #pids = new Map<number, number>();

  /** `lines`: of every zoo.cfg. */
  constructor(lines: readonly string[]) {
    for (const id of ids) this.#start(id, lines);
    this.client = this.world.start({ host: "client" }).runtime;
  }

  #start(id: number, lines: readonly string[]): void {
    const servers = ids.map((each) => `server.${each}=zk${each}:2888:3888`);
    const common = ["tickTime=200", "initLimit=10", "syncLimit=5", "dataDir=/data", "clientPort=2181"];
    const text = [...common, "4lw.commands.whitelist=*", ...servers, ...lines].join("\n");
    const { pid } = this.world.start({
      host: `zk${id}`,
      program: async (runtime) => {
        await runtime.fs.makeDirectory("/data");
        await runtime.fs.writeFile("/data/myid", Buffer.from(String(id)));
        await (await startServer(runtime, parseZooConfig(text, "zoo.cfg"))).failed;
        return 0;
      },
    });
    this.#pids.set(id, pid);
  }

  kill(id: number): void {
    this.world.kill(this.#pids.get(id) ?? 0);
  }

  do<T>(promise: Promise<T>, what: string): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs });
  }

  async mntr(id: number): Promise<Map<string, string>> {
    const asked = askFourLetterWord(this.client, { host: `zk${id}`, port: 2181 }, "mntr", 5000);
    const lines = (await this.do(asked, "mntr")).split("\n").filter((line) => line.startsWith("zk_"));
    return new Map(lines.map((line) => line.slice("zk_".length).split("\t") as [string, string]));
  }

  scrape(id: number, port = 7000) {
    return this.do(scrapeMetrics(this.client, `zk${id}`, port), "the metrics");
  }

  /** A client that writes and stays. */
  async use(): Promise<void> {
    const client = openZooKeeper(
      this.client,
      { servers: ids.map((id) => `zk${id}:2181`).join(), sessionTimeoutMs: 4000 },
      ownSessionAdapter,
    );
    for (const name of ["a", "b", "c"]) await this.do(client.create(`/${name}`, Buffer.from(name)), "a node");
    await this.do(client.getData("/a"), "its data");
  }

  async roles(): Promise<Map<string, number>> {
    const roles = new Map<string, number>();
    for (const id of ids) roles.set((await this.mntr(id)).get("server_state") ?? "none", id);
    return roles;
  }
}

describe("a ZooKeeper server's metrics", () => {
  it("are what mntr tells, by its names, of a leader and of a follower", async () => {
    const ensemble = new Ensemble([provider]);
    await ensemble.use();
    const roles = await ensemble.roles();
    for (const role of ["leader", "follower"]) {
      const id = roles.get(role) ?? 0;
      const told = await ensemble.scrape(id);
      const monitored = await ensemble.mntr(id);
      const values = [...told.values()].flatMap(({ samples }) =>
        samples.map(({ name, value }) => [name, value] as const),
      );
      const steady = ["znode_count", "ephemerals_count", "quorum_size", "global_sessions", "approximate_data_size"];
      for (const name of steady)
        assert.equal(new Map(values).get(name), Number(monitored.get(name)), `${role} ${name}`);
      const expected = [...monitored].flatMap(([name, value]) => {
        if (/^(avg|min|max)_(readlatency|updatelatency|fsynctime|snapshottime)$/.test(name)) return [];
        if (/^(cnt|sum)_/.test(name)) return [name.replace(/^cnt_(.*)/, "$1_count").replace(/^sum_(.*)/, "$1_sum")];
        return Number.isNaN(Number(value)) ? [] : [name];
      });
      const own = ["process_start_time_seconds", "storm_lab_uptime_seconds"];
      assert.deepEqual(values.map(([name]) => name).sort(), [...expected, ...own].sort(), role);
      assert.equal(told.get("fsynctime")?.type, "summary");
      assert.equal(told.get("connection_request_count")?.type, "counter");
      assert.equal(told.get("packets_sent")?.type, "gauge", "as with Apache's");
      assert.deepEqual(
        [told.has("synced_followers"), told.has("learner_commit_received_count")],
        [role === "leader", role === "follower"],
      );
    }
    assert.equal((await ensemble.scrape(roles.get("leader") ?? 0)).get("synced_followers")?.samples[0]?.value, 2);
  });

  it("have no gauges while it looks for a leader", async () => {
    const ensemble = new Ensemble([provider]);
    await ensemble.use();
    const [last] = [...(await ensemble.roles()).values()];
    for (const id of ids) if (id !== last) ensemble.kill(id);
    await ensemble.world.run({ forMs: 10_000 });
    const told = await ensemble.scrape(last ?? 0);
    assert.deepEqual([told.has("znode_count"), told.has("outstanding_requests")], [false, false]);
    assert.ok((told.get("bytes_received_count")?.samples[0]?.value ?? 0) > 0);
  });

  it("are where zoo.cfg says, and nowhere by default", async () => {
    const elsewhere = new Ensemble([provider, "metricsProvider.httpPort=7070"]);
    await elsewhere.use();
    assert.ok((await elsewhere.scrape(1, 7070)).has("bytes_received_count"));
    await assert.rejects(elsewhere.scrape(1), /ECONNREFUSED/);
    const silent = new Ensemble(["metricsProvider.httpPort=7000"]);
    await silent.use();
    await assert.rejects(silent.scrape(1), /ECONNREFUSED/);
    const local = new Ensemble([provider, "metricsProvider.httpHost=127.0.0.1"]);
    await local.use();
    await assert.rejects(local.scrape(1), /ECONNREFUSED/);
  });
});
