/** What the system tells of a process, ours or not. Source: proc(5), `/proc/pid/stat` and `/proc/pid/status`. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * See `Processes.identity`. A process id is given again after its process ended; the time of its start, counted since a boot that has a
 * name, is not.
 */
export function processIdentity(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return process.platform === "linux" ? linuxIdentity(pid) : portableIdentity(pid);
}

let boot: string | undefined;

/** Field 22 is the start time in clock ticks since boot. */
function linuxIdentity(pid: number): string | null {
  const startTicks = statFields(pid)?.[22 - firstField];
  if (startTicks === undefined) return null;
  boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
  return `${boot}:${startTicks}`;
}

/** See `Processes.cpuMs`. Fields 14 and 15 are the clock ticks that it took in user and in kernel mode. */
export function processCpuMs(pid: number): number | null {
  if (process.platform !== "linux" || !Number.isInteger(pid) || pid <= 0) return null;
  const fields = statFields(pid);
  if (fields === null) return null;
  const ticks = Number(fields[14 - firstField]) + Number(fields[15 - firstField]);
  return Number.isNaN(ticks) ? null : ticks * msPerTick;
}

/**
 * See `Processes.residentBytes`. The line `VmRSS:  1234 kB`, which a process that has ended does not have. Outside Linux only this process
 * is told of.
 */
export function processResidentBytes(pid: number): number | null {
  if (process.platform !== "linux") return pid === process.pid ? process.memoryUsage.rss() : null;
  if (!Number.isInteger(pid) || pid <= 0) return null;
  try {
    const found = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"));
    return found === null ? null : Number(found[1]) * 1024;
  } catch {
    // No such process.
    return null;
  }
}

const firstField = 3;
/** USER_HZ is 100 on every platform that Node runs on. */
const msPerTick = 10;

/** From field 3, the state, on: field 2 is the name in brackets, and may hold spaces and brackets itself. Null: it does not run. */
function statFields(pid: number): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    // A zombie has ended; only its parent has not asked yet.
    return fields[0] === "Z" || fields[0] === "X" ? null : fields;
  } catch {
    // No such process.
    return null;
  }
}

function portableIdentity(pid: number): string | null {
  const { stdout, status } = spawnSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8" });
  const started = (stdout ?? "").trim();
  return status === 0 && started !== "" ? started.replaceAll(/\s+/g, "-") : null;
}
