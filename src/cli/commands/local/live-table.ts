/** A table that is redrawn in place on a terminal. What is printed meanwhile scrolls by above it. */
import type { TopologyReport } from "../../../local/index.ts";
import type { Terminal } from "../../command.ts";
import { componentHeader, componentRows, count, largest, table, width } from "./report-text.ts";

const shownEntries = 8;
const hideCursor = "\u001b[?25l";
const showCursor = "\u001b[?25h";
const clearBelow = "\u001b[J";

export class LiveTable {
  private readonly terminal: Terminal;
  private drawn: readonly string[] = [];

  constructor(terminal: Terminal) {
    this.terminal = terminal;
  }

  /** A line above the table. */
  print(text: string): void {
    this.terminal.write(`${this.rewind()}${text}${this.drawn.map((line) => `${line}\n`).join("")}`);
  }

  draw(name: string, report: TopologyReport, seconds: number): void {
    const lines = this.lines(name, report, seconds).map((line) => cut(line, this.terminal.columns - 1));
    this.terminal.write(`${hideCursor}${this.rewind()}${lines.map((line) => `${line}\n`).join("")}`);
    this.drawn = lines;
  }

  /** Leaves the last table on the screen. */
  end(): void {
    this.drawn = [];
    this.terminal.write(showCursor);
  }

  private rewind(): string {
    return this.drawn.length === 0 ? "" : `\u001b[${this.drawn.length}A\r${clearBelow}`;
  }

  private lines(name: string, report: TopologyReport, seconds: number): string[] {
    const head = `${name}  ${seconds.toFixed(1)} s`;
    const lines = ["", head, ...table([componentHeader, ...componentRows(report, seconds)])];
    for (const [result, value] of Object.entries(report.results)) {
      const entries = largest(value);
      if (entries === null) continue;
      const rows = entries.slice(0, shownEntries).map(([key, number]) => [key, count(number)]);
      lines.push("", `${result}: ${count(entries.length)} different`, ...table(rows));
    }
    return lines;
  }
}

/** Longer lines would wrap and spoil the rewind. */
function cut(line: string, columns: number): string {
  let kept = "";
  let used = 0;
  for (const character of line) {
    used += width(character);
    if (used > columns) return kept;
    kept += character;
  }
  return kept;
}
