/**
 * `npm run bench -- zookeeper [--rounds N] [--quick]`: three of our servers beside three of Apache ZooKeeper 3.8.4, taking
 * turns, fsync on. A table, the ratios that matter and one JSON object. Absolute figures are this machine's of this minute.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg, totalmem } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { type BenchEnsemble, type Engine, memoryOf, modes, prepareEnsemble, whole } from "./ensembles.ts";

type Figures = Readonly<Record<string, number>>;

const engines: readonly Engine[] = ["storm-lab", "apache"];
const loads = [
  "writes, 1 client",
  "writes, 16 clients",
  "writes, 64 clients",
  "reads, 1 client",
  "reads, 64 clients",
  "fan-out, 1000 watchers",
  "connect to first reply",
] as const;
/** What is compared: ours divided by Apache's, and whether more or less of it is better. */
const goals: ReadonlyArray<readonly [figure: string, goal: number, better: "more" | "less"]> = [
  ["start-up to quorum, ms", 1 / 3, "less"],
  ["memory a server, PSS MB", 1 / 2, "less"],
  ["writes, 64 clients perSecond", 1, "more"],
  ["reads, 64 clients perSecond", 0.7, "more"],
];

const { values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string", default: "3" }, quick: { type: "boolean", default: false } },
});
const startUpPollMs = 10;
const measureMs = values.quick ? 1000 : 5000;
const loadFile = fileURLToPath(new URL("load.ts", import.meta.url));

const memoryGib = Math.round(totalmem() / 2 ** 30);
const load = loadavg()[0]?.toFixed(2);
say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${memoryGib} GiB, load ${load}`);
const found: Record<Engine, Map<string, number[]>> = { "storm-lab": new Map(), apache: new Map() };
for (let round = 0; round < Number(values.rounds); round++) {
  for (const engine of round % 2 === 0 ? engines : [...engines].reverse()) {
    for (const [figure, value] of Object.entries(await measure(engine))) {
      const list = found[engine].get(figure);
      if (list === undefined) found[engine].set(figure, [value]);
      else list.push(value);
    }
  }
}
say(`\n${"".padEnd(40)}${engines.map((engine) => engine.padStart(24)).join("")}`);
for (const figure of found["storm-lab"].keys()) {
  say(`${figure.padEnd(40)}${engines.map((engine) => spread(found[engine].get(figure) ?? []).padStart(24)).join("")}`);
}
say("");
for (const [figure, goal, better] of goals) {
  const ratio = median(found["storm-lab"].get(figure) ?? []) / median(found.apache.get(figure) ?? []);
  say(
    `${figure.padEnd(40)} ours / Apache's ${ratio.toFixed(2)}   goal ${better === "less" ? "≤" : "≥"} ${goal.toFixed(2)}`,
  );
}
say(
  JSON.stringify({ figures: Object.fromEntries(engines.map((engine) => [engine, Object.fromEntries(found[engine])])) }),
);

/** One ensemble from its start to its end. */
async function measure(engine: Engine): Promise<Figures> {
  const ensemble = await prepareEnsemble(engine);
  const figures: Record<string, number> = {};
  try {
    figures["start-up to quorum, ms"] = await startUp(ensemble);
    await whole(ensemble);
    for (const name of loads) {
      for (const [key, value] of Object.entries(await runLoad(name, ensemble))) figures[`${name} ${key}`] = value;
    }
    const { pss, rss } = await memoryOf(ensemble);
    figures["memory a server, PSS MB"] = mean(pss) / 1e6;
    figures["memory a server, RSS MB"] = mean(rss) / 1e6;
    figures["failover to the next write, ms"] = await failover(ensemble);
  } finally {
    await ensemble.stop();
  }
  return figures;
}

/** From the start of three processes until one of them says that it leads: then a majority serves. */
async function startUp(ensemble: BenchEnsemble): Promise<number> {
  const startMs = performance.now();
  for (const server of ensemble.servers) server.start();
  while (!(await modes(ensemble)).includes("leader")) await pause(startUpPollMs);
  return performance.now() - startMs;
}

/** From kill -9 of the leader to the next acknowledged write of a client that writes all the time. */
async function failover(ensemble: BenchEnsemble): Promise<number> {
  await using writer = startWriter(ensemble);
  await writer.next();
  const leader = ensemble.servers[(await modes(ensemble)).indexOf("leader")];
  const killMs = Date.now();
  await leader?.kill();
  for (;;) {
    const { atMs, gapMs } = await writer.next();
    if (atMs - gapMs <= killMs) return atMs - killMs;
  }
}

interface Writer extends AsyncDisposable {
  next(): Promise<{ readonly gapMs: number; readonly atMs: number }>;
}

function startWriter(ensemble: BenchEnsemble): Writer {
  const child = spawn(process.execPath, [loadFile, "writing", portsOf(ensemble)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the writer has ended");
      return JSON.parse(value);
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function runLoad(name: string, ensemble: BenchEnsemble): Promise<Figures> {
  const args = [loadFile, name, portsOf(ensemble), String(measureMs)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${name} ended with code ${code}`);
  return JSON.parse(output);
}

function portsOf(ensemble: BenchEnsemble): string {
  return ensemble.servers.map(({ clientPort }) => clientPort).join(",");
}

function spread(list: readonly number[]): string {
  const digits = median(list) < 100 ? 2 : 0;
  const text = median(list).toFixed(digits);
  return list.length < 2 ? text : `${text} (${Math.min(...list).toFixed(digits)}–${Math.max(...list).toFixed(digits)})`;
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function mean(list: readonly number[]): number {
  return list.reduce((sum, value) => sum + value, 0) / list.length;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
