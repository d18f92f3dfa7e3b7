/**
 * A cluster on this machine as data: nodes, daemons, folders, ports. Pure.
 *
 *   <folder>/cluster.yaml  start-all.sh  stop-all.sh  run/*.pid  conf/storm.yaml (for clients)
 *            zk-cluster/800N  zk-data/800N                        the tutorial's tree
 *            nodeN/conf/storm.yaml  nodeN/logs/  nodeN/storm-local/
 *
 * As in the tutorial, node1 has nimbus and the nodes after it a supervisor each; ZooKeeper server N and DRPC server N are on node N.
 * Each node has a loopback
 * address of its own where the machine has them (Linux), so that every node has the same ports, as on real machines.
 */
import { type EnsembleLayout, layoutEnsemble, metricsPortOf } from "../zookeeper-ensemble/layout.ts";
import type { ClusterSpec } from "./cluster-spec.ts";

export type Role = "zookeeper" | "nimbus" | "supervisor" | "drpc" | "ui";

export interface PlannedPort {
  readonly host: string;
  readonly port: number;
  /** In words, for the message that it is taken. */
  readonly use: string;
}

/** One process of the cluster; workers are the supervisors' business. */
export interface Daemon {
  /** `zookeeper1`, `nimbus1`, `supervisor2`, `drpc1`, `ui1`. */
  readonly id: string;
  readonly role: Role;
  readonly node: string;
  /** What starts it, after the words that start storm-lab. */
  readonly args: readonly string[];
  /** Its working folder. */
  readonly folder: string;
  /** Everything that it prints. */
  readonly outputFile: string;
  readonly pidFile: string;
  /** Files that it reads at its start: when one changes, it must be started again. */
  readonly configFiles: readonly string[];
  readonly ports: readonly PlannedPort[];
  /** Its environment beside what it inherits: where its network faults are told, and which node it is of. */
  readonly env: Readonly<Record<string, string>>;
}

export interface Node {
  readonly name: string;
  readonly address: string;
  /** Its own part of the cluster's folder. */
  readonly folder: string;
  readonly stormYaml: string;
  readonly nimbusPort: number;
  readonly supervisorPort: number;
  readonly nimbusMetricsPort: number;
  /** Null: so many nodes share one address that its block of ports has none left. */
  readonly supervisorMetricsPort: number | null;
  readonly slotPorts: readonly number[];
}

export interface ClusterLayout {
  readonly spec: ClusterSpec;
  readonly folder: string;
  readonly nodes: readonly Node[];
  readonly daemons: readonly Daemon[];
  readonly ensemble: EnsembleLayout;
  /** storm.yaml for `submit`, `list` and the rest. */
  readonly clientYaml: string;
  readonly ports: Ports;
}

export interface Ports {
  readonly nimbus: number;
  readonly supervisor: number;
  readonly firstSlot: number;
  readonly drpc: number;
  readonly drpcInvocations: number;
  readonly drpcHttp: number;
  readonly ui: number;
  readonly logviewer: number;
  /** That of server N is N above it. */
  readonly zooKeeperMetrics: number;
  readonly nimbusMetrics: number;
  readonly supervisorMetrics: number;
}

/** Where one node's ports begin if all nodes share one address. */
const portsPerNode = 10;
/** Of the metrics of supervisors, in a block. */
const supervisorMetricsPorts = 17;
const tickTimeMs = { classroom: 500, storm: 2000 } as const;

