/**
 * Processes that a cluster's folder tells of. Each wrote its id into a pid file, as daemons do, and beside it, in
 * `….pid.identity`, what tells it from a later process with that id. No signal ever goes to a process that is not the one that wrote them.
 */
import { FsError, type Runtime, replaceFile } from "../../src/base/index.ts";

export interface ManagedProcess {
  /** `nimbus1`, or `worker node2:6700`. */
  readonly id: string;
  readonly pid: number;
  readonly identity: string;
  readonly pidFile: string;
}

/** What a daemon does first, with `--pid-file`. */
export async function writePidFile(runtime: Runtime, path: string): Promise<void> {
  const { pid } = runtime.processes;
  const identity = runtime.processes.identity(pid) ?? "ended";
  await runtime.fs.makeDirectory(path.slice(0, path.lastIndexOf("/")));
  await replaceFile(runtime.fs, identityFile(path), Buffer.from(`${pid} ${identity}\n`));
  await replaceFile(runtime.fs, path, Buffer.from(`${pid}\n`));
}

/** At an orderly end, unless another process has taken the place. */
export async function removePidFile(runtime: Runtime, path: string): Promise<void> {
  const own = await readPidFile(runtime, "self", path);
  if (own?.pid === runtime.processes.pid) await removeFiles(runtime, path);
}

/** Null when there are no such files, or its process has ended: then its id may be anyone's. */
export async function readPidFile(runtime: Runtime, id: string, pidFile: string): Promise<ManagedProcess | null> {
  const text = await textOf(runtime, identityFile(pidFile));
  const [, pidText = "", identity = ""] = /^(\d{1,10}) (\S+)\s*$/.exec(text ?? "") ?? [];
  const pid = Number(pidText);
  if (identity === "" || runtime.processes.identity(pid) !== identity) return null;
  return { id, pid, identity, pidFile };
}

function isRunning(runtime: Runtime, { pid, identity }: ManagedProcess): boolean {
  return runtime.processes.identity(pid) === identity;
}

/** SIGTERM, after `patienceMs` SIGKILL; resolves when it has ended. Its file goes too. */
export async function endProcess(runtime: Runtime, target: ManagedProcess, patienceMs = stopPatienceMs): Promise<void> {
  const deadlineMs = runtime.clock.monotonicMs() + patienceMs;
  let sent: "SIGTERM" | "SIGKILL" | null = null;
  while (isRunning(runtime, target)) {
    const wanted = runtime.clock.monotonicMs() < deadlineMs ? "SIGTERM" : "SIGKILL";
    if (sent !== wanted) {
      runtime.processes.signal(target.pid, wanted);
      // A stopped process sees SIGTERM only when it goes on.
      runtime.processes.signal(target.pid, "SIGCONT");
      sent = wanted;
    }
    await new Promise<void>((resolve) => runtime.timers.after(stopPollMs, resolve));
  }
  // Another life of the daemon may have written its own meanwhile.
  const text = (await textOf(runtime, identityFile(target.pidFile))) ?? "";
  if (text.startsWith(`${target.pid} `)) await removeFiles(runtime, target.pidFile);
  else if (text === "") await runtime.fs.remove(target.pidFile);
}

export async function removeFiles(runtime: Runtime, pidFile: string): Promise<void> {
  await runtime.fs.remove(pidFile);
  await runtime.fs.remove(identityFile(pidFile));
}

function identityFile(pidFile: string): string {
  return `${pidFile}.identity`;
}

/** A daemon closes its files and connections within a second; a busy machine may take longer. */
const stopPatienceMs = 10_000;
const stopPollMs = 20;

/** Names in it; none when there is no such folder, or when it goes at this moment. */
export async function listed(runtime: Runtime, folder: string): Promise<string[]> {
  try {
    return await runtime.fs.list(folder);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

/** Null when there is no such file. */
export async function textOf(runtime: Runtime, path: string): Promise<string | null> {
  try {
    return Buffer.from(await runtime.fs.readFile(path)).toString("utf8");
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return error instanceof FsError && (error.code === "ENOENT" || error.code === "ENOTDIR");
}
