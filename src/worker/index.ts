/** One process of a topology: executors wired to the transport, back-pressure, progress. */
export { workerErrorCodes } from "./error-codes.ts";
export { Worker, type WorkerListener, type WorkerOptions, type WorkerProgress } from "./worker.ts";
