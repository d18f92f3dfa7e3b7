/** Starts one daemon of a cluster as a process that outlives this one. */
import { type Child, exitCodes, type NetError, type Runtime, StormLabError } from "../../src/base/index.ts";
import type { Daemon } from "../cluster/layout.ts";
import { type ManagedProcess, readPidFile, textOf } from "./managed-process.ts";

/** A daemon that this process has started: it sees at once when it ends. */
export interface StartedDaemon extends ManagedProcess {
  readonly daemon: Daemon;
  readonly child: Child;
}

/**
 * Resolves when it has written its pid file, or has ended: before, nobody could tell that it runs. It writes that file itself, so that
 * one whose starter has died is known all the same.
 */
export async function startDaemon(runtime: Runtime, daemon: Daemon): Promise<StartedDaemon> {
  await runtime.fs.makeDirectory(daemon.outputFile.slice(0, daemon.outputFile.lastIndexOf("/")));
  const child = await runtime.processes.spawn({
    program: "storm-lab",
    args: [...daemon.args, "--pid-file", daemon.pidFile],
    cwd: daemon.folder,
    env: daemon.env,
    detached: true,
    heap: daemon.role === "drpc" ? "normal" : "small",
    output: { stdout: daemon.outputFile, stderr: daemon.outputFile },
  });
  const identity = runtime.processes.identity(child.pid) ?? "ended";
  let ended = false;
  child.exited.then(() => (ended = true)).catch(() => {});
  while (!ended && (await readPidFile(runtime, daemon.id, daemon.pidFile))?.pid !== child.pid)
    await new Promise<void>((resolve) => runtime.timers.after(pidFilePollMs, resolve));
  return { id: daemon.id, pid: child.pid, identity, pidFile: daemon.pidFile, daemon, child };
}

/**
 * Throws SL-PORT-BUSY for the first port of these daemons that somebody listens on. `workers`: those that run, by supervisor: theirs stay
 * theirs, for a supervisor finds its workers again.
 */
export async function requireFreePorts(
  runtime: Runtime,
  daemons: readonly Daemon[],
  workers: ReadonlyMap<string, readonly ManagedProcess[]>,
): Promise<void> {
  for (const { id, ports } of daemons) {
    const taken = new Set(workers.get(id)?.map((worker) => Number(worker.id.slice(worker.id.lastIndexOf(":") + 1))));
    for (const { host, port, use } of ports) {
      if (taken.has(port)) continue;
      const listener = await runtime.net
        .listen({ host, port }, (socket) => socket.destroy())
        .catch((error: NetError) => {
          throw portBusy(host, port, use, error);
        });
      await listener.close();
    }
  }
}

/** A daemon that was to stay has ended. */
export async function daemonEnded(runtime: Runtime, { daemon, child }: StartedDaemon): Promise<StormLabError> {
  const { code, signal } = await child.exited;
  const text = (await textOf(runtime, daemon.outputFile).catch(() => null)) ?? "";
  const lastLines = text.trim().split("\n").slice(-lastLinesShown).join(" · ");
  return new StormLabError({
    code: "SL-DAEMON-ENDED",
    what: `${daemon.id} ended while it started (${signal ?? `code ${code}`}): ${lastLines || "it printed nothing"}`,
    why: "its configuration, its ports or its data do not allow it to run",
    hint: "storm-lab up --retain   leaves all as it is after a failure, logs among it",
    exitCode: exitCodes.preflight,
  });
}

const pidFilePollMs = 10;
/** An error of ours has three lines. */
const lastLinesShown = 3;

function portBusy(host: string, port: number, use: string, cause: NetError): StormLabError {
  return new StormLabError({
    code: "SL-PORT-BUSY",
    what: `port ${port} on ${host} for ${use} cannot be listened on (${cause.code})`,
    why: "another cluster, Apache Storm, ZooKeeper or another program listens there",
    hint: "storm-lab clusters   or   storm-lab up --ports 16000   or end the other program",
    exitCode: exitCodes.conflict,
    cause,
  });
}
