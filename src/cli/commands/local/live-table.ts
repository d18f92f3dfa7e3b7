/** A table that is redrawn in place on a terminal. What is printed meanwhile scrolls by above it. */
import type { TopologyReport } from "../../../local/index.ts";
import type { Terminal } from "../../command.ts";
import { cut } from "./columns.ts";
import { type Components, componentTable, handled, resultLines } from "./report-text.ts";

const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearBelow = "\u001b[J";

export class LiveTable {
  private readonly terminal: Terminal;
  private readonly name: string;
  private readonly flow: readonly string[];
  private drawn: readonly string[] = [];
  private before: { readonly components: Components; readonly seconds: number } = { components: {}, seconds: 0 };

  constructor(terminal: Terminal, name: string, flow: readonly string[]) {
    this.terminal = terminal;
    this.name = name;
    this.flow = flow;
  }

  /** Lines above the table. */
  print(text: string): void {
    this.terminal.write(`${this.rewind()}${text}${this.drawn.map((line) => `${line}\n`).join("")}`);
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

  restore(): void {
    this.terminal.write(showCursor);
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
    this.terminal.write(`${hideCursor}${this.rewind()}${lines.map((line) => `${line}\n`).join("")}`);
    this.drawn = lines;
  }

  private rewind(): string {
    return this.drawn.length === 0 ? "" : `\u001b[${this.drawn.length}A\r${clearBelow}`;
  }
}
