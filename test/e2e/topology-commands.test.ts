/** `list`, `kill`, `activate`, `deactivate`, `rebalance`, `get-errors` against a nimbus that runs, and one that does not. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { serveThrift } from "../../src/rpc/index.ts";
import { Nimbus } from "../../src/wire/thrift/index.ts";
import { freePort, startStormLab, temporaryDirectory, wordCountThrift } from "../kit/index.ts";
import { assertThreeLines } from "./local-runs.ts";
import { NimbusProcess } from "./nimbus-process.ts";
import { runtime, ZooKeeperProcess } from "./zookeeper-process.ts";

const stepMs = 60_000;

async function run(args: readonly string[], exitCode = 0): Promise<string> {
  await using child = startStormLab(args, { env: { NO_COLOR: "1" } });
  await child.assertExit(exitCode, stepMs);
  return exitCode === 0 ? child.stdout : child.stderr;
}

describe("the commands of a topology's life", () => {
  it("say and do what Storm's do", async () => {
    await using folder = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(folder, [
      "clientPortAddress=127.0.0.1",
      "admin.enableServer=false",
    ]);
    await using _zk = await zookeeper.serving();
    const nimbus = await NimbusProcess.prepare(folder, zookeeper.clientPort);
    await using _nimbus = await nimbus.leading();
    const on = (command: string, ...args: string[]) => [command, "--config", nimbus.config, ...args];
    const statuses = async () =>
      (await run(on("list")))
        .split("\n")
        .slice(2, -1)
        .map((row) => row.split(/ +/).slice(0, 2).join(" "));

    assert.equal(await run(on("list")), "No topologies running.\n");
    assert.equal(await run(on("list", "-o", "json")), "[]\n");
    await nimbus.submit("wc", wordCountThrift(), { "topology.workers": 2 });
    await nimbus.submit("wc2", wordCountThrift());
    const [head, rule, ...rows] = (await run(on("list"))).split("\n");
    const columns =
      "Topology_name        Status     Num_tasks  Num_workers  Uptime_secs  Topology_Id          Owner               ";
    assert.equal(head, columns);
    assert.equal(rule, "-".repeat(88));
    assert.match(rows[0] ?? "", /^wc {19}ACTIVE {5}0 {10}0 {12}\d+ +wc-1-\d+ +\w+ +$/);
    const [first] = JSON.parse(await run(on("list", "--output", "json"))) as { name: string }[];
    assert.equal(first?.name, "wc");

    assert.equal(await run(on("deactivate", "wc")), "Deactivated topology: wc\n");
    assert.deepEqual(await statuses(), ["wc INACTIVE", "wc2 ACTIVE"]);
    assert.equal(await run(on("activate", "wc")), "Activated topology: wc\n");
    assert.deepEqual(await statuses(), ["wc ACTIVE", "wc2 ACTIVE"]);
    assert.equal(await run(on("get-errors", "wc")), '{"Comp-Errors":{},"Topology Name":"wc"}\n');
    assert.equal(await run(on("get-errors", "no")), '{"Failure":"No topologies running with name no"}\n');

    assert.equal(
      await run(on("rebalance", "wc", "-w", "30", "-n", "3", "-e", "split=1")),
      "Topology wc is rebalancing\n",
    );
    assert.deepEqual(await statuses(), ["wc REBALANCING", "wc2 ACTIVE"]);
    assertThreeLines(await run(on("rebalance", "wc2", "-e", "nope=1"), 11), "SL-STORM-INVALID-TOPOLOGY");
    for (const wrong of [
      ["-e", "split"],
      ["-n", "0"],
      ["-r", "[]"],
      ["-t", "{"],
    ])
      assertThreeLines(await run(on("rebalance", "wc2", ...wrong), 2), "SL-COMMAND-VALUE");

    assert.equal(await run(on("remoteconfvalue", "nimbus.thrift.port")), `nimbus.thrift.port: ${nimbus.port}\n`);
    assertThreeLines(await run(on("remoteconfvalue", "nimbus.thrift.prt"), 2), "SL-CONF-KEY");
    const sent = "Log config ROOT=DEBUG, a.b=reset is sent for topology wc\n";
    assert.equal(await run(on("set_log_level", "wc", "-l", "ROOT=DEBUG:30", "-r", "a.b")), sent);
    const [{ id = "" } = {}] = await nimbus.call((calls) => calls.getTopologySummaries());
    const { named_logger_level } = await nimbus.call((calls) => calls.getLogConfig({ name: id }));
    const root = named_logger_level?.get("ROOT");
    assert.deepEqual([root?.target_log_level, root?.reset_log_level_timeout_secs], ["DEBUG", 30]);
    assertThreeLines(await run(on("set_log_level", "wc", "-l", "ROOT=LOUD"), 2), "SL-COMMAND-VALUE");
    assertThreeLines(await run(on("set_log_level", "none", "-l", "ROOT=INFO"), 11), "SL-STORM-NOT-ALIVE");
    assert.match(await run(on("monitor", "wc")), /^Available components for wc :\n-{18}\n/);
    assertThreeLines(await run(on("monitor", "wc", "-m", "nope"), 2), "SL-MONITOR-COMPONENT");

    assertThreeLines(await run(on("kill", "none"), 11), "SL-STORM-NOT-ALIVE");
    assertThreeLines(await run(on("kill", "wc", "-w", "soon"), 2), "SL-COMMAND-VALUE");
    assert.match(await run(on("kill", "-i", "none", "wc", "-w", "30"), 7), /^SL-STORM-NOT-ALIVE .*none/);
    assert.equal(await run(on("kill", "wc2", "-w", "30")), "Killed topology: wc2\n");
    assert.deepEqual(await statuses(), ["wc KILLED", "wc2 KILLED"]);
  });

  it("watch a component until Ctrl-C", async () => {
    const port = await freePort();
    let emitted = 0;
    const answer = () => {
      emitted += 100;
      const stats = {
        emitted: new Map([[":all-time", new Map([["default", emitted]])]]),
        transferred: new Map(),
        specific: { spout: { acked: new Map(), failed: new Map(), complete_ms_avg: new Map() } },
        rate: 1,
      };
      const executor = { component_id: "lines", host: "n", port: 1, uptime_secs: 1, stats };
      const executors = [1, 2].map((task) => ({ ...executor, executor_info: { task_start: task, task_end: task } }));
      return { id: "wc-1-1", name: "wc", uptime_secs: 1, executors, status: "ACTIVE", errors: new Map() };
    };
    const host = "127.0.0.1";
    await using _nimbus = await serveThrift({
      runtime,
      host,
      port,
      service: Nimbus,
      handlers: {
        getLeader: () => ({ host, port, uptime_secs: 1, isLeader: true, version: "2.8.8" }),
        getTopologyInfoByNameWithOpts: answer,
      },
    });
    const there = ["-c", `nimbus.seeds=["${host}"]`, "-c", `nimbus.thrift.port=${port}`];
    await using child = startStormLab(["monitor", "wc", ...there, "-m", "lines", "-i", "1"], {
      env: { NO_COLOR: "1" },
    });
    await child.line(/^wc\tlines\t2\tdefault\t[1-9]\d*\t200\t0\.\d+$/, stepMs);
    child.signal("SIGINT");
    await child.assertExit(130, stepMs);
    const [head, first] = child.stdout.split("\n");
    assert.equal(head, "topology\tcomponent\tparallelism\tstream\ttime-diff ms\temitted\tthroughput (Kt/s)");
    assert.equal(first, "wc\tlines\t2\tdefault\t0\t200\t0");
    assert.equal(child.stderr, "");
  });

  it("tell in three lines that no nimbus is there", async () => {
    const there = ["-c", 'nimbus.seeds=["127.0.0.1"]', "-c", `nimbus.thrift.port=${await freePort()}`];
    const stderr = await run(["list", ...there, "-c", "storm.nimbus.retry.times=0"], 4);
    assertThreeLines(stderr, "SL-NIMBUS-LEADER-NOT-FOUND");
    assert.match(stderr, /Could not find leader nimbus from seed hosts \[127\.0\.0\.1\]/);
    const patient = await run(
      ["list", ...there, "-c", "storm.nimbus.retry.times=1", "-c", "storm.nimbus.retry.interval.millis=1"],
      4,
    );
    assert.match(patient, /asking again every 0\.0 s/);
  });
});
