/** storm.yaml of each node, and the one that clients read: as a person would write them, with a reason for each line. Pure. */

import type { Pace } from "./cluster-spec.ts";
import type { ClusterLayout, Node } from "./layout.ts";

/** For the daemons of a node. */
export function nodeStormYaml(layout: ClusterLayout, node: Node): string {
  return sections([
    `# ${node.name} of the cluster ${layout.spec.name}. Storm's keys; what is not here has Storm's default.`,
    memory(layout),
    seeds(layout),
    section("What others call this node, and where it listens.", {
      "storm.local.hostname": node.address,
      "nimbus.thrift.port": node.nimbusPort,
      "supervisor.thrift.port": node.supervisorPort,
    }),
    drpc(layout),
    ui(layout, node),
    section("Where Prometheus finds /metrics; -1: nowhere.", {
      "storm-lab.nimbus.metrics.port": node.nimbusMetricsPort,
      "storm-lab.supervisor.metrics.port": node.supervisorMetricsPort ?? -1,
    }),
    section("One worker process for each port.", { "supervisor.slots.ports": node.slotPorts }),
    section("Local state, code and logs of this node.", {
      "storm.local.dir": `${node.folder}/storm-local`,
      "storm.log.dir": `${node.folder}/logs`,
    }),
    pace(layout.spec.pace),
    own(layout),
  ]);
}

/** For commands such as submit and list. */
export function clientStormYaml(layout: ClusterLayout): string {
  return sections([
    `# For clients of the cluster ${layout.spec.name}: storm-lab list --config ${layout.clientYaml}`,
    memory(layout),
    seeds(layout),
    section("The port that the seeds listen on.", { "nimbus.thrift.port": layout.ports.nimbus }),
    drpc(layout),
    own(layout),
  ]);
}

function memory(layout: ClusterLayout): string {
  const [first] = layout.ensemble.seats;
  return section("The cluster's memory.", {
    "storm.zookeeper.servers": layout.ensemble.seats.map(({ clientPort }) => `127.0.0.1:${clientPort}`),
    "storm.zookeeper.port": first?.clientPort ?? 0,
  });
}

function seeds(layout: ClusterLayout): string {
  const nimbuses = layout.nodes.slice(0, layout.spec.nimbus.count).map(({ address }) => address);
  return section("Where a client asks who leads.", { "nimbus.seeds": nimbuses });
}

function drpc({ spec, nodes, ports }: ClusterLayout): string {
  if (spec.drpc.count === 0) return "";
  return section(
    "Servers of function calls: where clients call, where topologies fetch calls, where calls come over HTTP.",
    {
      "drpc.servers": nodes.slice(0, spec.drpc.count).map(({ address }) => address),
      "drpc.port": ports.drpc,
      "drpc.invocations.port": ports.drpcInvocations,
      "drpc.http.port": ports.drpcHttp,
    },
  );
}

function ui({ spec, nodes, ports, folder }: ClusterLayout, node: Node): string {
  if (!nodes.slice(0, spec.ui.count).includes(node)) return "";
  return section("The REST API and the page, and where logs are served.", {
    "ui.host": node.address,
    "ui.port": ports.ui,
    "logviewer.port": ports.logviewer,
    "storm-lab.logviewer.cluster.dir": folder,
  });
}

/** Storm's time-outs are made for machines that are far away and busy; in a class room a dead worker is to be replaced at once. */
const classroomPace: Readonly<Record<string, unknown>> = {
  "storm.zookeeper.session.timeout": 5000,
  "storm.zookeeper.connection.timeout": 3000,
  "nimbus.monitor.freq.secs": 1,
  "nimbus.task.timeout.secs": 5,
  "nimbus.task.launch.secs": 10,
  "supervisor.heartbeat.frequency.secs": 3,
  "supervisor.monitor.frequency.secs": 1,
  "supervisor.localizer.update.blob.interval.secs": 5,
  "supervisor.worker.timeout.secs": 5,
  "supervisor.worker.start.timeout.secs": 20,
  "supervisor.worker.shutdown.sleep.secs": 1,
  "executor.metrics.frequency.secs": 2,
  "task.refresh.poll.secs": 2,
  // Ten rounds of absence, as many seconds: a node that is started again within them gets work at once.
  "blacklist.scheduler.tolerance.count": 10,
  "blacklist.scheduler.tolerance.time.secs": 30,
  "blacklist.scheduler.resume.time.secs": 30,
};

function pace(chosen: Pace): string {
  return chosen === "storm"
    ? "# pace: storm. Every time-out is Storm's default."
    : section("pace: classroom. Shorter time-outs than Storm's: what dies is replaced within seconds.", classroomPace);
}

function own(layout: ClusterLayout): string {
  const { storm } = layout.spec;
  return Object.keys(storm).length === 0 ? "" : section("From cluster.yaml.", storm);
}

function section(comment: string, keys: Readonly<Record<string, unknown>>): string {
  return [`# ${comment}`, ...Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}`)].join("\n");
}

function sections(parts: readonly string[]): string {
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}