/** `ownAddresses`: 127.0.0.2 and its like can be listened on. */
export function layoutCluster(spec: ClusterSpec, folder: string, ownAddresses: boolean): ClusterLayout {
  const ports = portsOf(spec.ports);
  const ensemble = layoutEnsemble(
    folder,
    spec.zookeeper.servers,
    spec.ports === "classic" ? null : spec.ports,
    tickTimeMs[spec.pace],
    ports.zooKeeperMetrics,
  );
  const nodeCount = Math.max(
    spec.zookeeper.servers,
    spec.nimbus.count,
    spec.drpc.count,
    spec.ui.count,
    firstSupervisorNode - 1 + spec.supervisors.count,
  );
  const nodes = Array.from({ length: nodeCount }, (_, index) =>
    layoutNode(spec, folder, ports, index + 1, ownAddresses),
  );
  const daemons = [
    ...ensemble.seats.map((seat) => zooKeeperDaemon(folder, ensemble, seat)),
    ...nodes.slice(0, spec.nimbus.count).map((node, index) => nimbusDaemon(folder, node, index + 1)),
    ...nodes
      .slice(firstSupervisorNode - 1, firstSupervisorNode - 1 + spec.supervisors.count)
      .map((node, index) => supervisorDaemon(folder, node, index + 1)),
    ...nodes.slice(0, spec.drpc.count).map((node, index) => drpcDaemon(folder, ports, node, index + 1)),
    ...nodes.slice(0, spec.ui.count).map((node, index) => uiDaemon(folder, ports, node, index + 1)),
  ];
  return { spec, folder, nodes, daemons, ensemble, clientYaml: `${folder}/conf/storm.yaml`, ports };
}

/** The first node is nimbus's alone, as in the tutorial. */
const firstSupervisorNode = 2;

/** In a block P the ensemble takes P+1 … P+29, as `zookeeper ensemble --port-base P` does. */
function portsOf(wanted: ClusterSpec["ports"]): Ports {
  return wanted === "classic"
    ? {
        nimbus: 6627,
        supervisor: 6628,
        firstSlot: 6700,
        drpc: 3772,
        drpcInvocations: 3773,
        drpcHttp: 3774,
        ui: 8080,
        logviewer: 8000,
        zooKeeperMetrics: 7000,
        nimbusMetrics: 7010,
        supervisorMetrics: 7020,
      }
    : {
        nimbus: wanted + 31,
        supervisor: wanted + 41,
        firstSlot: wanted + 100,
        drpc: wanted + 91,
        drpcInvocations: wanted + 92,
        drpcHttp: wanted + 93,
        ui: wanted + 94,
        logviewer: wanted + 95,
        zooKeeperMetrics: wanted + 31,
        nimbusMetrics: wanted + 96,
        supervisorMetrics: wanted + 74,
      };
}

function layoutNode(spec: ClusterSpec, folder: string, ports: Ports, number: number, ownAddresses: boolean): Node {
  const name = `node${number}`;
  const shift = ownAddresses ? 0 : number - 1;
  const firstSlot = ports.firstSlot + shift * Math.max(portsPerNode, spec.supervisors.slots);
  return {
    name,
    address: ownAddresses ? `127.0.0.${number}` : "127.0.0.1",
    folder: `${folder}/${name}`,
    stormYaml: `${folder}/${name}/conf/storm.yaml`,
    nimbusPort: ports.nimbus,
    supervisorPort: ports.supervisor + shift,
    nimbusMetricsPort: ports.nimbusMetrics,
    supervisorMetricsPort: shift < supervisorMetricsPorts ? ports.supervisorMetrics + shift : null,
    slotPorts: Array.from({ length: spec.supervisors.slots }, (_, slot) => firstSlot + slot),
  };
}

function zooKeeperDaemon(folder: string, ensemble: EnsembleLayout, seat: EnsembleLayout["seats"][number]): Daemon {
  const metricsPort = metricsPortOf(ensemble, seat);
  const id = `zookeeper${seat.id}`;
  const host = "127.0.0.1";
  return {
    id,
    role: "zookeeper",
    node: `node${seat.id}`,
    args: ["zookeeper", "--config", seat.configFile],
    folder: seat.home,
    outputFile: seat.outputFile,
    pidFile: seat.pidFile,
    configFiles: [seat.configFile],
    env: faultEnv(folder, `node${seat.id}`),
    ports: [
      { host, port: seat.clientPort, use: `clients of ZooKeeper server ${seat.id}` },
      { host, port: seat.quorumPort, use: `the quorum, ZooKeeper server ${seat.id}` },
      { host, port: seat.electionPort, use: `the election, ZooKeeper server ${seat.id}` },
      ...(metricsPort === null ? [] : [{ host, port: metricsPort, use: `metrics of ZooKeeper server ${seat.id}` }]),
    ],
  };
}

