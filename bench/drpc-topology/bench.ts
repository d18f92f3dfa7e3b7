/**
 * `npm run bench -- drpc-topology [--rounds N] [--quick]`: the DRPC labs on a cluster of real processes, called from a process of its own:
 * `exclamation` on one worker and on two, `reach` as one task of each bolt on one worker and as four on two. A table, the goals and
 * one JSON object.
 */
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BenchCluster } from "../cluster/lab.ts";

interface Figures {
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const { values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, quick: { type: "boolean", default: false } },
});
const scale = values.quick ? 0.1 : 1;
const exclamation = fileURLToPath(new URL("../../labs/drpc/exclamation/driver.ts", import.meta.url));
const reach = fileURLToPath(new URL("../../labs/drpc/reach/topology.ts", import.meta.url));
/** Clients, and calls of all of them together. */
const loads: ReadonlyArray<readonly [clients: number, calls: number]> = [
  [1, 20_000 * scale],
  [32, 200_000 * scale],
  [1000, 200_000 * scale],
];
const workerCounts = ["1", "2"] as const;
const reachCases = [
  { name: "reach, 1 task on 1 worker", words: ["--tasks", "1", "--workers", "1"] },
  { name: "reach, 4 tasks on 2 workers", words: ["--tasks", "4", "--workers", "2"] },
] as const;
const reachCalls = 1000 * scale;
/** Enough to keep both workers busy. */
const reachClients = 16;

const found = new Map<string, Figures[]>();
const memoryGib = Math.round(totalmem() / 2 ** 30);
const load = loadavg()[0]?.toFixed(2);
say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${memoryGib} GiB, load ${load}`);
for (let round = 0; round < Number(values.rounds); round++) await measure();
say(`\n${"".padEnd(46)}${"calls/s".padStart(10)}${"p50 ms".padStart(10)}${"p99 ms".padStart(10)}`);
for (const name of found.keys())
  say(
    `${name.padEnd(46)}${figure(name, "callsPerSecond").toFixed(0).padStart(10)}${cell(name, "p50Ms")}${cell(name, "p99Ms")}`,
  );
say("");
const goals: readonly (readonly [what: string, value: number, goal: string])[] = [
  ["1 worker, sequential p50, ms", figure("1 worker, 1 client", "p50Ms"), "≤ 0.5"],
  ["1 worker, sequential p99, ms", figure("1 worker, 1 client", "p99Ms"), "≤ 3"],
  ["1 worker, 32 clients, calls/s", figure("1 worker, 32 clients", "callsPerSecond"), "≥ 18000"],
  ["2 workers, sequential p50, ms", figure("2 workers, 1 client", "p50Ms"), "≤ 1"],
  ["2 workers, 32 clients, calls/s", figure("2 workers, 32 clients", "callsPerSecond"), "≥ 12000"],
  ["1 worker, 1000 clients / 32 clients", ratio("1 worker, 1000 clients", "1 worker, 32 clients"), "≥ 1"],
  ["reach, 4 tasks on 2 workers / 1 task on 1", ratio(reachCases[1].name, reachCases[0].name), "> 1"],
];
for (const [what, value, goal] of goals) say(`${what.padEnd(46)}${value.toFixed(2).padStart(10)}   goal ${goal}`);
say(JSON.stringify(Object.fromEntries(found)));

async function measure(): Promise<void> {
  await using lab = await BenchCluster.make();
  await lab.run("up", "--ports", "free");
  for (const workers of workerCounts) {
    await lab.run("submit", exclamation, "exclamation-drpc", workers);
    await warmUp(lab, "exclamation", "hello", 5000 * scale);
    for (const [clients, calls] of loads) {
      const name = `${workers} worker${workers === "1" ? "" : "s"}, ${clients} client${clients === 1 ? "" : "s"}`;
      await note(lab, name, "exclamation", "hello", clients, calls);
    }
    await lab.run("kill", "exclamation-drpc", "-w", "0");
  }
  for (const { name, words } of reachCases) {
    await lab.run("submit", reach, ...words);
    await warmUp(lab, "reach", "http://baidu.com", 100 * scale);
    await note(lab, name, "reach", "http://baidu.com", reachClients, reachCalls);
    await lab.run("kill", "reach-drpc", "-w", "0");
  }
}

async function warmUp(lab: BenchCluster, name: string, args: string, calls: number): Promise<void> {
  await lab.run("drpc", "bench", "-f", name, "-a", args, "--clients", "4", "--calls", String(calls));
}

async function note(
  lab: BenchCluster,
  label: string,
  name: string,
  args: string,
  clients: number,
  calls: number,
): Promise<void> {
  const words = ["-f", name, "-a", args, "--clients", String(clients), "--calls", String(calls), "-o", "json"];
  const figures = JSON.parse(await lab.run("drpc", "bench", ...words)) as Figures;
  found.set(label, [...(found.get(label) ?? []), figures]);
}

function figure(name: string, which: keyof Figures): number {
  const sorted = (found.get(name) ?? []).map((each) => each[which]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function ratio(name: string, other: string): number {
  return figure(name, "callsPerSecond") / figure(other, "callsPerSecond");
}

function cell(name: string, which: keyof Figures): string {
  return figure(name, which).toFixed(3).padStart(10);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
