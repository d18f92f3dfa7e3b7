/** Ends every worker that a node's supervisor has launched; the supervisor itself should not run. Storm's `kill_workers`. */
import type { Runtime } from "../base/index.ts";
import type { SupervisorSettings } from "./settings.ts";
import { WorkerFiles, type WorkerPid } from "./worker-files.ts";

const pollMs = 20;

/** SIGTERM, then SIGKILL after supervisor.worker.shutdown.sleep.secs. Ports of those that ran. */
export async function killWorkers(runtime: Runtime, settings: SupervisorSettings): Promise<number[]> {
  const files = new WorkerFiles(runtime, settings.localDir);
  const ended = await Promise.all(
    (await files.list()).map((workerId) => end(runtime, files, workerId, settings.shutdownMs)),
  );
  return ended.filter((port) => port !== null);
}

async function end(runtime: Runtime, files: WorkerFiles, workerId: string, shutdownMs: number): Promise<number | null> {
  const port = await files.port(workerId);
  const deadlineMs = runtime.clock.monotonicMs() + shutdownMs;
  let sent: "SIGTERM" | "SIGKILL" | null = null;
  for (;;) {
    const running: WorkerPid[] = await files.running(workerId);
    if (running.length === 0) break;
    const signal = runtime.clock.monotonicMs() < deadlineMs ? "SIGTERM" : "SIGKILL";
    if (signal !== sent)
      for (const { pid } of running) {
        runtime.processes.signal(pid, signal);
        runtime.processes.signal(pid, "SIGCONT");
      }
    sent = signal;
    await new Promise<void>((resolve) => runtime.timers.after(pollMs, resolve));
  }
  await files.remove(workerId);
  return sent === null ? null : port;
}
