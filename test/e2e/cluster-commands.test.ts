/** Clusters of real processes: made, looked at, stopped, started, changed, broken, removed. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { describe, it } from "node:test";
import { startProcess } from "../kit/index.ts";
import { clusterHome, commandMs, upMs } from "./cluster-processes.ts";

describe("a cluster", () => {
  it("comes up, is well, changes nothing the second time, and goes without a trace", async () => {
    await using lab = await clusterHome();
    const text = await lab.up();
    assert.match(text, /^create the cluster classroom\n/);
    assert.match(text, /The cluster classroom is up \(\d+\.\d s\)\./);
    const rows = await lab.processes();
    assert.deepEqual(
      rows.map(({ id, node, state }) => `${id} ${node} ${state}`),
      [
        "zookeeper1 node1 running",
        "zookeeper2 node2 running",
        "zookeeper3 node3 running",
        "nimbus1 node1 running",
        "supervisor1 node2 running",
        "supervisor2 node3 running",
        "drpc1 node1 running",
        "ui1 node1 running",
      ],
    );
    const status = await lab.run(["status", "--exit-code"]);
    assert.match(status, /✓ ZooKeeper: 3 of 3 serve/);
    assert.match(status, /✓ supervisors: 2 of 2, 0 of 8 slots used/);
    assert.match(status, /✓ DRPC: 1 of 1 take calls/);
    assert.match(status, /✓ UI: http:\/\/127\.0\.0\.1:\d+/);
    const [row] = JSON.parse(await lab.run(["clusters", "-o", "json"])) as { name: string; running: number }[];
    assert.deepEqual([row?.name, row?.running], ["classroom", 8]);
    assert.match(await lab.run(["up"]), /^the cluster classroom is up: nothing to do\n/);
    assert.deepEqual(await lab.processes(), rows);
    assert.match(await lab.run(["down", "--yes"]), /The cluster classroom is gone\.\n$/);
    await lab.assertNoneLeft();
    assert.equal(existsSync(lab.folder()), false);
    assert.equal(await lab.run(["clusters"]), "no clusters; storm-lab up makes one\n");
  });

  it("keeps its data over a stop, and starts again after everything was killed", async () => {
    await using lab = await clusterHome();
    await lab.up();
    const server = await connectString(lab.clientYaml());
    await lab.run(["zk", "create", "/kept", "yes", "--server", server]);
    assert.match(await lab.run(["stop"]), /^stopped ui1, drpc1, supervisor1, supervisor2, nimbus1, zookeeper1/);
    await lab.assertNoneLeft();
    assert.match(await lab.run(["status", "--exit-code"], 4), /^$/);
    await lab.run(["start"]);
    await lab.run(["up"]);
    assert.match(await lab.run(["zk", "get", "/kept"]), /yes/, "of the only cluster there is");
    assert.match(await lab.run(["zk", "get", "/kept", "--cluster", "classroom"]), /yes/);
    await lab.run(["zk", "ls", "--cluster", "other"], 4);
    await lab.killAll();
    assert.match(await lab.run(["up"]), /^start the cluster classroom\n/);
    assert.match(await lab.run(["zk", "get", "/kept", "--server", server]), /yes/);
  });

  it("takes nobody's process for its own after a restart of the machine", async () => {
    await using lab = await clusterHome();
    await lab.up();
    await lab.killAll();
    // The numbers of the dead are somebody else's now: this test's own process plays him.
    for (const name of ["nimbus1", "supervisor1", "supervisor2"]) {
      await writeFile(`${lab.folder()}/run/${name}.pid`, `${process.pid}\n`);
      await writeFile(`${lab.folder()}/run/${name}.pid.identity`, `${process.pid} another-boot:1\n`);
    }
    assert.ok((await lab.processes()).every(({ state }) => state === "stopped"));
    await lab.run(["up"]);
    await lab.run(["stop", "nimbus"]);
    assert.ok(!(await lab.processes()).some(({ pid }) => pid === process.pid));
  });

  it("is paused, resumed and restarted by node and role", async () => {
    await using lab = await clusterHome();
    await lab.up();
    await lab.run(["pause", "node2"]);
    const states = (await lab.processes()).map(({ id, state }) => `${id} ${state}`);
    assert.ok(states.includes("supervisor1 paused") && states.includes("zookeeper2 paused"));
    assert.ok(states.includes("supervisor2 running"));
    await lab.run(["status", "--exit-code"], 4);
    await lab.run(["resume", "node2"]);
    assert.ok((await lab.processes()).every(({ state }) => state === "running"));
    const before = await lab.pidOf("nimbus1");
    await lab.run(["restart", "nimbus"]);
    assert.notEqual(await lab.pidOf("nimbus1"), before);
    assert.match(await lab.run(["pause", "node9"], 2), /SL-CLUSTER-TARGET .*node9/);
  });

  it("grows and shrinks, moving nothing that stays", async () => {
    await using lab = await clusterHome();
    await lab.up("--supervisors", "1", "--zookeeper", "1");
    const nimbus = await lab.pidOf("nimbus1");
    assert.match(await lab.run(["scale", "supervisor=+2", "--dry-run"]), /start supervisor2 .*supervisor3/);
    await lab.run(["scale", "supervisor=+2"]);
    assert.equal((await lab.processes()).filter(({ role }) => role === "supervisor").length, 3);
    assert.equal(await lab.pidOf("nimbus1"), nimbus);
    await lab.run(["scale", "supervisor=1"]);
    assert.equal((await lab.processes()).filter(({ role }) => role === "supervisor").length, 1);
    assert.equal(existsSync(`${lab.folder()}/node3`), false);
    assert.match(await lab.run(["scale", "supervisors"], 2), /SL-USAGE/);
  });

  it("is started and stopped by its own scripts, which the planner understands", async () => {
    await using lab = await clusterHome();
    await lab.up("--supervisors", "1", "--zookeeper", "1");
    const ids = (await lab.processes()).map(({ id }) => id);
    await using stop = startProcess(`${lab.folder()}/stop-all.sh`, [], { cwd: "/" });
    await stop.assertExit(0, upMs);
    assert.match(stop.stdout, /supervisor1 stopped[\s\S]*nimbus1 stopped[\s\S]*zookeeper1 stopped/);
    await lab.assertNoneLeft();
    await using start = startProcess(`${lab.folder()}/start-all.sh`, [], { cwd: "/" });
    await start.assertExit(0, upMs);
    for (const id of ids) assert.match(start.stdout, new RegExp(`^${id} started$`, "m"));
    await lab.run(["up"]);
    assert.deepEqual(
      (await lab.processes()).filter(({ state }) => state === "running").map(({ id }) => id),
      ids,
    );
    await using again = startProcess(`${lab.folder()}/start-all.sh`, [], { cwd: "/" });
    await again.assertExit(0, upMs);
    for (const id of ids) assert.match(again.stdout, new RegExp(`^${id} runs already$`, "m"));
  });

  it("stands beside another one", async () => {
    await using lab = await clusterHome();
    await lab.up("--cluster", "one", "--supervisors", "1", "--zookeeper", "1");
    await lab.up("--cluster", "two", "--supervisors", "1", "--zookeeper", "1");
    assert.match(await lab.run(["ps"], 2), /SL-CLUSTER-WHICH .*one, two/);
    await lab.processes("--cluster", "one");
    await lab.processes("--cluster", "two");
    await lab.run(["down", "--cluster", "one", "--yes"]);
    await lab.run(["status", "--exit-code"]);
  });
});

describe("faults of a cluster", () => {
  it("are made, listed and undone", async () => {
    await using lab = await clusterHome();
    await lab.up();
    assert.match(
      await lab.run(["fault", "partition", "node2"]),
      /^no network between node2 and node1, node3, in these nodes' own network doors\nundo {2}storm-lab fault heal 1\n$/,
    );
    assert.match(
      await lab.run(["fault", "delay", "node3", "200ms", "node1"]),
      /200 ms each way between node3 and node1/,
    );
    assert.match(await lab.run(["fault", "list"]), /^1 {2}no network[^\n]*\n2 {2}200 ms[^\n]*\n$/);
    await lab.run(["fault", "heal", "2"]);
    assert.match(await lab.run(["fault", "list"]), /^1 {2}[^\n]*\n$/);
    await eventuallyStatus(lab, /supervisors: 1 of 2/);
    await lab.run(["fault", "heal"]);
    await eventuallyStatus(lab, /supervisors: 2 of 2/);
    assert.match(await lab.run(["fault", "kill", "nimbus"]), /killed nimbus1\nundo {2}storm-lab start nimbus/);
    await lab.run(["start", "nimbus"]);
    assert.match(await lab.run(["fault", "pause", "supervisor1"]), /undo {2}storm-lab resume supervisor1/);
    await lab.run(["resume", "supervisor1"]);
    assert.match(await lab.run(["fault", "partition", "node7"], 2), /SL-CLUSTER-TARGET .*node7/);
  });
});

describe("up says what is in its way", () => {
  it("a taken port, and leaves nothing behind", async () => {
    await using lab = await clusterHome();
    await using _blocker = await listenOn("127.0.0.1", 30_031);
    const stderr = await lab.run(["up", "--ports", "30000"], 5);
    assert.match(stderr, /SL-PORT-BUSY port 30031 on 127\.0\.0\.1 for nimbus on node1/);
    assert.equal(existsSync(lab.folder()), false);
  });

  it("a cluster file that was cut off, with its line", async () => {
    await using lab = await clusterHome();
    for (const [text, expected] of [
      [
        "name: wc\nsupervisors:\n  count: tw",
        /SL-CLUSTER-FILE .*cluster\.yaml:3 supervisors\.count must be a whole number/,
      ],
      ["name: wc\nsuperv", /SL-CLUSTER-FILE .*cluster\.yaml:2/],
      ["name: [", /SL-CLUSTER-FILE .*cluster\.yaml:\d+/],
      ["nodes: 3\n", /SL-CLUSTER-FILE .*has no key "nodes"/],
    ] as const) {
      await writeFile(lab.directory.join("cluster.yaml"), text);
      assert.match(await lab.run(["up"], 2), expected);
    }
    assert.match(await lab.run(["up", "--file", "no.yaml"], 2), /SL-CLUSTER-FILE-MISSING .*no\.yaml/);
  });

  it("a folder that cannot be one", async () => {
    await using lab = await clusterHome();
    await mkdir(lab.home);
    await writeFile(`${lab.home}/clusters`, "a file");
    assert.match(
      await lab.run(["up", "--ports", "free"], 3),
      /SL-CLUSTER-FOLDER .*clusters.*\n.*a file lies where a folder/,
    );
    await rm(`${lab.home}/clusters`);
  });

  it("another up at work on the cluster", async () => {
    await using lab = await clusterHome();
    await using first = lab.start(["up", "--ports", "free"]);
    await first.line(/create the cluster/, commandMs);
    const stderr = await lab.run(["up"], 5);
    assert.match(stderr, /SL-CLUSTER-BUSY .*classroom/);
    await first.assertExit(0, upMs);
    await lab.processes();
  });

  it("a daemon that cannot run, in its own words", async () => {
    await using lab = await clusterHome();
    const file = lab.directory.join("cluster.yaml");
    await writeFile(file, "storm:\n  nimbus.thrift.threads: none\n");
    const stderr = await lab.run(["up", "--ports", "free"], 3);
    assert.match(stderr, /SL-DAEMON-ENDED .*SL-CONF-VALUE .*nimbus\.thrift\.threads/);
    assert.equal(existsSync(lab.folder()), false);
    const retained = await lab.run(["up", "--ports", "free", "--retain"], 3);
    const [, role = ""] = /SL-DAEMON-ENDED (nimbus|supervisor|drpc|ui)/.exec(retained) ?? [];
    const node = role !== "supervisor" ? "node1" : /supervisor1/.test(retained) ? "node2" : "node3";
    assert.match(await readFile(`${lab.folder()}/${node}/logs/${role}.log`, "utf8"), /SL-CONF-VALUE/);
    await lab.processes();
  });

  it("an interruption, after which everything is as before", async () => {
    await using lab = await clusterHome();
    await using up = lab.start(["up", "--ports", "free"]);
    await up.line(/start zookeeper1/, upMs);
    up.signal("SIGINT");
    const { code } = await up.exit(upMs);
    // It may have been done already.
    if (code === 0) return lab.processes().then(() => {});
    assert.equal(code, 130);
    assert.equal(existsSync(lab.folder()), false);
  });
});

describe("down and init", () => {
  it("down asks first, and without a terminal refuses", async () => {
    await using lab = await clusterHome();
    await lab.up("--supervisors", "1", "--zookeeper", "1");
    assert.match(await lab.run(["down"], 2), /SL-CONFIRM/);
    await lab.run(["down", "--keep-data"]);
    await lab.assertNoneLeft();
    assert.equal(existsSync(lab.folder()), true);
    assert.match(await lab.run(["down", "--cluster", "other", "--yes"], 4), /SL-CLUSTER-NONE/);
  });

  it("down and up ask on a terminal before anything that is there goes", async () => {
    await using lab = await clusterHome();
    await lab.up("--supervisors", "1", "--zookeeper", "1");
    const before = await lab.processes();
    const refused = await lab.onTerminal(["up", "--pace", "storm"], "n\n");
    assert.match(refused, /stop nimbus1 .*\n[\s\S]*Go on\? \[y\/N\][\s\S]*SL-CONFIRM nothing was changed/);
    assert.match(await lab.onTerminal(["down"], "\n"), /Remove it, with its data\? \[y\/N\][\s\S]*SL-CONFIRM/);
    assert.deepEqual(await lab.processes(), before);
    assert.match(await lab.onTerminal(["down"], "y\n"), /The cluster classroom is gone/);
    await lab.assertNoneLeft();
  });

  it("init writes a file that up takes, and overwrites none", async () => {
    await using lab = await clusterHome();
    await lab.run(["init", "--non-interactive", "--template", "local", "--name", "mine", "--nodes", "2"]);
    assert.match(await readFile(lab.directory.join("cluster.yaml"), "utf8"), /^name: mine$/m);
    assert.match(await lab.run(["init", "--non-interactive"], 5), /SL-CLUSTER-FILE-EXISTS/);
    assert.equal(existsSync(join(lab.folder("mine"), "stop-all.sh")), true);
    assert.match(await lab.run(["up", "--dry-run"]), /start the cluster mine\n[\s\S]*supervisor1/);
    assert.match(await lab.run(["init", "--file", "two.yaml", "--name", "mine"], 5), /SL-CLUSTER-EXISTS/);
    assert.match(await lab.run(["init", "--file", "no/two.yaml"], 3), /SL-INIT-FOLDER/);
    assert.equal(
      await lab.run(["init", "--file", "two.yaml"]).then((text) => text.includes("/classroom/start-all.sh")),
      true,
    );
    assert.match(await lab.run(["init", "--file", "three.yaml"], 2), /SL-INIT-ANSWER the answer --name is missing/);
    assert.match(
      await lab.run(["init", "--print", "--drpc", "0", "--slots", "7"]),
      /^ {2}slots: 7$[\s\S]*^ {2}count: 0$/m,
    );
    assert.match(await lab.run(["init", "--print", "--slots", "many"], 2), /SL-USAGE --slots cannot be many/);
    assert.match(await lab.run(["init", "--print", "--nodes", "2", "--supervisors", "2"], 2), /SL-USAGE/);
    const schema = JSON.parse(await lab.run(["init", "--schema"])) as { properties: Record<string, unknown> };
    assert.deepEqual(Object.keys(schema.properties), [
      "name",
      "target",
      "pace",
      "ports",
      "zookeeper",
      "nimbus",
      "supervisors",
      "drpc",
      "ui",
      "storm",
    ]);
  });
});

async function connectString(clientYaml: string): Promise<string> {
  const [, list = "[]"] = /^storm\.zookeeper\.servers: (.*)$/m.exec(await readFile(clientYaml, "utf8")) ?? [];
  return (JSON.parse(list) as string[]).join(",");
}

async function eventuallyStatus(lab: Awaited<ReturnType<typeof clusterHome>>, pattern: RegExp): Promise<void> {
  const asks = 60;
  for (let ask = 0; ask < asks; ask++) if (pattern.test(await lab.run(["status"]))) return;
  assert.fail(`status never said ${pattern}: ${await lab.run(["status"])}`);
}

async function listenOn(host: string, port: number): Promise<AsyncDisposable> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return { [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())) };
}
