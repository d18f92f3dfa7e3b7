/** Where the wizard draws: beside its questions where there is room for cluster.yaml, else line after line. */
import type { Answers } from "./answers.ts";
import type { PromptLook } from "./prompts.ts";
import type { Question } from "./questions.ts";
import type { WizardSay } from "./texts.ts";
import { answeredLine, changeLines, paneLines, widthOf, wrapped } from "./view.ts";

export type WizardColour = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

export interface WizardTerminal {
  readonly write: (text: string) => void;
  readonly style: (colour: WizardColour, text: string) => string;
  readonly columns: number;
  readonly rows: number;
}

/** What stands above a question. */
export interface Above {
  readonly title: string;
  readonly answered: readonly Question[];
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
  readonly fault: string | null;
}

export class Screen {
  private readonly terminal: WizardTerminal;
  private readonly say: WizardSay;
  private readonly ascii: boolean;
  private readonly wide: boolean;
  private shown: { answers: Answers; question: Question | null } | null = null;
  private answeredShown = 0;

  constructor(terminal: WizardTerminal, say: WizardSay, ascii: boolean) {
    this.terminal = terminal;
    this.say = say;
    this.ascii = ascii;
    this.wide = terminal.columns >= wideColumns && terminal.rows >= wideRows;
    if (this.wide) terminal.write(`${esc}[?1049h`);
  }

  /** Above the prompt that comes next. */
  ask(answers: Answers, question: Question | null, above: Above): void {
    this.shown = { answers, question };
    const { terminal } = this;
    if (this.wide) {
      terminal.write(`${esc}[2J${esc}[H`);
      this.lines([this.paint("bold", above.title), ""]);
      for (const answered of above.answered) this.answered(answers, answered);
      if (above.answered.length > 0) this.lines([""]);
    } else {
      const changed = above.answered.length > this.answeredShown ? above.answered.at(-1) : undefined;
      if (changed !== undefined) this.tellChange(answers, changed);
      this.answeredShown = above.answered.length;
      this.lines(["", this.paint("dim", above.title)]);
    }
    for (const note of above.notes) this.text("dim", note);
    for (const warning of above.warnings) this.text("yellow", `! ${warning}`);
    if (this.wide && above.notes.length + above.warnings.length > 0) this.lines([""]);
    if (above.fault !== null) this.text("red", `${this.ascii ? "x" : "✗"} ${above.fault}`);
  }

  /** A table, or the like: lines that are not broken. */
  lines(lines: readonly string[]): void {
    this.terminal.write(lines.map((line) => `${line}\n`).join(""));
  }

  /** What the answer that is pointed at would give. */
  preview(answers: Answers): void {
    if (this.shown !== null) this.shown = { ...this.shown, answers };
  }

  look(): PromptLook {
    const { terminal, ascii, wide } = this;
    const colours = { ask: "bold", pointed: "cyan", quiet: "dim" } as const;
    return {
      ascii,
      columns: this.columns,
      style: (kind, text) => this.paint(colours[kind], text),
      write: (text) => {
        terminal.write(text);
        if (wide) terminal.write(this.pane());
      },
    };
  }

  /** The terminal as it was. Narrow: after the last answer. */
  close(): void {
    if (this.wide) this.terminal.write(`${esc}[?1049l`);
    this.terminal.write(`${esc}[?25h`);
  }

  private get columns(): number {
    const { columns } = this.terminal;
    return this.wide ? columns - paneColumns(columns) - gutter : columns - 1;
  }

  private text(colour: WizardColour, text: string): void {
    this.lines(wrapped(text, this.columns).map((line) => this.paint(colour, line)));
  }

  private answered(answers: Answers, question: Question): void {
    const { name, answer } = answeredLine(answers, question, this.say);
    const mark = this.paint("green", this.ascii ? "ok" : "✓");
    const [first = "", ...rest] = wrapped(answer, this.columns - answerIndent);
    const padding = " ".repeat(Math.max(1, nameColumns - widthOf(name)));
    this.lines([`${mark} ${name}${padding}${first}`, ...rest.map((line) => `${" ".repeat(answerIndent)}${line}`)]);
  }

  private tellChange(answers: Answers, question: Question): void {
    this.answered(answers, question);
    this.lines(
      changeLines(answers, question, this.say, this.columns - 2).map((line) => this.paint("dim", `  ${line}`)),
    );
  }

  /** Painted anew after each stroke: prompts clear whole lines. */
  private pane(): string {
    if (this.shown === null) return "";
    const { columns, rows } = this.terminal;
    const width = paneColumns(columns);
    const bar = this.ascii ? "|" : "│";
    const lines = paneLines(this.shown.answers, this.shown.question, this.say, width - 2).slice(0, rows - 1);
    const painted = Array.from({ length: Math.min(rows - 1, paneRows) }, (_, index) => {
      const line = lines[index];
      const text = line === undefined ? "" : line.marked ? this.paint("cyan", line.text) : line.text;
      return `${esc}[${index + 1};${columns - width + 1}H${esc}[K${this.paint("dim", bar)} ${text}`;
    });
    return `${esc}7${painted.join("")}${esc}8`;
  }

  private paint(colour: WizardColour, text: string): string {
    return text === "" ? "" : this.terminal.style(colour, text);
  }
}

const esc = "\u001b";
const wideColumns = 100;
const wideRows = 24;
const gutter = 2;
/** cluster.yaml, what it takes and the command. */
const paneRows = 30;
const nameColumns = 8;
const answerIndent = nameColumns + 2;

function paneColumns(columns: number): number {
  return Math.max(40, Math.floor(columns * 0.4));
}