function nimbusDaemon(folder: string, node: Node, number: number): Daemon {
  const id = `nimbus${number}`;
  return {
    id,
    role: "nimbus",
    node: node.name,
    args: ["nimbus", "--config", node.stormYaml],
    folder: node.folder,
    outputFile: `${node.folder}/logs/nimbus.log`,
    pidFile: pidFileOf(folder, id),
    configFiles: [node.stormYaml],
    env: faultEnv(folder, node.name),
    ports: [
      { host: node.address, port: node.nimbusPort, use: `nimbus on ${node.name}` },
      { host: node.address, port: node.nimbusMetricsPort, use: `metrics of nimbus on ${node.name}` },
    ],
  };
}

function supervisorDaemon(folder: string, node: Node, number: number): Daemon {
  const id = `supervisor${number}`;
  const { address: host, supervisorPort, supervisorMetricsPort } = node;
  const slots = node.slotPorts.map((port) => ({ host, port, use: `a worker of ${node.name}` }));
  const metrics =
    supervisorMetricsPort === null
      ? []
      : [{ host, port: supervisorMetricsPort, use: `metrics of the supervisor of ${node.name}` }];
  return {
    id,
    role: "supervisor",
    node: node.name,
    args: ["supervisor", "--config", node.stormYaml],
    folder: node.folder,
    outputFile: `${node.folder}/logs/supervisor.log`,
    pidFile: pidFileOf(folder, id),
    configFiles: [node.stormYaml],
    env: faultEnv(folder, node.name),
    ports: [{ host, port: supervisorPort, use: `the supervisor of ${node.name}` }, ...slots, ...metrics],
  };
}

function drpcDaemon(folder: string, ports: Ports, node: Node, number: number): Daemon {
  const id = `drpc${number}`;
  const host = node.address;
  return {
    id,
    role: "drpc",
    node: node.name,
    args: ["drpc", "--config", node.stormYaml],
    folder: node.folder,
    outputFile: `${node.folder}/logs/drpc.log`,
    pidFile: pidFileOf(folder, id),
    configFiles: [node.stormYaml],
    env: faultEnv(folder, node.name),
    ports: [
      { host, port: ports.drpc, use: `calls of functions on ${node.name}` },
      { host, port: ports.drpcInvocations, use: `topologies that fetch calls on ${node.name}` },
      { host, port: ports.drpcHttp, use: `calls over HTTP on ${node.name}` },
    ],
  };
}

function uiDaemon(folder: string, ports: Ports, node: Node, number: number): Daemon {
  const id = `ui${number}`;
  return {
    id,
    role: "ui",
    node: node.name,
    args: ["ui", "--config", node.stormYaml],
    folder: node.folder,
    outputFile: `${node.folder}/logs/ui.log`,
    pidFile: pidFileOf(folder, id),
    configFiles: [node.stormYaml],
    env: faultEnv(folder, node.name),
    ports: [
      { host: node.address, port: ports.ui, use: `the UI on ${node.name}` },
      { host: node.address, port: ports.logviewer, use: `the log viewer on ${node.name}` },
    ],
  };
}

/** Where a browser finds it. */
export function uiUrls({ daemons }: Pick<ClusterLayout, "daemons">): string[] {
  return daemons.flatMap(({ role, ports: [first] }) =>
    role === "ui" && first !== undefined ? [`http://${first.host}:${first.port}`] : [],
  );
}

/** What lies on the network between its nodes. */
export function faultFileOf(folder: string): string {
  return `${folder}/run/faults.json`;
}

function faultEnv(folder: string, node: string): Record<string, string> {
  return { STORM_LAB_FAULTS: faultFileOf(folder), STORM_LAB_NODE: node };
}

function pidFileOf(folder: string, id: string): string {
  return `${folder}/run/${id}.pid`;
}
