/** Runs the topology and shows it: a live table on a terminal, plain lines elsewhere, one JSON object at the end if asked. */
import { exitCodes, isStormLabError, type Runtime, type Timer, visibleText } from "../../../base/index.ts";
import { type LocalRun, loadLocalRun, type TopologyReport } from "../../../local/index.ts";
import { zeromqLinks } from "../../../transport/index.ts";
import type { CommandContext } from "../../command.ts";
import { AuthorWatch } from "./author-watch.ts";
import { progressLine } from "./report-text.ts";
import { Screen } from "./screen.ts";

export interface LocalWords {
  readonly file: string;
  readonly args: readonly string[];
  readonly workers: number;
}

const redrawMs = 500;
/** Results are read this often: they may be large. */
const resultsMs = 2000;
const plainLineMs = 2000;
/** What has not come back by then is named. */
const slowMs = 5000;

export async function runLocal(context: CommandContext, words: LocalWords): Promise<number> {
  const runtime = context.openRuntime({ name: "local", ...(words.workers > 1 ? { links: zeromqLinks() } : {}) });
  const screen = new Screen(context, runtime.timers);
  const author = new AuthorWatch(context, screen);
  const slow = tellWhenSlow(runtime, screen, () => `${words.file} to be loaded`);
  // Code at the top of a module may wait for what never comes: nothing else keeps the process then.
  const alive = runtime.timers.every(slowMs, () => {});
  try {
    const loading = loadLocalRun({
      runtime,
      ...words,
      workerCommand: "local-worker",
      onError: (error) => screen.error(error),
      onOutput: screen.printed,
    });
    const run = await Promise.race([loading, author.failed, aborted(context.interrupted)]);
    if (run === null) {
      screen.note("stopped before the topology was loaded");
      return exitCodes.done;
    }
    slow.cancel();
    author.run = run;
    screen.begin(run);
    await runToItsEnd(context, { runtime, run, screen, words });
    return exitCodes.done;
  } catch (error) {
    // There is nothing left to run.
    if (isStormLabError(error, "SL-PROGRAM-RAN-ITSELF")) return exitCodes.done;
    throw error;
  } finally {
    slow.cancel();
    alive.cancel();
    author.release();
  }
}

interface Scene {
  readonly runtime: Runtime;
  readonly run: LocalRun;
  readonly screen: Screen;
  readonly words: LocalWords;
}

async function runToItsEnd({ globals, stdout, interrupted }: CommandContext, scene: Scene): Promise<void> {
  const { runtime, run, screen, words } = scene;
  const startedMs = runtime.clock.monotonicMs();
  const seconds = (): number => (runtime.clock.monotonicMs() - startedMs) / 1000;
  const stop = aborted(interrupted);
  const slow = tellWhenSlow(runtime, screen, () => `${run.awaited()} to open`);
  let timer: Timer | null = null;
  try {
    const isOpen = await Promise.race([run.open().then(() => true), stop.then(() => false)]);
    slow.cancel();
    if (isOpen && globals.output === "text") timer = watch(runtime, run, screen, seconds);
    if (isOpen) await Promise.race([run.completed, stop]);
    const elapsed = seconds();
    const report = isOpen ? await run.report(true) : null;
    timer?.cancel();
    const failure = await run.stop();
    if (report === null) screen.note(`stopped after ${elapsed.toFixed(1)} s, before all components were open`);
    else if (globals.output !== "text") stdout.write(`${jsonResult(report, elapsed)}\n`);
    else screen.end(run, report, elapsed, lastLines(words, elapsed, interrupted.aborted));
    if (failure === null) return;
    // An interrupted command's own errors are not shown: this one is not its own.
    if (interrupted.aborted) screen.error(failure);
    throw failure;
  } catch (error) {
    slow.cancel();
    timer?.cancel();
    screen.restore();
    await run.stop();
    throw error;
  }
}

function tellWhenSlow(runtime: Runtime, screen: Screen, what: () => string): Timer {
  return runtime.timers.after(slowMs, () =>
    screen.note(`! still waiting, after ${slowMs / 1000} s, for ${visibleText(what())}; Ctrl-C stops it`),
  );
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
        if (live === null) screen.note(progressLine(report.components, run.flow, seconds()));
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

function lastLines(words: LocalWords, seconds: number, isStopped: boolean): string[] {
  const lines = [`${isStopped ? "stopped after" : "done in"} ${seconds.toFixed(1)} s`, ""];
  if (isStopped) return lines;
  return [...lines, "next:", ...nextCommands(words).flatMap(([what, command]) => [`  ${what}`, `    ${command}`])];
}

function nextCommands({ file, args, workers }: LocalWords): Array<readonly [string, string]> {
  const again = `npx storm-lab local ${[file, ...args].map(shellWord).join(" ")}`;
  const next: Array<readonly [string, string]> = [];
  if (workers === 1) next.push(["the same over two processes, with ZeroMQ between them", `${again} --workers 2`]);
  next.push(["results and metrics as JSON", `${again} --output json`]);
  const starter = file.replace(/(?<=^|\/)solution(?=\/topology\.ts$)/, "starter");
  // With a text of its own: it prints too much for a long one.
  if (starter !== file)
    next.push(["the tutorial's version: what is wrong with its counts?", `npx storm-lab local ${shellWord(starter)}`]);
  return next;
}

function shellWord(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function aborted(signal: AbortSignal): Promise<null> {
  const { promise, resolve } = Promise.withResolvers<null>();
  if (signal.aborted) resolve(null);
  else signal.addEventListener("abort", () => resolve(null), { once: true });
  return promise;
}
