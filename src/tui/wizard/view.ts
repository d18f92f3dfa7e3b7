/** What the wizard shows beside its questions, as lines of text. Pure. */
import { type Answers, commandOf, fileOf, footprintOf } from "./answers.ts";
import { footprintText, type Question, shownAnswer } from "./questions.ts";
import type { WizardSay } from "./texts.ts";

export interface PaneLine {
  readonly text: string;
  /** The question that is asked decides it. */
  readonly marked: boolean;
}

/** cluster.yaml without its comments, the command that gives it, and what it takes. */
export function paneLines(answers: Answers, question: Question | null, say: WizardSay, width: number): PaneLine[] {
  const plain = (text: string): PaneLine => ({ text, marked: false });
  let marked = false;
  const yaml = yamlLines(answers).map((text) => {
    if (!text.startsWith(" ")) marked = question?.yamlKeys.includes(text.slice(0, text.indexOf(":"))) === true;
    return { text, marked };
  });
  return [
    plain(say("file")),
    ...yaml.map((line) => ({ ...line, text: `  ${line.text}` })),
    plain(""),
    ...wrapped(footprintText(answers, say), width).map(plain),
    plain(""),
    plain(say("sameAs")),
    ...wrapped(commandOf(answers).join(" "), width - 2).map((text) => plain(`  ${text}`)),
  ].map((line) => ({ ...line, text: cut(line.text, width) }));
}

/** What an answer has changed, for a terminal that has no room beside it: its part of cluster.yaml, and the command so far. */
export function changeLines(answers: Answers, question: Question, say: WizardSay, width: number): string[] {
  const own: string[] = [];
  let key = "";
  for (const line of yamlLines(answers)) {
    if (!line.startsWith(" ")) key = line.slice(0, line.indexOf(":"));
    if (question.yamlKeys.includes(key)) own.push(line);
  }
  const yaml = own.map((line, index) => {
    if (line.startsWith(" ")) return "";
    const body = own.slice(index + 1);
    const end = body.findIndex((next) => !next.startsWith(" "));
    const inner = body.slice(0, end === -1 ? body.length : end).map((next) => next.trim());
    return inner.length === 0 ? line : `${line} {${inner.join(", ")}}`;
  });
  const told = yaml.filter((line) => line !== "").join("   ");
  return [...wrapped(told, width), ...wrapped(`${say("sameAs")}  ${commandOf(answers).join(" ")}`, width)];
}

/** Every node and what runs on it. */
export function planLines(answers: Answers, say: WizardSay): string[] {
  const { zookeeper, nimbus, supervisors, slots, drpc, ui } = answers;
  const count = Math.max(zookeeper, nimbus, drpc, ui, 1 + supervisors);
  const rows = Array.from({ length: count }, (_, index) => {
    const node = index + 1;
    const runs = [
      ...(node <= zookeeper ? [`zookeeper${node}`] : []),
      ...(node <= nimbus ? [`nimbus${node}`] : []),
      ...(node > 1 && node <= 1 + supervisors ? [`supervisor${node - 1} (${slots} slots)`] : []),
      ...(node <= drpc ? [`drpc${node}`] : []),
      ...(node <= ui ? [`ui${node}`] : []),
    ];
    return { name: `node${node}`, runs: runs.join(", ") };
  });
  const shown = rows.length > planRowsMax ? [...rows.slice(0, planRowsMax - 1), { name: "…", runs: "" }] : rows;
  const width = Math.max(widthOf(say("planNode")), ...shown.map(({ name }) => name.length));
  return [{ name: say("planNode"), runs: say("planRuns") }, ...shown].map(
    ({ name, runs }) => `${name}${" ".repeat(width - widthOf(name))}  ${runs}`,
  );
}

/** One line for an answer that was given. */
export function answeredLine(answers: Answers, { key }: Question, say: WizardSay): { name: string; answer: string } {
  return { name: say(`${key}Short`), answer: shownAnswer(key, answers, say) };
}

export function footprintShort(answers: Answers, say: WizardSay): string {
  const { idleMb, fullMb } = footprintOf(answers);
  return say("footprintShort", { idle: idleMb, full: fullMb });
}

/** Broken at spaces, or between characters that are written without them. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+/g) ?? []) {
    if (line !== "" && widthOf(line) + widthOf(word.trimEnd()) > width) {
      lines.push(line.trimEnd());
      line = word.trimStart();
    } else line += word;
  }
  return line === "" ? lines : [...lines, line.trimEnd()];
}

/** In columns of a terminal. Source: Unicode Standard Annex 11, the wide and full-width ranges that texts here use. */
export function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (wide.test(character) ? 2 : 1), 0);
}

const wide = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/;
/** A screen of 24 lines has the question below it. */
const planRowsMax = 9;

function cut(text: string, width: number): string {
  let kept = "";
  for (const character of text) {
    if (widthOf(kept + character) > width) return kept;
    kept += character;
  }
  return kept;
}

function yamlLines(answers: Answers): string[] {
  return fileOf(answers)
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.trimStart().startsWith("#") && !/^(target|storm):/.test(line));
}
