/** One process of a topology: executors wired to the transport, back-pressure, progress. */
export { componentError, placeOf, reportedError, uncaughtError } from "./component-error.ts";
export { workerErrorCodes } from "./error-codes.ts";
export { mergeReports, type ResultValue, type TopologyReport, type WorkerReport, workerReport } from "./results.ts";
export { type TasksOfWorkers, Worker, type WorkerListener, type WorkerOptions, type WorkerProgress } from "./worker.ts";
