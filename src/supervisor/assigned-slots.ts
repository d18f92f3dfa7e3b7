/** From assignments in ZooKeeper to what each slot of this node is to run. Pure. */
import type { Assignment, LocalAssignment } from "../wire/thrift/index.ts";

/** Port → assignment. A port with two topologies, which nimbus never writes, is given to the first by name. */
export function assignedSlots(
  supervisorId: string,
  assignments: ReadonlyMap<string, Assignment>,
): Map<number, LocalAssignment> {
  const slots = new Map<number, LocalAssignment>();
  for (const topologyId of [...assignments.keys()].sort()) {
    const assignment = assignments.get(topologyId) as Assignment;
    const mine = new Map<number, Array<{ task_start: number; task_end: number }>>();
    for (const [[first, last], { node, port }] of assignment.executor_node_port) {
      const [at] = port;
      if (node !== supervisorId || at === undefined || first === undefined || last === undefined) continue;
      mine.set(at, [...(mine.get(at) ?? []), { task_start: first, task_end: last }]);
    }
    for (const [port, executors] of mine) {
      if (slots.has(port)) continue;
      executors.sort((a, b) => a.task_start - b.task_start);
      const owner = assignment.owner === undefined ? {} : { owner: assignment.owner };
      slots.set(port, { topology_id: topologyId, executors, ...owner });
    }
  }
  return slots;
}
