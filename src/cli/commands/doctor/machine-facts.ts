/** Asks this machine for the facts that the doctor's checks are about. */
import { lookup } from "node:dns/promises";
import { readdirSync, readFileSync, readlinkSync, rmdirSync } from "node:fs";
import { mkdtemp, statfs } from "node:fs/promises";
import { freemem, hostname, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ClusterLayout, listProcesses, type Place, stalePidFiles } from "../../../../provision/index.ts";
import { messageOf } from "../../../base/index.ts";
import type { MachineFacts, TakenPort } from "../../../doctor/index.ts";

/** `needed`: clusters whose stopped daemons will want their ports. */
export async function gatherMachineFacts(
  place: Place,
  needed: readonly ClusterLayout[],
  known: readonly ClusterLayout[],
): Promise<MachineFacts> {
  const path = await nearestFolder(place.home);
  const { bavail, bsize } = await statfs(path);
  return {
    nodeVersion: process.version,
    platform: process.platform,
    glibc: glibcVersion(),
    availableBytes: availableBytes(),
    openFilesMax: openFilesMax(),
    disk: { path, freeBytes: bavail * bsize },
    temp: {
      path: tmpdir(),
      problem: await problemOf(async () => rmdirSync(await mkdtemp(join(tmpdir(), "storm-lab-doctor-")))),
    },
    hostName: { name: hostname(), problem: await problemOf(() => lookup(hostname())) },
    nowMs: Date.now(),
    takenPorts: (await Promise.all(needed.map((layout) => takenPorts(place, layout)))).flat(),
    leftPidFiles: (await Promise.all(known.map((layout) => stalePidFiles(place.runtime, layout)))).flat(),
    leftProcesses: leftProcesses(place.home, known),
  };
}

async function problemOf(work: () => Promise<unknown>): Promise<string | null> {
  try {
    await work();
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

/** Of one that is not there yet, where it will be made. */
async function nearestFolder(path: string): Promise<string> {
  for (let folder = path; ; folder = dirname(folder)) {
    const isThere = await statfs(folder).then(
      () => true,
      () => false,
    );
    if (isThere || folder === dirname(folder)) return folder;
  }
}

function glibcVersion(): string | null {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime ?? null;
}

/** What the system can give without ending others; Source: proc(5), MemAvailable. */
function availableBytes(): number {
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(textOf("/proc/meminfo"))?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}

/** The hard limit: Node raises its own up to there. */
function openFilesMax(): number | null {
  const limit = /^Max open files\s+\S+\s+(\d+)/m.exec(textOf("/proc/self/limits"))?.[1];
  return limit === undefined ? null : Number(limit);
}

async function takenPorts(place: Place, layout: ClusterLayout): Promise<TakenPort[]> {
  const rows = await listProcesses(place, layout);
  const own = new Set(
    rows
      .filter(({ state }) => state !== "stopped")
      .flatMap(({ node, ports }) => ports.map((port) => `${node}:${port}`)),
  );
  const stopped = new Set(rows.filter(({ state }) => state === "stopped").map(({ id }) => id));
  const found: TakenPort[] = [];
  for (const { id, node, ports } of layout.daemons) {
    for (const { host, port, use } of stopped.has(id) ? ports : []) {
      if (own.has(`${node}:${port}`) || (await isFree(place, host, port))) continue;
      found.push({ host, port, use, holder: holderOf(host, port) });
    }
  }
  return found;
}

async function isFree({ runtime }: Place, host: string, port: number): Promise<boolean> {
  try {
    const listener = await runtime.net.listen({ host, port }, (socket) => socket.destroy());
    await listener.close();
    return true;
  } catch {
    return false;
  }
}

/** Source: proc(5): /proc/net/tcp names a socket's inode, /proc/PID/fd whose it is. Of other users' processes it tells nothing. */
function holderOf(host: string, port: number): TakenPort["holder"] {
  const wanted = port.toString(16).toUpperCase().padStart(4, "0");
  const address = Buffer.from(host.split(".").map(Number).reverse()).toString("hex").toUpperCase();
  const listening = /^\s*\d+: ([0-9A-F]+):([0-9A-F]{4}) \S+ 0A +(?:\S+ +){5}(\d+)/gm;
  const rows = ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) => [...textOf(file).matchAll(listening)]);
  const inodes = rows
    .filter(
      ([, local = "", number]) =>
        number === wanted && (local === address || /^0+$/.test(local) || local.endsWith(address)),
    )
    .map(([, , , inode]) => `socket:[${inode}]`);
  for (const pid of processIds()) {
    if (namesIn(`/proc/${pid}/fd`).some((fd) => inodes.includes(linkOf(`/proc/${pid}/fd/${fd}`))))
      return { pid, command: commandOf(pid) };
  }
  return null;
}

/** Daemons and workers of clusters below this home whose folders are gone. */
function leftProcesses(home: string, known: readonly ClusterLayout[]): MachineFacts["leftProcesses"] {
  const names = new Set(known.map(({ spec }) => spec.name));
  return processIds().flatMap((pid) => {
    const command = commandOf(pid);
    const at = command.includes("storm-lab") ? command.indexOf(`${home}/clusters/`) : -1;
    const cluster = at < 0 ? "" : (command.slice(at + home.length + "/clusters/".length).split("/")[0] ?? "");
    return cluster === "" || names.has(cluster) ? [] : [{ pid, command, cluster }];
  });
}

function processIds(): number[] {
  return namesIn("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function commandOf(pid: number): string {
  return textOf(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function namesIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
