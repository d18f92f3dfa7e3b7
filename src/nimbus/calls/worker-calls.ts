/** Calls of supervisors and workers. */
import type { Handlers } from "../../rpc/index.ts";
import type { Assignment, Nimbus } from "../../wire/thrift/index.ts";
import type { NimbusParts } from "../nimbus-parts.ts";
import { assignmentsOf } from "../scheduling/assignment-push.ts";
import { notAlive } from "../topology-names.ts";

type WorkerCalls = Pick<
  Required<Handlers<typeof Nimbus.methods>>,
  | "getSupervisorAssignments"
  | "sendSupervisorWorkerHeartbeats"
  | "sendSupervisorWorkerHeartbeat"
  | "processWorkerMetrics"
>;

export function workerCalls({ leader, state, heartbeats }: NimbusParts): WorkerCalls {
  return {
    /** A nimbus that does not lead has no answer, as in Storm; the supervisor asks ZooKeeper then. */
    async getSupervisorAssignments({ node }) {
      if (leader.term === null) return null;
      const ids = await state.assignments();
      const found = await Promise.all(ids.map((id) => state.assignment(id)));
      const all = new Map<string, Assignment>();
      for (const [index, id] of ids.entries()) {
        const assignment = found[index];
        if (assignment != null) all.set(id, assignment);
      }
      return { storm_assignment: assignmentsOf(node, all) };
    },
    /**
     * A nimbus that does not lead refuses beats. Storm's drops them in silence, which does no harm there: its supervisors look for the
     * leader before each one. Ours keep their connection, and would beat into the void after each change of leaders.
     */
    async sendSupervisorWorkerHeartbeats({ heartbeats: { supervisor_id, worker_heartbeats } }) {
      await leader.require();
      for (const each of worker_heartbeats) heartbeats.heard(each, supervisor_id);
    },
    async sendSupervisorWorkerHeartbeat({ heatbeat }) {
      await leader.require();
      if ((await state.storm(heatbeat.storm_id)) === null) throw notAlive(heatbeat.storm_id);
      heartbeats.heard(heatbeat, null);
    },
    /** Storm keeps them in a store of their own that nothing but its own API reads. */
    processWorkerMetrics: () => {},
  };
}
