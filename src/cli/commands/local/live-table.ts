/** A table that is redrawn in place on a terminal. What is printed meanwhile scrolls by above it. */
import { type Timer, type Timers, visibleText } from "../../../base/index.ts";
import type { TopologyReport } from "../../../local/index.ts";
import type { Terminal } from "../../command.ts";
import { cut } from "./columns.ts";
import { type Components, componentTable, handled, resultLines } from "./report-text.ts";

/** Lines that come fast are shown together, as drawing is dear; this much of them at most. */
const printMs = 50;
const printedMax = 16 * 1024;
const clearBelow = "\u001b[J";

export class LiveTable {
  private readonly terminal: Terminal;
  private readonly timers: Timers;
  private readonly name: string;
  private printed = "";
  private flushing: Timer | null = null;
  private readonly flow: readonly string[];
  private drawn: readonly string[] = [];
  private before: { readonly components: Components; readonly seconds: number } = { components: {}, seconds: 0 };

  constructor(terminal: Terminal, timers: Timers, name: string, flow: readonly string[]) {
    this.terminal = terminal;
    this.timers = timers;
    this.name = visibleText(name);
    this.flow = flow;
  }

  /** Lines above the table; they are shown soon, many at once. */
  print(text: string): void {
    this.printed += text;
    if (this.printed.length > printedMax) this.flush();
    else this.flushing ??= this.timers.after(printMs, () => this.flush());
  }

  /** Rates are those since the last drawing. */
  draw({ components, results }: TopologyReport, seconds: number): void {
    const { before } = this;
    const spanSeconds = Math.max(0.001, seconds - before.seconds);
    const rateOf = (id: string) => (handled(components[id]) - handled(before.components[id])) / spanSeconds;
    this.before = { components, seconds };
    this.show(this.table(components, rateOf, seconds), resultLines({ results }));
  }

  /** The last table stays on the screen, with the mean rates of the whole run. */
  end({ components, results }: TopologyReport, seconds: number): void {
    const rateOf = (id: string) => handled(components[id]) / Math.max(0.001, seconds);
    this.show(this.table(components, rateOf, seconds), resultLines({ results }));
    this.drawn = [];
    this.restore();
  }

  /** What is on the screen stays, and the cursor comes back. */
  restore(): void {
    this.flush();
    this.terminal.showCursor();
  }

  private flush(): void {
    this.flushing?.cancel();
    this.flushing = null;
    if (this.printed === "") return;
    const text = this.printed;
    this.printed = "";
    this.terminal.write(`${this.rewind()}${text}${this.drawn.map((line) => `${line}\n`).join("")}`);
  }

  private table(components: Components, rateOf: (id: string) => number, seconds: number): string[] {
    const rows = componentTable(components, this.flow, rateOf, this.terminal.columns);
    return ["", `${this.name}  ${seconds.toFixed(1)} s`, ...rows, ""];
  }

  private show(above: readonly string[], below: readonly string[]): void {
    // What scrolls off the screen cannot be drawn over.
    const lines = [...above, ...below]
      .slice(0, this.terminal.rows - 1)
      .map((line) => cut(line, this.terminal.columns - 1));
    this.terminal.hideCursor();
    this.flush();
    this.terminal.write(`${this.rewind()}${lines.map((line) => `${line}\n`).join("")}`);
    this.drawn = lines;
  }

  private rewind(): string {
    return this.drawn.length === 0 ? "" : `\u001b[${this.drawn.length}A\r${clearBelow}`;
  }
}
