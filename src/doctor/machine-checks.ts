/** What is wrong with this machine, from facts about it. Pure. */
import type { Finding } from "./finding.ts";

export interface MachineFacts {
  readonly nodeVersion: string;
  readonly platform: string;
  /** Null: the system has another C library, or does not say. */
  readonly glibc: string | null;
  readonly availableBytes: number;
  /** Null: the system does not say. */
  readonly openFilesMax: number | null;
  readonly disk: { readonly path: string; readonly freeBytes: number };
  readonly temp: { readonly path: string; readonly problem: string | null };
  readonly hostName: { readonly name: string; readonly problem: string | null };
  readonly nowMs: number;
  /** Ports that a cluster needs, and that others listen on. */
  readonly takenPorts: readonly TakenPort[];
  readonly leftPidFiles: readonly { readonly path: string; readonly pid: number }[];
  readonly leftProcesses: readonly { readonly pid: number; readonly command: string; readonly cluster: string }[];
}

export interface TakenPort {
  readonly host: string;
  readonly port: number;
  readonly use: string;
  /** Null: it cannot be found out. */
  readonly holder: { readonly pid: number; readonly command: string } | null;
}

const megabyte = 1024 * 1024;
const nodeMajorMin = 24;
/** Source: Node's BUILDING.md, and the prebuilt binaries of zeromq.js. */
const glibcMin = [2, 28] as const;
const memoryMinBytes = 700 * megabyte;
const diskMinBytes = 1024 * megabyte;
const diskFullBytes = 100 * megabyte;
const openFilesMin = 4096;
/** Before the first release: no clock that was set says so. */
const clockMinMs = Date.UTC(2025, 0, 1);

export function checkMachine(facts: MachineFacts): Finding[] {
  return [
    ...checkPrograms(facts),
    ...checkRoom(facts),
    ...checkNames(facts),
    ...facts.takenPorts.map(takenPort),
    ...facts.leftPidFiles.map(({ path, pid }) => ({
      ...warning("SL-DOCTOR-PID-FILE", { pid }, path),
      fix: "storm-lab doctor --fix",
      safe: { kind: "remove-pid-file", path } as const,
    })),
    ...facts.leftProcesses.map(({ pid, command, cluster }) => ({
      ...warning("SL-DOCTOR-PROCESS-LEFT", { pid, cluster }, command),
      fix: `kill ${pid}`,
    })),
  ];
}

function checkPrograms({ nodeVersion, platform, glibc }: MachineFacts): Finding[] {
  const found: Finding[] = [];
  if (Number(/^v(\d+)/.exec(nodeVersion)?.[1] ?? 0) < nodeMajorMin)
    found.push(error("SL-DOCTOR-NODE", { version: nodeVersion }, "process.version"));
  const [major = 0, minor = 0] = (glibc ?? "").split(".").map(Number);
  const isOld = major < glibcMin[0] || (major === glibcMin[0] && minor < glibcMin[1]);
  if (platform === "linux" && (glibc === null || isOld))
    found.push(error("SL-DOCTOR-LIBC", { version: glibc ?? "no glibc" }, "process.report"));
  return found;
}

function checkRoom({ availableBytes, openFilesMax, disk, temp }: MachineFacts): Finding[] {
  const found: Finding[] = [];
  if (availableBytes < memoryMinBytes)
    found.push(warning("SL-DOCTOR-MEMORY", { available: Math.round(availableBytes / megabyte) }, "/proc/meminfo"));
  if (openFilesMax !== null && openFilesMax < openFilesMin)
    found.push(warning("SL-DOCTOR-OPEN-FILES", { limit: openFilesMax }, "/proc/self/limits"));
  if (disk.freeBytes < diskMinBytes) {
    const tell = disk.freeBytes < diskFullBytes ? error : warning;
    found.push(tell("SL-DOCTOR-DISK", { free: Math.floor(disk.freeBytes / megabyte), path: disk.path }, disk.path));
  }
  if (temp.problem !== null) found.push(error("SL-DOCTOR-TEMP", { path: temp.path, problem: temp.problem }, temp.path));
  return found;
}

function checkNames({ hostName, nowMs }: MachineFacts): Finding[] {
  const found: Finding[] = [];
  if (hostName.problem !== null)
    found.push(warning("SL-DOCTOR-HOST-NAME", { name: hostName.name, problem: hostName.problem }, "/etc/hosts"));
  if (nowMs < clockMinMs) found.push(error("SL-DOCTOR-CLOCK", { time: new Date(nowMs).toISOString() }, "date"));
  return found;
}

function takenPort({ host, port, use, holder }: TakenPort): Finding {
  const by = holder === null ? "?" : `${holder.pid} (${holder.command})`;
  return error("SL-DOCTOR-PORT", { host, port, use, holder: by }, `${host}:${port}`);
}

function error(code: Finding["code"], values: Finding["values"], where: string): Finding {
  return { code, severity: "error", values, where, fix: null, safe: null };
}

function warning(code: Finding["code"], values: Finding["values"], where: string): Finding {
  return { ...error(code, values, where), severity: "warning" };
}
