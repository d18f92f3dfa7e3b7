/** The supervisor: keeps a node's slots equal to the assignment. */
export type { Unpack } from "./code-store.ts";
export { supervisorErrorCodes } from "./error-codes.ts";
export { checkHealth, type HealthFault } from "./health-check.ts";
export { killWorkers } from "./kill-workers.ts";
export { type SupervisorSettings, supervisorSettings } from "./settings.ts";
export { type RunningDaemon, type SupervisorOptions, startSupervisor } from "./supervisor.ts";
