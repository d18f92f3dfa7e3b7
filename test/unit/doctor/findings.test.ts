/** What facts become which findings, and that each can be told in both languages. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ClusterFacts } from "../../../src/doctor/cluster-checks.ts";
import { checkCluster, checkMachine, type Finding, type MachineFacts, tellFinding } from "../../../src/doctor/index.ts";
import { doctorTexts } from "../../../src/doctor/texts.ts";

const goodMachine: MachineFacts = {
  nodeVersion: "v24.1.0",
  platform: "linux",
  glibc: "2.36",
  availableBytes: 4e9,
  openFilesMax: 65_536,
  disk: { path: "/home", freeBytes: 50e9 },
  temp: { path: "/tmp", problem: null },
  hostName: { name: "node1", problem: null },
  nowMs: Date.UTC(2026, 0, 1),
  takenPorts: [],
  leftPidFiles: [],
  leftProcesses: [],
};

const badMachine: MachineFacts = {
  nodeVersion: "v22.0.0",
  platform: "linux",
  glibc: "2.17",
  availableBytes: 1e8,
  openFilesMax: 1024,
  disk: { path: "/home", freeBytes: 1e6 },
  temp: { path: "/none", problem: "ENOENT" },
  hostName: { name: "lost", problem: "ENOTFOUND" },
  nowMs: 0,
  takenPorts: [{ host: "127.0.0.1", port: 6627, use: "nimbus on node1", holder: { pid: 7, command: "java" } }],
  leftPidFiles: [{ path: "/run/nimbus1.pid", pid: 8 }],
  leftProcesses: [{ pid: 9, command: "storm-lab nimbus", cluster: "old" }],
};

const shared = { "storm.zookeeper.root": '"/storm"' };
const process = { node: "node2", pid: 5, ports: [], topology: null } as const;
const node2 = { name: "node2", address: "127.0.0.2", stormYaml: "/node2/storm.yaml", problem: null, shared };
const goodCluster: ClusterFacts = {
  name: "classroom",
  processes: [{ ...process, id: "supervisor1", role: "supervisor", state: "running" }],
  faults: 0,
  servers: [1, 2, 3].map((id) => server(id, id === 2 ? "leader" : "follower")),
  nimbusLeads: true,
  supervisors: [{ host: "127.0.0.2", slots: 4, usedSlots: 2 }],
  nodes: [{ ...node2, name: "node1", address: "127.0.0.1" }, node2],
  topologies: [{ name: "wc", status: "ACTIVE", wantedWorkers: 2, workers: 2, errors: [], failed: new Map() }],
  exits: [{ slot: "node2:6700", count: 1, lastError: "killed", logFile: "/worker.log" }],
};

const error = { component: "spout", host: "127.0.0.2", port: 6700, secondsAgo: 3 };
const badClusters: ClusterFacts[] = [
  {
    ...goodCluster,
    servers: [
      { ...server(1, "leader"), myid: "7" },
      server(2, "leader"),
      { ...server(3, "looking"), serverLines: ["server.3=x"] },
    ],
    nimbusLeads: false,
    faults: 1,
    processes: [
      { ...process, id: "supervisor1", role: "supervisor", state: "stopped" },
      { ...process, id: "ui1", role: "ui", state: "paused" },
    ],
    nodes: [
      { ...node2, name: "node1" },
      { ...node2, shared: { "storm.zookeeper.root": '"/x"' } },
      { ...node2, problem: "no YAML" },
    ],
    exits: [{ slot: "node2:6700", count: 3, lastError: "no such table", logFile: "/worker.log" }],
    topologies: [
      {
        name: "wc",
        status: "ACTIVE",
        wantedWorkers: 5,
        workers: 1,
        errors: [
          { ...error, text: "ENOENT: no such file or directory, open '/data/words.txt'" },
          { ...error, component: "split", text: "TypeError: x" },
        ],
        failed: new Map([["spout", 12]]),
      },
    ],
  },
  { ...goodCluster, servers: [server(1, "looking"), server(2, "looking"), server(3, "follower")] },
  { ...goodCluster, supervisors: [] },
];

describe("the doctor", () => {
  it("finds nothing where all is well", () => {
    assert.deepEqual(checkMachine(goodMachine), []);
    assert.deepEqual(checkCluster(goodCluster), []);
  });

  it("has a fault for each of its codes, and for each finding words in both languages", () => {
    const findings = [...checkMachine(badMachine), ...badClusters.flatMap(checkCluster)];
    assert.deepEqual([...new Set(findings.map(({ code }) => code))].sort(), Object.keys(doctorTexts).sort());
    for (const finding of findings) {
      for (const language of ["en", "zh"] as const) {
        const told = tellFinding(finding, language);
        assert.doesNotMatch(`${told.what} ${told.why} ${told.fix}`, /\{\w+\}/, "every value is there");
        assert.ok(/\p{Script=Han}/u.test(told.why) === (language === "zh"));
      }
    }
  });

  it("names who holds a port, and the file that is missing where", () => {
    assert.match(whatOf(checkMachine(badMachine), "SL-DOCTOR-PORT"), /port 6627 on 127\.0\.0\.1 .* 7 \(java\)/);
    const findings = badClusters.flatMap(checkCluster);
    assert.match(whatOf(findings, "SL-DOCTOR-FILE-MISSING"), /spout of wc .* 127\.0\.0\.2: .*words\.txt/);
    assert.match(whatOf(findings, "SL-DOCTOR-MYID"), /server 1 is 7/);
  });

  it("takes one dead worker, one silent follower of five and a lone server without myid for no error", () => {
    const five = [1, 2, 3, 4, 5].map((id) => server(id, id === 1 ? "leader" : id === 5 ? "looking" : "follower"));
    const [finding, ...more] = checkCluster({ ...goodCluster, servers: five });
    assert.deepEqual([finding?.code, finding?.severity, more], ["SL-DOCTOR-ZK-DOWN", "warning", []]);
    assert.deepEqual(checkCluster({ ...goodCluster, servers: [{ ...server(1, "standalone"), myid: null }] }), []);
  });

  it("mends by itself only what ends and deletes nothing", () => {
    const kinds = [...checkMachine(badMachine), ...badClusters.flatMap(checkCluster)].flatMap(
      ({ safe }) => safe?.kind ?? [],
    );
    assert.deepEqual(kinds.sort(), ["remove-pid-file", "resume", "start"]);
  });
});

function server(id: number, role: string): ClusterFacts["servers"][number] {
  const serverLines = ["server.1=127.0.0.1:8001:9001", "server.2=127.0.0.1:8002:9002"];
  return {
    id,
    role,
    myid: String(id),
    myidFile: `/zk-data/800${id}/data/myid`,
    configFile: `/zk/800${id}/zoo.cfg`,
    serverLines,
  };
}

function whatOf(findings: readonly Finding[], code: string): string {
  const finding = findings.find((one) => one.code === code);
  assert.ok(finding !== undefined, `${code} was found`);
  return tellFinding(finding, "en").what;
}
