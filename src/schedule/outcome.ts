/** From the cluster at the end of a round to what nimbus is told: assignments, and one sentence for each topology. */
import type { Cluster } from "./cluster.ts";
import type { PlannedTopology } from "./planned-topology.ts";
import type { AssignedWorker, Schedule, TopologyStatus } from "./snapshot.ts";

/** `messages`: of topologies for which the scheduler has words of its own, by id. */
export function outcome(cluster: Cluster, messages: ReadonlyMap<string, string> = new Map()): Schedule {
  const assignments = new Map<string, readonly AssignedWorker[]>();
  const status = new Map<string, TopologyStatus>();
  for (const topology of cluster.topologies) {
    const workers = cluster.workersOf(topology);
    assignments.set(
      topology.id,
      workers.map(({ slot, executors, resources }) => ({
        slot,
        executors: executors.map(({ tasks }) => tasks).sort(([a], [b]) => a - b),
        resources,
      })),
    );
    status.set(topology.id, {
      message: messages.get(topology.id) ?? slotsMessage(cluster, topology),
      unassigned: cluster.unassigned(topology).map(({ tasks }) => tasks),
      workers: workers.length,
    });
  }
  return { assignments, status };
}

export const fullyScheduled = "Fully Scheduled";

function slotsMessage(cluster: Cluster, topology: PlannedTopology): string {
  const workers = cluster.workersOf(topology).length;
  const waiting = cluster.unassigned(topology).length;
  if (waiting === 0 && workers >= topology.usefulWorkers) return fullyScheduled;
  const short =
    waiting === 0
      ? `for ${topology.usefulWorkers} workers, so all executors run in ${workers}`
      : `for ${waiting} of ${topology.executors.length} executors`;
  return `Not enough slots ${short}: ${slotsOf(cluster)}`;
}

/** Why there are none. */
function slotsOf(cluster: Cluster): string {
  let [all, closed, dead] = [0, 0, 0];
  for (const { id, supervisor, open } of cluster.nodes) {
    if (supervisor === undefined) continue;
    const slots = new Set(supervisor.ports).size;
    all += slots;
    if (open) dead += cluster.deadPorts.get(id)?.size ?? 0;
    else closed += slots;
  }
  if (all === 0) return "no supervisor offers a slot";
  const parts = [
    `${all} in all`,
    `${cluster.freeSlots()} free`,
    ...(dead === 0 ? [] : [`${dead} of dead workers, free in the next round`]),
    ...(closed === 0 ? [] : [`${closed} on hosts closed to it`]),
  ];
  return parts.join(", ");
}
