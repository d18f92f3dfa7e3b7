/** Storm's own command classes work against our nimbus, and Storm's own classes read what it keeps. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { apacheStormCommandJars, apacheStormJars } from "../../../scripts/interop/apache-storm-jars.ts";
import { openClusterState } from "../../../src/state/index.ts";
import { runtime } from "../../contract/zookeeper/world.ts";
import { NimbusProcess } from "../../e2e/nimbus-process.ts";
import { ZooKeeperProcess } from "../../e2e/zookeeper-process.ts";
import { eventually, repositoryRoot, startProcess, temporaryDirectory, wordCountThrift } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const stepMs = 120_000;

/** What a command prints; the words of its log besides. */
async function stock(nimbus: NimbusProcess, command: string, ...args: string[]): Promise<string> {
  const jars = [join(await apacheStormJars(), "*"), join(await apacheStormCommandJars(), "*")].join(":");
  const options = [`nimbus.seeds=["127.0.0.1"]`, `nimbus.thrift.port=${nimbus.port}`].map(encodeURIComponent).join(",");
  const java = ["-Dstorm.conf.file=", `-Dstorm.options=${options}`, "-XX:TieredStopAtLevel=1", "-cp", jars];
  await using child = startProcess("java", [...java, `org.apache.storm.command.${command}`, ...args]);
  const { code } = await child.exit(stepMs);
  return `${child.stdout}${child.stderr}exit ${code}`;
}

test("Storm's list, kill, rebalance and the others work against our nimbus", { skip: interopSkipped }, async () => {
  await using folder = await temporaryDirectory();
  const zookeeper = await ZooKeeperProcess.prepare(folder, ["clientPortAddress=127.0.0.1", "admin.enableServer=false"]);
  await using _zk = await zookeeper.serving();
  const nimbus = await NimbusProcess.prepare(folder, zookeeper.clientPort);
  await using _nimbus = await nimbus.leading();
  const run = (command: string, ...args: string[]) => stock(nimbus, command, ...args);
  assert.match(await run("ListTopologies"), /No topologies running\.[\s\S]*exit 0/);

  await nimbus.submit("wc", wordCountThrift(), { "topology.workers": 2 });
  assert.match(await run("ListTopologies"), /^wc +ACTIVE +0 +0 +\d+ +wc-1-\d+ +\w+ *$/m);
  assert.match(await run("Deactivate", "wc"), /Deactivated topology: wc[\s\S]*exit 0/);
  assert.match(await run("ListTopologies"), /^wc +INACTIVE/m);
  assert.match(await run("Activate", "wc"), /Activated topology: wc[\s\S]*exit 0/);
  assert.match(await run("Activate", "nobody"), /NotAliveException[\s\S]*nobody is not alive/);
  assert.match(
    await run("Rebalance", "wc", "-w", "0", "-n", "3", "-e", "split=1"),
    /Topology wc is rebalancing[\s\S]*exit 0/,
  );
  assert.match(
    await run("Rebalance", "wc", "-e", "nope=1"),
    /InvalidTopologyException[\s\S]*Invalid component nope for topology wc/,
  );
  assert.match(await run("SetLogLevel", "-l", "ROOT=DEBUG:30", "wc"), /exit 0/);
  assert.match(await run("UploadCredentials", "wc", "user", "me"), /exit 0/);
  assert.match(await run("GetErrors", "wc"), /\{"Comp-Errors":\{\},"Topology Name":"wc"\}[\s\S]*exit 0/);
  const blobs = await run("Blobstore", "list");
  for (const suffix of ["stormjar.jar", "stormcode.ser", "stormconf.ser"])
    assert.match(blobs, new RegExp(`wc-1-\\d+-${suffix}`));
  assert.match(await run("Blobstore", "create", "mine", "-f", nimbus.config, "-a", "o::rwa"), /exit 0/);
  assert.match(await run("Blobstore", "cat", "mine"), /nimbus\.thrift\.port: \d+[\s\S]*exit 0/);
  assert.match(await run("Blobstore", "replication", "--read", "mine"), /Current replication factor 1[\s\S]*exit 0/);
  assert.match(await run("Blobstore", "delete", "mine"), /exit 0/);

  await stateIsReadByStorm(nimbus, zookeeper.clientPort, folder.join("nimbus-local", "nimbus", "history"));

  assert.match(await run("KillTopology", "wc", "-w", "1"), /Killed topology: wc[\s\S]*exit 0/);
  await eventually(
    async () => /No topologies running/.test(await run("ListTopologies")) || undefined,
    stepMs,
    "the end of the topology",
  );
});

async function stateIsReadByStorm(nimbus: NimbusProcess, zooKeeperPort: number, history: string): Promise<void> {
  const options = {
    servers: `127.0.0.1:${zooKeeperPort}`,
    root: "/storm",
    sessionTimeoutMs: 10_000,
    patienceMs: stepMs,
  };
  await using state = openClusterState(runtime, options);
  const info = {
    time_secs: 5,
    hostname: "host-1",
    meta: [6700, 6701],
    server_port: 1,
    resources_map: new Map([
      ["memory.mb", 4096],
      ["cpu.pcore.percent", 400],
    ]),
  };
  await state.keepSupervisor("s1", 1000, () => info).refresh();
  const [id = ""] = await state.topologies();
  for (const each of [1, 2])
    await state.reportError(id, "split", { error: `error ${each}`, error_time_secs: each, host: "host-1", port: 6700 });
  await eventually(
    async () => ((await state.assignment(id))?.executor_node_port.length ?? 0) > 0 || undefined,
    stepMs,
    "the assignment",
  );
  await nimbus.submit("gone", wordCountThrift());
  await nimbus.call((calls) => calls.killTopologyWithOpts({ name: "gone", options: { wait_secs: 0 } }));
  await eventually(async () => (await state.topologies()).length === 1 || undefined, stepMs, "one topology alone");
  const program = join(repositoryRoot, "test", "interop", "nimbus", "read-state.java");
  await using reader = startProcess("java", [
    "-cp",
    join(await apacheStormJars(), "*"),
    program,
    String(zooKeeperPort),
    history,
  ]);
  await reader.assertExit(0, stepMs);
  const said = reader.stdout.split("\n").filter((line) => line.startsWith("# "));
  const fields = (time: number) => `ErrorInfo(error:error ${time}, error_time_secs:${time}, host:host-1, port:6700)`;
  assert.deepEqual(
    said
      .slice(0, -1)
      .map((line) => line.replace(/reset_log_level_timeout_epoch:\d+/, "reset_log_level_timeout_epoch:*")),
    [
      "# storm wc ACTIVE 3 {__acker=2, __system=0, count=2, sentences=1, split=1}",
      "# assigned 6 executors on {s1=host-1}",
      `# errors [${fields(2)}, ${fields(1)}]`,
      `# last ${fields(2)}`,
      "# credentials Credentials(creds:{user=me})",
      "# log config LogConfig(named_logger_level:{ROOT=LogLevel(action:UPDATE, target_log_level:DEBUG, " +
        "reset_log_level_timeout_secs:30, reset_log_level_timeout_epoch:*)})",
      "# supervisor s1 host-1 [6700, 6701]",
      `# nimbus 127.0.0.1:${nimbus.port}`,
      // The stock Rebalance sends its own -c options as a new conf: the second version.
      `# blob of wc on [127.0.0.1:${nimbus.port}:0-2]`,
    ],
  );
  assert.match(
    said.at(-1) ?? "",
    /^# history \[LSTopoHistory\(topology_id:gone-2-\d+, time_stamp:\d+, users:\[\w+\], groups:\[\]\)\]$/,
  );
}
