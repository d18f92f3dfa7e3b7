/** What is still wanting until a cluster without faults is as it has to be. */
import { slotsOf } from "./ledger.ts";
import type { Observer } from "./observer.ts";
import type { SimulatedCluster } from "./simulated-cluster.ts";
import type { Student } from "./student.ts";

/** In words; null: nothing. */
export function wanting(cluster: SimulatedCluster, observer: Observer, student: Student): string | null {
  const { ledger } = observer;
  const serving = cluster.zooKeeper.serving.size;
  if (serving < cluster.zooKeeper.hosts.length) return `${serving} ZooKeeper servers serve`;
  if (cluster.leaders.length !== 1) return `${cluster.leaders.length} nimbuses lead`;
  const away = cluster.supervisorHosts.length - ledger.supervisors.size;
  if (away !== 0) return `${away} supervisors are not in ZooKeeper`;
  for (const [id, { status }] of ledger.topologies)
    if (status === "KILLED" || status === "REBALANCING") return `${id} is ${status}`;
  return untold(observer, student) ?? unplaced(observer) ?? unstaffed(cluster, observer);
}

/** What nimbus has answered, and what is not so. */
function untold({ ledger }: Observer, { told }: Student): string | null {
  const names = [...ledger.topologies.values()].map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) return `there are two topologies called ${twice}`;
  for (const [name, what] of told) {
    if (what === "alive" && !names.includes(name)) return `${name} was submitted, nimbus said so, and is not there`;
    if (what === "killed" && names.includes(name)) return `${name} was killed, nimbus said so, and is there`;
  }
  return null;
}

function unplaced({ ledger }: Observer): string | null {
  for (const [id, base] of ledger.topologies) {
    const assignment = ledger.assignments.get(id);
    const slots = assignment === undefined ? 0 : slotsOf(assignment).size;
    if (slots !== base.num_workers) return `${id} has ${slots} slots and wants ${base.num_workers}`;
    const executors = [...(base.component_executors ?? [])].reduce((sum, [, count]) => sum + count, 0);
    const placed = assignment?.executor_node_port.length ?? 0;
    if (placed < executors) return `${id} has ${placed} of its executors placed`;
  }
  return null;
}

/** Workers are where they are assigned, all of them and no others, and tuples flow. */
function unstaffed(cluster: SimulatedCluster, { ledger, acked }: Observer): string | null {
  const wanted = new Set<string>();
  for (const [id, assignment] of ledger.assignments)
    for (const slot of slotsOf(assignment)) {
      const at = slot.lastIndexOf(":");
      wanted.add(`${id} on ${ledger.hostOf(slot.slice(0, at))}${slot.slice(at)}`);
    }
  const running = new Set(cluster.workers.map(({ topologyId, host, port }) => `${topologyId} on ${host}:${port}`));
  for (const each of wanted) if (!running.has(each)) return `no worker runs ${each}`;
  for (const each of running) if (!wanted.has(each)) return `a worker runs ${each} and is not assigned`;
  for (const id of ledger.topologies.keys()) if (!acked.has(id)) return `no sentence of ${id} was acked`;
  return null;
}
