/**
 * For processes that run code of others: code that never comes back keeps the event loop from seeing the parent's end, so a thread
 * of its own looks for it. A process whose parent has died gets another one, by POSIX.
 */
import { Worker } from "node:worker_threads";

const lookMs = 500;
/** What the thread needs is far less; Node's default for one is as for a whole program. */
const limits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 8, stackSizeMb: 1 };

/** As text: a thread can be started from it wherever the program lies, and loads nothing else. */
const thread = `
const { workerData } = require("node:worker_threads");
setInterval(() => {
  if (process.ppid !== workerData.parent) process.kill(process.pid, "SIGKILL");
}, workerData.lookMs);
`;

/** Once a process, before code of others runs. */
export function startParentWatchdog(): void {
  const workerData = { parent: process.ppid, lookMs };
  const worker = new Worker(thread, { eval: true, workerData, execArgv: [], env: {}, resourceLimits: limits });
  worker.unref();
}
