/** The worker of a cluster. A door of its own: what runs without a cluster loads none of it. */
export type { WorkerSeat } from "./registration.ts";
export { type RunningWorker, startWorker } from "./start-worker.ts";
export { WorkerLog } from "./worker-log.ts";
export type { LoadCode, StartWorkerOptions } from "./worker-options.ts";
