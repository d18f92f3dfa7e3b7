/** cluster.yaml as a person would write it: every key, its value, what it means. Pure. */
import type { ClusterSpec } from "./cluster-spec.ts";

export function clusterFileText(spec: ClusterSpec): string {
  const own = Object.entries(spec.storm);
  return `# A Storm cluster. storm-lab up makes it, storm-lab down removes it; change a line and run storm-lab up again.

# Its name, and that of its folder.
name: ${plainName(spec.name)}

# Where its daemons run: as processes of this machine.
target: ${spec.target}

# classroom: what dies is replaced within seconds. storm: Storm's own time-outs.
pace: ${spec.pace}

# classic: the ports that Storm and ZooKeeper are known by (2181, 6627, 6700 …). Or the first port of a block of 200, for a second cluster.
ports: ${spec.ports}

zookeeper:
  # 1, 3 or 5: a majority of them has to run.
  servers: ${spec.zookeeper.servers}

nimbus:
  # One leads; with two or more another takes over when it dies.
  count: ${spec.nimbus.count}

supervisors:
  # Each is a node of its own.
  count: ${spec.supervisors.count}
  # Worker processes that each may run.
  slots: ${spec.supervisors.slots}

drpc:
  # Servers of function calls, on the first nodes. 0: none.
  count: ${spec.drpc.count}

ui:
  # Servers of the REST API and of the event stream, on the first nodes. 0: none.
  count: ${spec.ui.count}

# Lines for storm.yaml, for every daemon: any of Storm's keys.
storm:${own.length === 0 ? " {}" : `\n${own.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`).join("\n")}`}
`;
}

/** In quotes where YAML would read a number or a truth value. */
function plainName(name: string): string {
  return /^[a-z]/.test(name) && !yamlWords.has(name) ? name : JSON.stringify(name);
}

/** Those of YAML 1.1 among them: other programs read the file too. */
const yamlWords = new Set(["true", "false", "null", "yes", "no", "on", "off", "y", "n"]);
