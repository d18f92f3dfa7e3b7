import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ClusterSpec, defaultSpec } from "../../../provision/cluster/cluster-spec.ts";
import { clusterFiles, clusterFolders } from "../../../provision/cluster/files.ts";
import { layoutCluster } from "../../../provision/cluster/layout.ts";
import { clusterFileText } from "../../../provision/cluster/template.ts";
import { describeAction } from "../../../provision/plan/actions.ts";
import { type Observed, planDown, planUp } from "../../../provision/plan/make-plan.ts";
import type { ManagedProcess } from "../../../provision/processes/managed-process.ts";

const folder = "/clusters/classroom";
const nothing: Observed = {
  files: new Map(),
  folders: new Set(),
  running: new Map(),
  workers: new Map(),
  spareNodes: [],
};

function wanted(spec: ClusterSpec) {
  const layout = layoutCluster(spec, folder, true);
  return {
    layout,
    files: clusterFiles(layout, clusterFileText(spec), ["node", "storm-lab.mjs"]),
    folders: clusterFolders(layout),
  };
}

function process(id: string, pid: number): ManagedProcess {
  return { id, pid, identity: `boot:${pid}`, pidFile: `${folder}/run/${id}.pid` };
}

/** All of it there and running. */
function everything(spec: ClusterSpec): Observed {
  const { layout, files, folders } = wanted(spec);
  return {
    files: new Map(files.map(({ path, text }) => [path, text])),
    folders: new Set(folders),
    running: new Map(layout.daemons.map(({ id }, index) => [id, process(id, 100 + index)])),
    workers: new Map([["supervisor1", [process("worker node2:6700", 201)]]]),
    spareNodes: [],
  };
}

function up(spec: ClusterSpec, observed: Observed): { summary: string; lines: string[] } {
  const { layout, files, folders } = wanted(spec);
  const { summary, actions } = planUp(layout, files, folders, observed);
  return { summary, lines: actions.map(describeAction) };
}

describe("the plan of up", () => {
  it("makes folders, writes files, starts everything at once, and verifies", () => {
    const { summary, lines } = up(defaultSpec, nothing);
    assert.equal(summary, "create the cluster classroom");
    assert.equal(lines[0], `make ${folder}/`);
    assert.ok(lines.includes(`write ${folder}/node2/conf/storm.yaml`));
    assert.ok(lines.includes(`write ${folder}/start-all.sh`));
    assert.match(
      lines.at(-2) ?? "",
      /^start zookeeper1 \(127\.0\.0\.1:2181\), .*nimbus1 .*supervisor2 .*drpc1 \(127\.0\.0\.1:3772\), ui1 \(127\.0\.0\.1:8080\)$/,
    );
    assert.match(lines.at(-1) ?? "", /^wait until a majority of the ZooKeeper servers serves, nimbus leads, 2 superv/);
  });

  it("has nothing to do for a cluster that is up", () => {
    assert.deepEqual(up(defaultSpec, everything(defaultSpec)), {
      summary: "the cluster classroom is up: nothing to do",
      lines: [],
    });
  });

  it("starts what has died, and nothing else", () => {
    const observed = everything(defaultSpec);
    const running = new Map([...observed.running].filter(([id]) => id !== "nimbus1"));
    const { summary, lines } = up(defaultSpec, { ...observed, running });
    assert.equal(summary, "start the cluster classroom");
    assert.deepEqual(lines.slice(0, -1), ["start nimbus1 (127.0.0.1:6627)"]);
  });

  it("restarts the daemons whose configuration changes", () => {
    const observed = everything(defaultSpec);
    const changed = { ...defaultSpec, storm: { "nimbus.task.timeout.secs": 9 } };
    const stops = up(changed, observed).lines.filter((line) => line.startsWith("stop"));
    assert.deepEqual(stops, [
      "stop nimbus1 (process 103): its configuration changes",
      "stop supervisor1 (process 104): its configuration changes",
      "stop supervisor2 (process 105): its configuration changes",
      "stop drpc1 (process 106): its configuration changes",
      "stop ui1 (process 107): its configuration changes",
    ]);
  });

  it("stops what is not wanted any more, with its workers, and removes its folder", () => {
    const observed = { ...everything(defaultSpec), spareNodes: [`${folder}/node2`, `${folder}/node3`] };
    const { lines } = up({ ...defaultSpec, supervisors: { count: 0, slots: 4 } }, observed);
    assert.ok(lines.includes("stop worker node2:6700 (process 201): the cluster does not have it any more"));
    assert.ok(lines.indexOf(`remove ${folder}/node2/, a node less`) > lines.findIndex((line) => line.includes("201")));
  });
});

describe("the plan of down", () => {
  it("stops UI, DRPC servers and supervisors before their workers, nimbus next, ZooKeeper last, and removes the folder", () => {
    const { actions } = planDown("classroom", folder, everything(defaultSpec), false);
    const ids = actions.map((action) => (action.kind === "stop" ? action.process.id : action.kind));
    assert.deepEqual(ids, [
      "ui1",
      "drpc1",
      "supervisor1",
      "worker node2:6700",
      "supervisor2",
      "nimbus1",
      "zookeeper1",
      "zookeeper2",
      "zookeeper3",
      "remove",
    ]);
  });

  it("stops workers whose supervisor has died", () => {
    const observed = { ...nothing, workers: new Map([["supervisor1", [process("worker node2:6700", 201)]]]) };
    const { summary, actions } = planDown("classroom", folder, observed, true);
    assert.equal(summary, "stop the cluster classroom");
    assert.deepEqual(actions.map(describeAction), [
      "stop worker node2:6700 (process 201): its supervisor does not run",
    ]);
  });

  it("has nothing to do for a stopped cluster whose data is kept", () => {
    assert.deepEqual(planDown("classroom", folder, nothing, true).actions, []);
  });
});
