/**
 * `npm run bench -- cluster [--rounds N] [--quick]`: a cluster of three ZooKeeper servers, nimbus and two supervisors at classroom pace:
 * how fast it comes up, takes a topology and replaces what dies, what it costs while nothing runs, and what two workers get through
 * beside two local processes in the same run. A table, the goals and one JSON object.
 */
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, loadavg, totalmem } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BenchCluster, idleCost, type Row, sizeOf, untilLarger } from "./lab.ts";

type Figures = Record<string, number>;

const { values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, quick: { type: "boolean", default: false } },
});
const idleMs = values.quick ? 5000 : 30_000;
const measureMs = values.quick ? 5000 : 15_000;
const warmUpMs = values.quick ? 3000 : 6000;
/** Classroom pace: `nimbus.task.timeout.secs`. */
const taskTimeoutSecs = 5;
/** Classroom pace: `nimbus.task.launch.secs`. */
const taskLaunchMs = 10_000;
const goals: readonly (readonly [figure: string, goal: number, better: "less" | "more"])[] = [
  ["up until it takes a topology, s", 2.5, "less"],
  ["submit to first acked tuple, s", 1.5, "less"],
  ["killed worker to tuples again, s", 1.5, "less"],
  ["killed supervisor and its workers to tuples again, s", taskTimeoutSecs + 3, "less"],
  ["idle: PSS of all processes, MB", 190, "less"],
  ["idle: share of a core, %", 3, "less"],
  ["two workers / two local processes", 1, "more"],
  ["two workers / two local processes, acked", 1, "more"],
];
const recorded = fileURLToPath(new URL("../../test/kit/recorded-word-count/topology.ts", import.meta.url));
const wordCount = fileURLToPath(new URL("../word-count/topology.ts", import.meta.url));
const wordCountCase = fileURLToPath(new URL("../word-count/case.ts", import.meta.url));
const wordsPerSentence = 6.4;

const load = loadavg()[0]?.toFixed(2);
say(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${load}`,
);
const found = new Map<string, number[]>();
for (let round = 0; round < Number(values.rounds); round++) {
  for (const [figure, value] of Object.entries(await measure()))
    found.set(figure, [...(found.get(figure) ?? []), value]);
}
say("");
for (const [figure, all] of found) say(`${figure.padEnd(56)}${spread(all).padStart(36)}`);
say("");
for (const [figure, goal, better] of goals) {
  const sign = better === "less" ? "≤" : "≥";
  say(
    `${figure.padEnd(56)}${median(found.get(figure) ?? [])
      .toFixed(2)
      .padStart(10)}   goal ${sign} ${goal}`,
  );
}
say(JSON.stringify({ figures: Object.fromEntries(found), load: loadavg() }));

async function measure(): Promise<Figures> {
  await using lab = await BenchCluster.make();
  const startMs = performance.now();
  await lab.run("up", "--ports", "free");
  const figures: Figures = { "up until it takes a topology, s": (performance.now() - startMs) / 1000 };
  // ZooKeeper, nimbus and supervisors: what a cluster without DRPC is.
  const idle = await idleCost(
    (await lab.processes()).filter(({ role }) => role !== "drpc"),
    idleMs,
  );
  figures["idle: PSS of all processes, MB"] = idle.pssMb;
  figures["idle: RSS of all processes, MB"] = idle.rssMb;
  figures["idle: share of a core, %"] = idle.cpu * 100;
  await failovers(lab, figures);
  for (const acked of [false, true]) await throughput(lab, acked, figures);
  return figures;
}

/** The recorded word count tells by its files when something was acked: the tuples of spout task 0 pass through a worker that is known. */
async function failovers(lab: BenchCluster, figures: Figures): Promise<void> {
  const folder = join(lab.home, "records");
  const acks = join(folder, "acks-0");
  const startMs = performance.now();
  const submitted = lab.run("submit", recorded, "--folder", folder, "--sentences", "1000000", "--rate", "500");
  figures["submit to first acked tuple, s"] = (await untilLarger(acks, 0, startMs)) / 1000;
  await submitted;
  const { worker } = await ofSpout(lab, folder);
  figures["killed worker to tuples again, s"] = await afterKill([worker], acks);
  // Within its launch time-out an executor counts as alive, heard of or not.
  await sleep(taskLaunchMs);
  const { node } = await ofSpout(lab, folder);
  const all = node.filter(({ role }) => role === "supervisor" || role === "worker");
  figures["killed supervisor and its workers to tuples again, s"] = await afterKill(all, acks);
  await lab.run("start");
  await lab.run("kill", "recorded-word-count", "-w", "0");
}

/** The worker that has spout task 0, which writes down its process, and all that runs on its node. */
async function ofSpout(
  lab: BenchCluster,
  folder: string,
): Promise<{ readonly worker: Row; readonly node: readonly Row[] }> {
  const lives = (await readFile(join(folder, "emits-0"), "utf8")).match(/^open \d+ \d+$/gm) ?? [];
  const pid = Number(lives.at(-1)?.split(" ")[2]);
  const rows = await lab.processes();
  const worker = rows.find((row) => row.pid === pid);
  if (worker === undefined) throw new Error(`process ${pid}, which has the spout, is no worker that runs`);
  return { worker, node: rows.filter(({ node }) => node === worker.node) };
}

async function afterKill(rows: readonly Row[], acks: string): Promise<number> {
  for (const { pid } of rows) process.kill(pid, "SIGKILL");
  const startMs = performance.now();
  return (await untilLarger(acks, await sizeOf(acks), startMs)) / 1000;
}

async function throughput(lab: BenchCluster, acked: boolean, figures: Figures): Promise<void> {
  const words = acked ? ["--acked"] : [];
  const suffix = acked ? ", acked" : "";
  const local = localRate(`two processes${suffix}`);
  const text = await lab.run("submit", wordCount, "--workers", "2", ...words);
  const id = /as (bench-word-count-\S+)/.exec(text)?.[1] ?? "";
  await sleep(warmUpMs);
  const before = await lab.snapshot(id, 2);
  await sleep(measureMs);
  const after = await lab.snapshot(id, 2);
  await lab.run("kill", "bench-word-count", "-w", "0");
  if (before === null || after === null) throw new Error("the workers have told nothing");
  const done = ({ report: { components } }: typeof before) =>
    acked ? (components.spout?.acked ?? 0) : (components.count?.executed ?? 0) / wordsPerSentence;
  const rate = (done(after) - done(before)) / ((after.atMs - before.atMs) / 1000);
  figures[`two workers${suffix}, sentences/s`] = rate;
  figures[`two local processes${suffix}, sentences/s`] = local;
  figures[`two workers / two local processes${suffix}`] = rate / local;
}

function localRate(name: string): number {
  const args = ["--conditions=storm-lab-source", wordCountCase, name, String(warmUpMs), String(measureMs)];
  const child = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  return (JSON.parse(child.stdout.trim().split("\n").at(-1) ?? "{}") as { sentencesPerSecond: number })
    .sentencesPerSecond;
}

function median(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? Number.NaN;
}

function spread(all: readonly number[]): string {
  const text = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: value < 100 ? 2 : 0 });
  return `${text(median(all))} (${text(Math.min(...all))} – ${text(Math.max(...all))})`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
