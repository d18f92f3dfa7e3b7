/** What `storm-lab logs` does. */
import {
  type ClusterLayout,
  type LogSource,
  loadCluster,
  logSources,
  onlyCluster,
} from "../../../../provision/index.ts";
import { exitCodes, pause, type Runtime, StormLabError, visiblePrint } from "../../../base/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { wholeNumberOf } from "../nimbus-call.ts";
import { type Admits, type LogEntry, LogReader } from "./log-reader.ts";
import { namedCluster, openPlace } from "./place.ts";

interface Told {
  readonly source: LogSource;
  readonly entry: LogEntry;
}

const lookMs = 200;
/** New logs are looked for so often while they are followed. */
const newSourcesMs = 1000;
const levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"];

export async function runLogs(context: CommandContext, input: CommandInput): Promise<number> {
  const place = openPlace(context, "logs");
  const layout = await loadCluster(place, namedCluster(input) ?? (await onlyCluster(place)));
  const admits = filterOf(input.options);
  const count = wholeNumberOf("--lines", input.options.lines, 0) ?? 0;
  const sources = () =>
    logSources(place, layout, input.args.target === undefined ? undefined : String(input.args.target));
  const readers = new Map<string, { readonly source: LogSource; readonly reader: LogReader }>();
  const last: Told[] = [];
  for (const source of await sources()) {
    const reader = new LogReader(source.path);
    readers.set(source.path, { source, reader });
    for (const entry of await reader.last(count, admits)) last.push({ source, entry });
  }
  const named = readers.size > 1;
  for (const told of inOrder(last).slice(Math.max(0, last.length - count))) tell(context, told, named);
  if (input.options.follow === true) await follow(context, layout, place.runtime, { sources, readers, admits });
  return exitCodes.done;
}

interface Followed {
  readonly sources: () => Promise<LogSource[]>;
  readonly readers: Map<string, { readonly source: LogSource; readonly reader: LogReader }>;
  readonly admits: Admits;
}

/** Until Ctrl-C, or until the cluster's folder is gone. */
async function follow(
  context: CommandContext,
  { folder }: ClusterLayout,
  runtime: Runtime,
  followed: Followed,
): Promise<void> {
  const { readers, admits, sources } = followed;
  let lookedMs = runtime.clock.monotonicMs();
  while (!context.interrupted.aborted) {
    const fresh: Told[] = [];
    for (const { source, reader } of readers.values())
      for (const entry of await reader.more()) if (admits(entry)) fresh.push({ source, entry });
    for (const told of inOrder(fresh)) tell(context, told, readers.size > 1);
    if (runtime.clock.monotonicMs() - lookedMs >= newSourcesMs) {
      lookedMs = runtime.clock.monotonicMs();
      if ((await runtime.fs.stat(folder)) === null) return;
      for (const source of await sources())
        if (!readers.has(source.path)) readers.set(source.path, { source, reader: new LogReader(source.path) });
    }
    await pause(runtime.timers, lookMs, context.interrupted);
  }
}

function tell({ globals, stdout }: CommandContext, { source, entry }: Told, named: boolean): void {
  if (globals.output !== "text") {
    const { timeMs, level, text } = entry;
    const time = timeMs === null ? null : new Date(timeMs).toISOString();
    stdout.write(`${JSON.stringify({ v: 1, type: "log", log: source.name, time, level, text })}\n`);
    return;
  }
  // What an author prints must not steer the terminal.
  const lines = entry.text.split("\n").map(visiblePrint);
  const prefix = named ? `${stdout.style("cyan", source.name)} | ` : "";
  stdout.write(lines.map((line) => `${prefix}${line}\n`).join(""));
}

/** By time; what has none stays where it stood in its log. */
function inOrder(told: readonly Told[]): Told[] {
  const timed: { readonly told: Told; readonly ms: number }[] = [];
  const lastMs = new Map<LogSource, number>();
  for (const one of told) {
    const ms = one.entry.timeMs ?? lastMs.get(one.source) ?? 0;
    lastMs.set(one.source, ms);
    timed.push({ told: one, ms });
  }
  return timed.sort((a, b) => a.ms - b.ms).map(({ told: one }) => one);
}

/** Throws SL-COMMAND-VALUE. */
function filterOf({ grep, level }: CommandInput["options"]): Admits {
  const pattern = grep === undefined ? null : patternOf(String(grep));
  const least = level === undefined ? 0 : levels.indexOf(String(level).toUpperCase());
  return (entry) => levels.indexOf(entry.level ?? "INFO") >= least && (pattern === null || pattern.test(entry.text));
}

function patternOf(text: string): RegExp {
  try {
    return new RegExp(text, "u");
  } catch (error) {
    throw new StormLabError({
      code: "SL-COMMAND-VALUE",
      what: `--grep is ${JSON.stringify(text)}`,
      why: error instanceof Error ? error.message : "it is no regular expression",
      hint: "put a backslash before characters that are meant as they are, such as \\[",
      exitCode: exitCodes.usage,
    });
  }
}
