/** What is measured: each case runs in a process of its own and prints one JSON object. */
import { fileURLToPath } from "node:url";
import { outputSink, realRuntime } from "../../src/base/index.ts";
import { type LocalRun, loadLocalRun, type TopologyReport } from "../../src/local/index.ts";
import { zeromqLinks } from "../../src/transport/index.ts";
import { bareAckedLoop, bareLoop } from "./bare.ts";

export interface CaseOptions {
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export type CaseFigures = Readonly<Record<string, number>>;

export const cases: Readonly<Record<string, (options: CaseOptions) => Promise<CaseFigures>>> = {
  "bare loop": async (options) => ({ sentencesPerSecond: warm(bareLoop, options) }),
  "bare loop, acked": async (options) => ({ sentencesPerSecond: warm(bareAckedLoop, options) }),
  "one process": (options) => throughput(1, [], options),
  "one process, acked": (options) => throughput(1, ["--acked"], options),
  "two processes": (options) => throughput(2, [], options),
  "two processes, acked": (options) => throughput(2, ["--acked"], options),
  "two processes, 1,000/s": (options) => latency(2, options),
  "slow bolt, two processes": (options) => memory(2, options),
};

function warm(loop: (ms: number) => number, { warmUpMs, measureMs }: CaseOptions): number {
  loop(warmUpMs);
  return loop(measureMs);
}

async function throughput(workers: number, args: readonly string[], options: CaseOptions): Promise<CaseFigures> {
  return running("topology.ts", workers, args, async (run) => {
    await sleep(options.warmUpMs);
    const before = await run.report(true);
    const startMs = performance.now();
    await sleep(options.measureMs);
    const after = await run.report(true);
    const seconds = (performance.now() - startMs) / 1000;
    // An acked run is measured by what was completed, an unacked one by what the last bolt has counted.
    const done = (report: TopologyReport) => {
      const { spout, count } = report.components;
      return args.length > 0 ? (spout?.acked ?? 0) : (count?.executed ?? 0) / wordsPerSentence;
    };
    return { sentencesPerSecond: (done(after) - done(before)) / seconds };
  });
}

async function latency(workers: number, { warmUpMs, measureMs }: CaseOptions): Promise<CaseFigures> {
  return running("topology.ts", workers, ["--acked", "--rate", "1000"], async (run) => {
    await sleep(warmUpMs + measureMs);
    const { spout } = (await run.report(true)).components;
    return {
      sentences: spout?.acked ?? 0,
      meanMs: spout?.completeLatencyMs ?? 0,
      p99Ms: spout?.completeLatencyP99Ms ?? 0,
    };
  });
}

/** Resident memory of both processes, sampled; the slope is that of a straight line through the samples after the warm-up. */
async function memory(workers: number, { warmUpMs, measureMs }: CaseOptions): Promise<CaseFigures> {
  return running("slow-bolt-topology.ts", workers, [], async (run) => {
    await sleep(warmUpMs);
    const samples: Array<[number, number]> = [];
    const startMs = performance.now();
    while (performance.now() - startMs < measureMs) {
      const report = await run.report(true);
      samples.push([(performance.now() - startMs) / 1000, Number(report.results.rssBytes) / 2 ** 20]);
      await sleep(500);
    }
    const report = await run.report(true);
    return {
      executed: report.components.slow?.executed ?? 0,
      waiting: (report.components.spout?.emitted ?? 0) - (report.components.slow?.executed ?? 0),
      firstMb: samples[0]?.[1] ?? 0,
      lastMb: samples.at(-1)?.[1] ?? 0,
      slopeKbPerSecond: slope(samples) * 1024,
    };
  });
}

const wordsPerSentence = 6.4;

async function running<T>(
  file: string,
  workers: number,
  args: readonly string[],
  measure: (run: LocalRun) => Promise<T>,
): Promise<T> {
  const program = fileURLToPath(new URL("../../bin/storm-lab.mjs", import.meta.url));
  const runtime = realRuntime({
    name: "bench",
    self: { command: [process.execPath, program] },
    links: zeromqLinks(),
    sink: outputSink("stderr", "plain"),
  });
  const run = await loadLocalRun({
    runtime,
    file: fileURLToPath(new URL(file, import.meta.url)),
    args,
    workers,
    workerCommand: "local-worker",
    onError: (error) => process.stderr.write(`${error.code} ${error.message}\n`),
    onOutput: (_stream, line) => process.stderr.write(`${line}\n`),
  });
  try {
    await run.open();
    return await Promise.race([measure(run), run.completed.then((): never => assertEndless())]);
  } finally {
    await run.stop();
  }
}

function assertEndless(): never {
  throw new Error("a benchmark's topology does not end by itself");
}

function slope(samples: ReadonlyArray<readonly [number, number]>): number {
  const mean = (index: 0 | 1) => samples.reduce((sum, sample) => sum + sample[index], 0) / samples.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const covariance = samples.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  const variance = samples.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return variance === 0 ? 0 : covariance / variance;
}

function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
