/**
 * Scripts that tell whether a node is well. Source: Storm's HealthChecker, 2.8: a script says that it is not by a code other than 0, by a
 * line that begins with ERROR, or by not ending in time.
 */
import { FsError, type Runtime } from "../base/index.ts";

export interface HealthCheckOptions {
  /** storm.health.check.dir; it need not be there. */
  readonly directory: string;
  /** For each script. */
  readonly timeoutMs: number;
}

export interface HealthFault {
  readonly script: string;
  readonly why: string;
}

/** Runs every file of the folder; empty: the node is well. */
export async function checkHealth(runtime: Runtime, options: HealthCheckOptions): Promise<HealthFault[]> {
  const names = await runtime.fs.list(options.directory).catch((error: unknown) => {
    if (error instanceof FsError && (error.code === "ENOENT" || error.code === "ENOTDIR")) return [];
    throw error;
  });
  const faults = await Promise.all(
    names.map((name) => runScript(runtime, `${options.directory}/${name}`, options.timeoutMs)),
  );
  return faults.filter((fault) => fault !== null);
}

async function runScript(runtime: Runtime, script: string, timeoutMs: number): Promise<HealthFault | null> {
  if ((await runtime.fs.stat(script))?.kind !== "file") return null;
  let why: string | null = null;
  try {
    const child = await runtime.processes.spawn({ program: script, args: [], output: "pipe" });
    child.onOutput((_stream, line) => {
      if (line.startsWith("ERROR")) why ??= line;
    });
    const timer = runtime.timers.after(timeoutMs, () => {
      why ??= `it did not end within ${timeoutMs / 1000} s`;
      child.signal("SIGKILL");
    });
    const { code, signal } = await child.exited;
    timer.cancel();
    if (code !== 0) why ??= `it ended with ${signal ?? `code ${code}`}`;
  } catch (error) {
    why = `it cannot be run: ${error instanceof Error ? error.message : String(error)}`;
  }
  return why === null ? null : { script, why };
}
