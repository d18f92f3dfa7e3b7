/** Runs the topology and shows it: a live table on a terminal, plain lines elsewhere, one JSON object at the end if asked. */
import { exitCodes, type Runtime, type StormLabError, type Timer } from "../../../base/index.ts";
import { type LocalRun, startLocalRun, type TopologyReport } from "../../../local/index.ts";
import { zeromqLinks } from "../../../transport/index.ts";
import type { CommandContext } from "../../command.ts";
import { renderError } from "../../render-error.ts";
import { LiveTable } from "./live-table.ts";
import { componentTable, handled, progressLine, resultLines } from "./report-text.ts";

export interface LocalWords {
  readonly file: string;
  readonly args: readonly string[];
  readonly workers: number;
}

const redrawMs = 500;
/** Results are read this often: they may be large. */
const resultsMs = 2000;
const plainLineMs = 2000;
/** The same reported error is shown this often at most. */
const sameErrorMax = 3;

export async function runLocal(context: CommandContext, words: LocalWords): Promise<number> {
  const { globals, stdout, interrupted } = context;
  const runtime = context.openRuntime({ name: "local", ...(words.workers > 1 ? { links: zeromqLinks() } : {}) });
  const screen = new Screen(context);
  const run = await startLocalRun({
    runtime,
    ...words,
    workerCommand: "local-worker",
    onError: (error) => screen.error(error),
    onOutput: (_stream, line) => screen.print(`${line}\n`),
  });
  const startedMs = runtime.clock.monotonicMs();
  const seconds = (): number => (runtime.clock.monotonicMs() - startedMs) / 1000;
  screen.begin(run);
  const timer = globals.output === "text" ? watch(runtime, run, screen, seconds) : null;
  try {
    await Promise.race([run.completed, aborted(interrupted)]);
    const elapsed = seconds();
    const report = await run.report(true);
    timer?.cancel();
    await run.stop();
    if (globals.output !== "text") stdout.write(`${jsonResult(report, elapsed)}\n`);
    else screen.end(run, report, elapsed, interrupted.aborted, words);
    return exitCodes.done;
  } catch (error) {
    timer?.cancel();
    screen.restore();
    await run.stop();
    throw error;
  }
}

/** Where lines go while a run lasts: above the live table, to standard output, or to standard error when that is for JSON. */
class Screen {
  private readonly context: CommandContext;
  private readonly seen = new Map<string, number>();
  live: LiveTable | null = null;

  constructor(context: CommandContext) {
    this.context = context;
  }

  begin(run: LocalRun): void {
    const { globals, stdout } = this.context;
    for (const warning of run.warnings) this.print(`! ${warning}\n`);
    if (globals.output !== "text") return;
    const where = run.workers === 1 ? "this process" : `${run.workers} worker processes`;
    this.print(`${run.name} runs in ${where}; Ctrl-C stops it\n`);
    if (stdout.interactive) this.live = new LiveTable(stdout, run.name, run.flow);
  }

  print(text: string): void {
    const { globals, stdout, stderr } = this.context;
    if (this.live !== null) this.live.print(text);
    else (globals.output === "text" ? stdout : stderr).write(text);
  }

  error(error: StormLabError): void {
    const { globals, stderr } = this.context;
    const count = (this.seen.get(error.message) ?? 0) + 1;
    this.seen.set(error.message, count);
    if (count > sameErrorMax) return;
    const text = renderError(error, globals, stderr);
    if (this.live !== null) this.live.print(text);
    else stderr.write(text);
  }

  end(run: LocalRun, report: TopologyReport, seconds: number, stopped: boolean, words: LocalWords): void {
    const { stdout } = this.context;
    const lines = [stopped ? `stopped after ${seconds.toFixed(1)} s` : `done in ${seconds.toFixed(1)} s`, ""];
    if (this.live !== null) this.live.end(report, seconds);
    else {
      const rateOf = (id: string) => handled(report.components[id]) / Math.max(0.001, seconds);
      lines.unshift(...componentTable(report.components, run.flow, rateOf, stdout.columns), "", ...resultLines(report));
    }
    if (!stopped)
      lines.push("next:", ...nextCommands(words).flatMap(([what, command]) => [`  ${what}`, `    ${command}`]));
    stdout.write(`${lines.join("\n")}\n`);
  }

  restore(): void {
    this.live?.restore();
  }
}

function watch(runtime: Runtime, run: LocalRun, screen: Screen, seconds: () => number): Timer {
  let reading = false;
  let results: TopologyReport["results"] = {};
  let resultsReadMs = Number.NEGATIVE_INFINITY;
  const { live } = screen;
  return runtime.timers.every(live === null ? plainLineMs : redrawMs, () => {
    if (reading) return;
    reading = true;
    const nowMs = runtime.clock.monotonicMs();
    const readResults = live !== null && nowMs - resultsReadMs >= resultsMs;
    Promise.resolve(run.report(readResults))
      .then((report) => {
        reading = false;
        if (readResults) {
          results = report.results;
          resultsReadMs = nowMs;
        }
        if (live === null) screen.print(progressLine(report.components, run.flow, seconds()));
        else live.draw({ ...report, results }, seconds());
      })
      .catch(() => {
        // The run is over; its own promise tells why.
      });
  });
}

/** Published results under their own names; `components` and `seconds` are the run's. */
function jsonResult({ results, components }: TopologyReport, seconds: number): string {
  return JSON.stringify({ ...results, components, seconds: Number(seconds.toFixed(3)) });
}

const starter = "labs/word-count/starter/topology.ts";

function nextCommands({ file, workers }: LocalWords): Array<readonly [string, string]> {
  const again = `npx storm-lab local ${file}`;
  const next: Array<readonly [string, string]> = [];
  if (workers === 1) next.push(["the same over two processes, with ZeroMQ between them", `${again} --workers 2`]);
  next.push(["results and metrics as JSON", `${again} --output json`]);
  if (!file.endsWith(starter))
    next.push(["the tutorial's version: what is wrong with its counts?", `npx storm-lab local ${starter}`]);
  return next;
}

function aborted(signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (signal.aborted) resolve();
  else signal.addEventListener("abort", () => resolve(), { once: true });
  return promise;
}
