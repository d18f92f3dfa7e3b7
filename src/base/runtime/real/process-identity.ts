/** A process id is given again after its process ended; the time of its start, counted since a boot that has a name, is not. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** See `Processes.identity`. */
export function processIdentity(pid: number): string | null {
  if (!Number.isInteger(pid) || pid <= 0) return null;
  return process.platform === "linux" ? linuxIdentity(pid) : portableIdentity(pid);
}

let boot: string | undefined;

/** Source: proc(5), `/proc/pid/stat`: field 3 is the state, field 22 the start time in clock ticks since boot. */
function linuxIdentity(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // Field 2 is the name in brackets, and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state] = fields;
    const startTicks = fields[22 - 3];
    // A zombie has ended; only its parent has not asked yet.
    if (startTicks === undefined || state === "Z" || state === "X") return null;
    boot ??= readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return `${boot}:${startTicks}`;
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
