/** Runs the topology and shows it: a live table on a terminal, plain lines elsewhere, one JSON object at the end if asked. */
import { exitCodes, type StormLabError, type Timer } from "../../../base/index.ts";
import { type LocalRun, startLocalRun, type TopologyReport } from "../../../local/index.ts";
import { zeromqLinks } from "../../../transport/index.ts";
import type { CommandContext } from "../../command.ts";
import { renderError } from "../../render-error.ts";
import { LiveTable } from "./live-table.ts";
import { finalText, progressLine } from "./report-text.ts";

export interface LocalWords {
  readonly file: string;
  readonly args: readonly string[];
  readonly workers: number;
}

const redrawMs = 250;
const plainLineMs = 2000;
/** The same reported error is shown this often at most. */
const sameErrorMax = 3;

export async function runLocal(context: CommandContext, words: LocalWords): Promise<number> {
  const { globals, stdout, stderr, interrupted } = context;
  const json = globals.output !== "text";
  const runtime = context.openRuntime({ name: "local", ...(words.workers > 1 ? { links: zeromqLinks() } : {}) });
  const live = !json && stdout.interactive ? new LiveTable(stdout) : null;
  const show = (text: string): void => (live === null ? (json ? stderr : stdout).write(text) : live.print(text));
  const run = await startLocalRun({
    runtime,
    ...words,
    workerCommand: "local-worker",
    onError: errorPrinter(context, (text) => (live === null ? stderr.write(text) : live.print(text))),
    onOutput: (_stream, line) => show(`${line}\n`),
  });
  const startedMs = runtime.clock.monotonicMs();
  const seconds = (): number => (runtime.clock.monotonicMs() - startedMs) / 1000;
  for (const warning of run.warnings) show(`! ${warning}\n`);
  if (!json)
    show(
      `${run.name} runs in ${run.workers === 1 ? "this process" : `${run.workers} worker processes`}; Ctrl-C stops it\n`,
    );
  const timer = json ? null : watch(run, live, show, seconds, (ms, tick) => runtime.timers.every(ms, tick));
  try {
    await Promise.race([run.completed, aborted(interrupted)]);
    const elapsed = seconds();
    const report = await run.report();
    timer?.cancel();
    live?.draw(run.name, report, elapsed);
    live?.end();
    await run.stop();
    if (interrupted.aborted) show("stopped before the end\n");
    stdout.write(json ? `${jsonResult(report, elapsed)}\n` : finalText(report, elapsed, stdout, nextCommands(words)));
    return exitCodes.done;
  } catch (error) {
    timer?.cancel();
    live?.end();
    await run.stop();
    throw error;
  }
}

function watch(
  run: LocalRun,
  live: LiveTable | null,
  show: (text: string) => void,
  seconds: () => number,
  every: (periodMs: number, tick: () => void) => Timer,
): Timer {
  let reading = false;
  return every(live === null ? plainLineMs : redrawMs, () => {
    if (reading) return;
    reading = true;
    Promise.resolve(run.report())
      .then((report) => {
        reading = false;
        if (live === null) show(progressLine(report, seconds()));
        else live.draw(run.name, report, seconds());
      })
      .catch(() => {
        // The run is over; its own promise tells why.
      });
  });
}

/** Published results first, under their own names; `components` and `seconds` are the run's. */
function jsonResult({ results, components }: TopologyReport, seconds: number): string {
  return JSON.stringify({ ...results, components, seconds: Number(seconds.toFixed(3)) });
}

function nextCommands({ file, workers }: LocalWords): string[] {
  const again = `storm-lab local ${file}`;
  return [
    ...(workers === 1 ? [`${again} --workers 2       the same over two processes and ZeroMQ`] : []),
    `${again} --output json     counts and metrics as JSON`,
    `storm-lab local labs/word-count/starter/topology.ts     the tutorial's version: which of its counts are wrong?`,
  ];
}

function errorPrinter(
  { globals, stderr }: CommandContext,
  print: (text: string) => void,
): (error: StormLabError) => void {
  const seen = new Map<string, number>();
  return (error) => {
    const count = (seen.get(error.message) ?? 0) + 1;
    seen.set(error.message, count);
    if (count <= sameErrorMax) print(renderError(error, globals, stderr));
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
