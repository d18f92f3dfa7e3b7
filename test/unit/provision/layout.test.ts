import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultSpec } from "../../../provision/cluster/cluster-spec.ts";
import { type ClusterLayout, layoutCluster } from "../../../provision/cluster/layout.ts";
import { clientStormYaml, nodeStormYaml } from "../../../provision/cluster/storm-yaml.ts";

const folder = "/somewhere/.storm-lab/clusters/classroom";

function portsOf(layout: ClusterLayout): string[] {
  return layout.daemons.flatMap(({ ports }) => ports.map(({ host, port }) => `${host}:${port}`));
}

describe("the layout of a cluster on one machine", () => {
  it("is the tutorial's: nimbus on node1, supervisors on the nodes after it, a ZooKeeper server on each", () => {
    const { daemons } = layoutCluster(defaultSpec, folder, true);
    assert.deepEqual(
      daemons.map(({ id, node }) => `${id} on ${node}`),
      [
        "zookeeper1 on node1",
        "zookeeper2 on node2",
        "zookeeper3 on node3",
        "nimbus1 on node1",
        "supervisor1 on node2",
        "supervisor2 on node3",
        "drpc1 on node1",
        "ui1 on node1",
      ],
    );
  });

  it("gives every node Storm's own ports, on an address of its own", () => {
    const ports = portsOf(layoutCluster(defaultSpec, folder, true));
    for (const port of ["127.0.0.1:2181", "127.0.0.1:8001", "127.0.0.1:9001", "127.0.0.1:6627", "127.0.0.3:6628"])
      assert.ok(ports.includes(port), port);
    assert.deepEqual(
      ports.filter((port) => port.includes(":67")),
      ["127.0.0.2", "127.0.0.3"].flatMap((host) => [6700, 6701, 6702, 6703].map((port) => `${host}:${port}`)),
    );
  });

  it("tells every node and every client where the DRPC servers are, and says nothing of none", () => {
    const layout = layoutCluster({ ...defaultSpec, drpc: { count: 2 } }, folder, true);
    const texts = [clientStormYaml(layout), ...layout.nodes.map((node) => nodeStormYaml(layout, node))];
    for (const text of texts) {
      assert.match(text, /^drpc\.servers: \["127\.0\.0\.1","127\.0\.0\.2"\]$/m);
      assert.match(text, /^drpc\.port: 3772$/m);
    }
    assert.ok(portsOf(layout).includes("127.0.0.2:3773"));
    const none = layoutCluster({ ...defaultSpec, drpc: { count: 0 } }, folder, true);
    assert.doesNotMatch(clientStormYaml(none), /drpc/);
    assert.ok(none.daemons.every(({ role }) => role !== "drpc"));
  });

  it("tells each node where its metrics are, and has these ports free", () => {
    const layout = layoutCluster(defaultSpec, folder, true);
    assert.ok(portsOf(layout).includes("127.0.0.1:7010"));
    assert.ok(portsOf(layout).includes("127.0.0.3:7020"));
    for (const node of layout.nodes) {
      const text = nodeStormYaml(layout, node);
      assert.match(text, /^storm-lab\.nimbus\.metrics\.port: 7010$/m);
      assert.match(text, /^storm-lab\.supervisor\.metrics\.port: 7020$/m);
    }
    const crowd = { ...defaultSpec, ports: 21_000, supervisors: { count: 32, slots: 1 } };
    const last = layoutCluster(crowd, folder, false).nodes.at(-1);
    assert.equal(last?.supervisorMetricsPort, null);
  });

  for (const ownAddresses of [true, false]) {
    for (const ports of ["classic", 21_000] as const) {
      it(`names no port twice (${ports}, ${ownAddresses ? "an address for each node" : "one address for all"})`, () => {
        const spec = {
          ...defaultSpec,
          ports,
          supervisors: { count: 9, slots: 8 },
          zookeeper: { servers: 5 },
          drpc: { count: 1 },
        };
        const all = portsOf(layoutCluster(spec, folder, ownAddresses));
        assert.equal(new Set(all).size, all.length);
        if (ports === "classic") return;
        const numbers = all.map((port) => Number(port.split(":")[1]));
        assert.ok(numbers.every((port) => port > ports && port < ports + 200));
      });
    }
  }

  it("grows by a supervisor on the next node, and moves none", () => {
    const before = layoutCluster(defaultSpec, folder, true);
    const after = layoutCluster({ ...defaultSpec, supervisors: { count: 3, slots: 4 } }, folder, true);
    for (const daemon of before.daemons)
      assert.deepEqual(
        after.daemons.find(({ id }) => id === daemon.id),
        daemon,
      );
    assert.deepEqual(
      after.daemons.filter(({ id }) => !before.daemons.some((daemon) => daemon.id === id)).map(({ node }) => node),
      ["node4"],
    );
  });
});

describe("the storm.yaml of a node", () => {
  const spec = { ...defaultSpec, storm: { "topology.message.timeout.secs": 5 } };
  const layout = layoutCluster(spec, folder, true);
  const [, second] = layout.nodes;
  const text = second === undefined ? "" : nodeStormYaml(layout, second);

  it("says where the ensemble is, who the node is, and where it keeps things", () => {
    for (const line of [
      'storm.zookeeper.servers: ["127.0.0.1:2181","127.0.0.1:2182","127.0.0.1:2183"]',
      'nimbus.seeds: ["127.0.0.1"]',
      'storm.local.hostname: "127.0.0.2"',
      "supervisor.slots.ports: [6700,6701,6702,6703]",
      `storm.local.dir: "${folder}/node2/storm-local"`,
    ])
      assert.ok(text.split("\n").includes(line), line);
  });

  it("has the lines of cluster.yaml last, so that they win", () => {
    assert.match(text, /topology\.message\.timeout\.secs: 5\n$/);
    assert.match(clientStormYaml(layout), /topology\.message\.timeout\.secs: 5\n$/);
  });

  it("leaves Storm's time-outs alone at Storm's pace", () => {
    assert.match(text, /nimbus\.task\.timeout\.secs: 5/);
    const slow = layoutCluster({ ...defaultSpec, pace: "storm" }, folder, true);
    const [node] = slow.nodes;
    assert.ok(node !== undefined && !nodeStormYaml(slow, node).includes("nimbus.task.timeout.secs"));
  });
});
