/**
 * `npm run bench -- drpc [--rounds N] [--quick]`: calls through a DRPC server of its own process, answered by a process that fetches and
 * answers them as a topology does and computes nothing, called from a third one. What the server and the ways cost, without a topology.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

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
/** Clients, and calls of all of them together. */
const loads: ReadonlyArray<readonly [clients: number, calls: number]> = [
  [1, 20_000 * scale],
  [32, 200_000 * scale],
  [1000, 200_000 * scale],
];
const ways = ["pushed", "asked for, as Storm's spout"] as const;
const program = fileURLToPath(new URL("../../bin/storm-lab.mjs", import.meta.url));
const answerer = fileURLToPath(new URL("answerer.ts", import.meta.url));

const memoryGib = Math.round(totalmem() / 2 ** 30);
say(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${memoryGib} GiB, load ${loadavg()[0]?.toFixed(2)}`,
);
const found = new Map<string, Figures[]>();
for (let round = 0; round < Number(values.rounds); round++) for (const way of ways) await measure(way);
say(`\n${"".padEnd(46)}${"calls/s".padStart(10)}${"p50 ms".padStart(10)}${"p99 ms".padStart(10)}`);
for (const [name, figures] of found) {
  const cell = (figure: keyof Figures, digits: number) =>
    median(figures.map((each) => each[figure]))
      .toFixed(digits)
      .padStart(10);
  say(`${name.padEnd(46)}${cell("callsPerSecond", 0)}${cell("p50Ms", 3)}${cell("p99Ms", 3)}`);
}
say(JSON.stringify(Object.fromEntries(found)));

async function measure(way: (typeof ways)[number]): Promise<void> {
  const conf = ["drpc.port=0", "drpc.invocations.port=0", "drpc.http.port=-1"].flatMap((word) => ["-c", word]);
  const server = start([program, "drpc", "--standalone", "-o", "json", ...conf]);
  const { port, invocationsPort } = JSON.parse(await firstLine(server)) as Record<string, number>;
  const answering = start([
    "--conditions=storm-lab-source",
    answerer,
    String(invocationsPort),
    way === "pushed" ? "push" : "ask",
  ]);
  try {
    await firstLine(answering);
    for (const [clients, calls] of loads) {
      const words = ["--server", `127.0.0.1:${port}`, "--clients", String(clients), "--calls", String(calls)];
      const figures = JSON.parse(await firstLine(start([program, "drpc", "bench", "-o", "json", ...words]))) as Figures;
      const name = `${way}, ${clients} client${clients === 1 ? "" : "s"}`;
      found.set(name, [...(found.get(name) ?? []), figures]);
    }
  } finally {
    for (const child of [answering, server]) {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
  }
}

function start(words: readonly string[]): ChildProcess {
  return spawn(process.execPath, words, { cwd: join(tmpdir()), stdio: ["ignore", "pipe", "inherit"] });
}

async function firstLine(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error("it has no output");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error(`it ended without a word (${child.exitCode ?? child.signalCode})`);
}

function median(all: readonly number[]): number {
  const sorted = [...all].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
