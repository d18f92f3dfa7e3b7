/**
 * `npm run bench -- ui [--rounds N] [--quick]`: 50 pollers ask for the topology once a second each while word count is held at 20,000
 * sentences a second on two workers: how long an answer takes, and whether the topology keeps its rate.
 */
import { cpus, loadavg, totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { BenchCluster } from "../cluster/lab.ts";

const { values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, quick: { type: "boolean", default: false } },
});
const measureMs = values.quick ? 5000 : 30_000;
const warmUpMs = values.quick ? 3000 : 6000;
const pollers = 50;
const rate = 20_000;
const everyMs = 1000;
const wordCount = fileURLToPath(new URL("../word-count/topology.ts", import.meta.url));

const load = loadavg()[0]?.toFixed(2);
say(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GiB, load ${load}`,
);
const titles = ["p50 ms", "p99 ms", "p99.9 ms", "answers", "sentences/s", "without pollers"];
say(`\n${"".padEnd(8)}${titles.map((title) => title.padStart(16)).join("")}`);
for (let round = 1; round <= Number(values.rounds); round++) {
  const { times, polled, alone } = await measure();
  const at = (share: number) =>
    (times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN).toFixed(2);
  const quantiles = [at(0.5), at(0.99), at(0.999)];
  const figures = [...quantiles, String(times.length), polled.toFixed(0), alone.toFixed(0)];
  say(`round ${round} ${figures.map((figure) => figure.padStart(16)).join("")}`);
}
say(`\ngoal: p99 ≤ 20 ms, and the topology keeps ${rate} sentences/s`);

async function measure(): Promise<{ times: number[]; polled: number; alone: number }> {
  await using lab = await BenchCluster.make();
  await lab.run("up", "--ports", "free");
  const url = (await lab.run("open", "--print")).trim();
  const text = await lab.run("submit", wordCount, "--workers", "2", "--acked", "--rate", String(rate));
  const id = /as (bench-word-count-\S+)/.exec(text)?.[1] ?? "";
  const acked = async () => {
    const told = await lab.snapshot(id, 2);
    if (told === null) throw new Error("the workers have told nothing");
    return { atMs: told.atMs, count: told.report.components.spout?.acked ?? 0 };
  };
  const rateWhile = async (work: () => Promise<void>) => {
    const before = await acked();
    await work();
    const after = await acked();
    return (after.count - before.count) / ((after.atMs - before.atMs) / 1000);
  };
  await sleep(warmUpMs);
  const alone = await rateWhile(() => sleep(measureMs));
  const times: number[] = [];
  const polled = await rateWhile(async () => {
    const endMs = performance.now() + measureMs;
    await Promise.all(
      Array.from({ length: pollers }, (_, number) => poll(`${url}api/v1/topology/${id}`, number, endMs, times)),
    );
  });
  return { times: times.sort((a, b) => a - b), polled, alone };
}

/** Each begins at its own moment of the second. */
async function poll(url: string, number: number, endMs: number, times: number[]): Promise<void> {
  await sleep((number / pollers) * everyMs);
  for (let dueMs = performance.now(); dueMs < endMs; dueMs += everyMs) {
    await sleep(Math.max(0, dueMs - performance.now()));
    const startMs = performance.now();
    const response = await fetch(url);
    const { id } = (await response.json()) as { id?: string };
    if (!response.ok || id === undefined) throw new Error(`${url} answers ${response.status}`);
    times.push(performance.now() - startMs);
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
