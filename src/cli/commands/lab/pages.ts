/** A lab's pages as text for a terminal: Markdown wrapped to its width, evidence, choices. */
import type { Evidence, LabSession, LabText } from "../../../../labs/engine/index.ts";
import type { Say } from "../../../language/index.ts";
import type { CommandContext, Terminal } from "../../command.ts";
import type { LabWord } from "./texts.ts";

const columnsMax = 80;
/** Chinese, Japanese and Korean letters and their punctuation take two columns. */
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
/** Marks that no line begins with. */
const closing = /^[，。、：；？！）”》]/u;

export interface Page {
  readonly context: CommandContext;
  readonly say: Say<LabWord>;
  readonly text: LabText;
}

export function stepPage({ context, say, text }: Page, session: LabSession): string {
  const { stdout } = context;
  const { lab, step, number } = session;
  const told = text.steps.get(step.id);
  const kind = say(step.kind);
  const head = say("lab", { number: lab.number, title: text.title });
  const place = say("place", { step: number, steps: lab.steps.length, kind });
  const title = stdout.style("bold", `${told?.title ?? step.id}`);
  return `\n${stdout.style("dim", `${head} · ${place}`)}\n${title}\n\n${markdown(told?.body ?? "", stdout)}\n`;
}

export function introPage({ context, say, text }: Page, session: LabSession): string {
  const { stdout } = context;
  const { lab, progress } = session;
  const head = say("lab", { number: lab.number, title: text.title });
  const goals = text.goals.map((goal) => `  - ${goal}`).join("\n");
  const about = markdown(text.about, stdout);
  const places = [
    say("folder", { folder: progress?.folder ?? "" }),
    ...(progress?.cluster == null ? [] : [say("cluster", { cluster: progress.cluster })]),
  ].join("\n");
  const minutes = say("minutes", { minutes: lab.minutes });
  return `${stdout.style("bold", head)} · ${minutes}\n\n${about}\n\n${say("goals")}\n${goals}\n\n${places}\n`;
}

/** What the cluster showed, and what it was to show. */
export function evidenceLines({ context, say }: Page, { met, expected, seen, where }: Evidence): string {
  const { stdout, globals } = context;
  const { language } = globals;
  const mark = met
    ? stdout.style("green", `${globals.ascii ? "ok" : "✓"} ${say("met")}`)
    : stdout.style("yellow", `${globals.ascii ? "-" : "·"} ${say("notYet")}`);
  const line = (name: string, value: string) => hanging(`  ${padded(name, 9)} `, value, widthOf(stdout));
  const lines = [line(say("expected"), expected[language]), line(say("seen"), seen[language])];
  if (!met) lines.push(line(say("where"), where));
  return `${mark}\n${lines.join("\n")}\n`;
}

/** The same in one line that fits. */
export function evidenceLine({ context, say }: Page, { seen }: Evidence): string {
  const { stdout, globals } = context;
  return cut(`${globals.ascii ? "-" : "·"} ${say("notYet")}: ${seen[globals.language]}`, widthOf(stdout) - 1);
}

export function whyLines(page: Page, session: LabSession): string {
  const { context, say, text } = page;
  const { prediction, step } = session;
  const why = text.steps.get(step.id)?.why ?? "";
  const compared = prediction === null ? "" : `\n${say("compared", prediction)}\n`;
  if (why === "") return compared;
  return `${compared}\n${context.stdout.style("cyan", say("why"))}\n${markdown(why, context.stdout)}\n`;
}

export function hintLines({ context, say, text }: Page, session: LabSession, hint: number, hints: number): string {
  const body = text.steps.get(session.step.id)?.hints[hint - 1] ?? "";
  return `\n${context.stdout.style("cyan", say("hint", { hint, hints }))}\n${markdown(body, context.stdout)}\n`;
}

/** Paragraphs are wrapped anew, blocks that are indented by four stay as they are, lists keep a line for each entry. */
function markdown(text: string, terminal: Terminal): string {
  const width = widthOf(terminal);
  return text
    .split(/\n\n+/)
    .map((block) => {
      if (/^ {4}/.test(block))
        return block
          .split("\n")
          .map((line) => terminal.style("green", line))
          .join("\n");
      if (/^(\d+\.|-) /.test(block))
        return entries(block)
          .map((entry) => hanging("", entry, width, "   "))
          .join("\n");
      return hanging("", joined(block.split("\n")), width);
    })
    .join("\n\n");
}

function entries(block: string): string[] {
  const lines: string[][] = [];
  for (const line of block.split("\n")) {
    if (/^(\d+\.|-) /.test(line) || lines.length === 0) lines.push([line]);
    else lines.at(-1)?.push(line.trim());
  }
  return lines.map(joined);
}

/** Chinese has no space where a line was broken. */
function joined(lines: readonly string[]): string {
  return lines.reduce((text, line) => {
    const isTight = wide.test(text.at(-1) ?? "") || wide.test(line[0] ?? "");
    return `${text}${isTight ? "" : " "}${line}`;
  });
}

function hanging(first: string, text: string, width: number, indent = " ".repeat(displayWidth(first))): string {
  const lines: string[] = [];
  let line = first;
  for (const piece of pieces(text)) {
    const fits = displayWidth(line + piece.trimEnd()) <= width || closing.test(piece);
    if (!fits && line.trim() !== "") {
      lines.push(line.trimEnd());
      line = indent;
    }
    line += piece;
  }
  return [...lines, line.trimEnd()].join("\n");
}

/** Words with the space behind them, wide letters one by one, what stands between backticks whole. */
function pieces(text: string): string[] {
  return text.match(/`[^`]+`\s*|[^\s`\u1100-\uffff]+\s*|[\u1100-\uffff]\s*|\s+|`/gu) ?? [];
}

function displayWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (wide.test(letter) ? 2 : 1), 0);
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - displayWidth(text)));
}

function cut(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  let kept = "";
  for (const letter of text) {
    if (displayWidth(kept + letter) > width - 1) break;
    kept += letter;
  }
  return `${kept}…`;
}

function widthOf({ columns }: Terminal): number {
  return Math.min(columnsMax, Math.max(20, columns));
}
