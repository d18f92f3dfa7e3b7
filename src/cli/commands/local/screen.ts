/** Where the lines of a run go: above the live table, to standard output, or to standard error when that is for JSON. */
import { type StormLabError, type Timers, visiblePrint, visibleText } from "../../../base/index.ts";
import type { LocalRun, TopologyReport } from "../../../local/index.ts";
import type { CommandContext } from "../../command.ts";
import { renderError } from "../../render-error.ts";
import { LiveTable } from "./live-table.ts";
import { componentTable, handled, metricLines, resultLines } from "./report-text.ts";

/** The same reported error is shown this often at most. */
const sameErrorMax = 3;

export class Screen {
  private readonly context: CommandContext;
  private readonly timers: Timers;
  private readonly seen = new Map<string, number>();
  live: LiveTable | null = null;

  constructor(context: CommandContext, timers: Timers) {
    this.context = context;
    this.timers = timers;
  }

  begin(run: LocalRun): void {
    const { globals, stdout } = this.context;
    for (const warning of run.warnings) this.note(`! ${visibleText(warning)}`);
    if (globals.output !== "text") return;
    const where = run.workers === 1 ? "this process" : `${run.workers} worker processes`;
    this.note(`${visibleText(run.name)} runs in ${where}; Ctrl-C stops it`);
    if (stdout.interactive) this.live = new LiveTable(stdout, this.timers, run.name, run.flow);
  }

  /** A line of this program's. */
  note(line: string): void {
    const { globals, stdout, stderr } = this.context;
    if (this.live !== null) this.live.print(`${line}\n`);
    else (globals.output === "text" ? stdout : stderr).write(`${line}\n`);
  }

  /** A line that the author's code printed: as it is, unless it goes to a terminal. */
  printed = (stream: "stdout" | "stderr", line: string): void => {
    const { globals, stdout, stderr } = this.context;
    const to = stream === "stdout" && globals.output === "text" ? stdout : stderr;
    if (this.live !== null) this.live.print(`${visiblePrint(line)}\n`);
    else to.write(`${to.interactive ? visiblePrint(line) : line}\n`);
  };

  error(error: StormLabError): void {
    const { globals, stderr } = this.context;
    const count = (this.seen.get(error.message) ?? 0) + 1;
    this.seen.set(error.message, count);
    if (count > sameErrorMax) return;
    const text = renderError(error, globals, stderr);
    if (this.live !== null) this.live.print(text);
    else stderr.write(text);
  }

  end(run: LocalRun, report: TopologyReport, seconds: number, lastLines: readonly string[]): void {
    const { stdout } = this.context;
    const lines = metricLines(report.components, run.flow);
    if (this.live !== null) this.live.end(report, seconds);
    else {
      const rateOf = (id: string) => handled(report.components[id]) / Math.max(0.001, seconds);
      lines.unshift(...componentTable(report.components, run.flow, rateOf, stdout.columns), "", ...resultLines(report));
    }
    stdout.write(`${[...lines, ...lastLines].join("\n")}\n`);
  }

  restore(): void {
    this.live?.restore();
    this.live = null;
  }
}
