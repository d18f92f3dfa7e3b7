/**
 * `npm run bench -- word-count [--rounds N] [--quick]`: every case in a process of its own, alternating; a table, the ratios that
 * matter and one JSON object. Absolute figures are this machine's of this minute; ratios of one run can be compared.
 */
import { spawnSync } from "node:child_process";
import { cpus, loadavg, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

interface Row {
  readonly name: string;
  /** One a round. */
  readonly figures: ReadonlyArray<Readonly<Record<string, number>>>;
}

const goals: ReadonlyArray<readonly [string, string, number]> = [
  ["one process", "bare loop", 0.5],
  ["one process, acked", "bare loop, acked", 0.5],
  ["two processes", "bare loop", 0.4],
  ["two processes, acked", "bare loop, acked", 0.25],
];

const throughputCases = [...new Set(goals.flatMap(([name, yardstick]) => [yardstick, name]))];

const { values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, quick: { type: "boolean", default: false } },
});
const scale = values.quick ? 0.2 : 1;
const rounds = Number(values.rounds);

const memoryGib = Math.round(totalmem() / 2 ** 30);
say(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${memoryGib} GiB, load ${loadavg()[0]?.toFixed(2)}`,
);
const throughput = runAlternating(throughputCases, rounds, 3000 * scale, 5000 * scale);
const latency = runAlternating(["two processes, 1,000/s"], rounds, 3000 * scale, 10_000 * scale);
const memory = runAlternating(["slow bolt, two processes"], 1, 10_000 * scale, 60_000 * scale);
for (const row of throughput) say(`${row.name.padEnd(26)} ${spread(row, "sentencesPerSecond", 0)} sentences/s`);
for (const [name, yardstick, goal] of goals) {
  const ratio = median(valuesOf(name)) / median(valuesOf(yardstick));
  say(`${`${name} / ${yardstick}`.padEnd(46)} ${ratio.toFixed(2)}   goal ${goal}`);
}
for (const row of latency)
  say(`${row.name.padEnd(26)} p99 ${spread(row, "p99Ms", 2)} ms, mean ${spread(row, "meanMs", 2)} ms   goal p99 5`);
for (const { name, figures } of memory) {
  const { firstMb = 0, lastMb = 0, slopeKbPerSecond = 0, waiting = 0 } = figures[0] ?? {};
  say(
    `${name}   ${firstMb.toFixed(0)} MB → ${lastMb.toFixed(0)} MB, ${slopeKbPerSecond.toFixed(1)} kB/s, ${waiting} tuples wait`,
  );
}
say(JSON.stringify({ throughput, latency, memory, load: loadavg() }));

/** A B C, A B C …: what the machine does meanwhile touches all alike. */
function runAlternating(names: readonly string[], times: number, warmUpMs: number, measureMs: number): Row[] {
  const rows = names.map((name) => ({ name, figures: [] as Array<Readonly<Record<string, number>>> }));
  for (let round = 0; round < times; round++)
    for (const row of rows) row.figures.push(runCase(row.name, warmUpMs, measureMs));
  return rows;
}

function runCase(name: string, warmUpMs: number, measureMs: number): Record<string, number> {
  const script = fileURLToPath(new URL("case.ts", import.meta.url));
  const args = ["--conditions=storm-lab-source", script, name, String(warmUpMs), String(measureMs)];
  const child = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "pipe", "inherit"] });
  if (child.status !== 0) throw new Error(`the case ${name} ended with ${child.status ?? child.signal}`);
  return JSON.parse(child.stdout.trim().split("\n").at(-1) ?? "{}") as Record<string, number>;
}

function valuesOf(name: string): number[] {
  return throughput.find((row) => row.name === name)?.figures.map((figures) => figures.sentencesPerSecond ?? 0) ?? [];
}

function spread(row: Row, figure: string, digits: number): string {
  const all = row.figures.map((figures) => figures[figure] ?? 0);
  const text = (value: number) => value.toLocaleString("en-US", { maximumFractionDigits: digits });
  return `${text(median(all))} (${text(Math.min(...all))} – ${text(Math.max(...all))})`;
}

function median(all: readonly number[]): number {
  return [...all].sort((a, b) => a - b)[Math.floor(all.length / 2)] ?? 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
