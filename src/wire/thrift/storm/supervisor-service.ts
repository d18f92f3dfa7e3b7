/** The calls of a supervisor, on port 6628: nimbus pushes assignments, local workers beat and read theirs. */
import { method, nothing, service } from "../service.ts";
import { required } from "../struct.ts";
import { string } from "../types.ts";
import { Assignment, SupervisorAssignments } from "./cluster-state.ts";
import { AuthorizationException, NotAliveException } from "./exceptions.ts";
import { SupervisorWorkerHeartbeat } from "./heartbeats.ts";

export const Supervisor = service("Supervisor", {
  sendSupervisorAssignments: method({ assignments: required(1, SupervisorAssignments) }, nothing, [
    AuthorizationException,
  ]),
  getLocalAssignmentForStorm: method({ id: required(1, string) }, Assignment, [
    NotAliveException,
    AuthorizationException,
  ]),
  sendSupervisorWorkerHeartbeat: method({ heartbeat: required(1, SupervisorWorkerHeartbeat) }, nothing, [
    AuthorizationException,
  ]),
});
