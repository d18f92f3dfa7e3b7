/**
 * Scenarios as texts: what was done, and below it what came of it. A block is a line with a verb and its words, lines of input, `----`,
 * and the output up to the next empty line; all other lines are prose.
 *
 *     spell loudly
 *     storm
 *     ----
 *     S T O R M
 *
 * The form is that of CockroachDB's data-driven tests.
 */

export interface Block {
  /** Of the verb, counted from 1. */
  readonly line: number;
  readonly verb: string;
  readonly words: readonly string[];
  readonly input: readonly string[];
}

export interface GoldenBlock extends Block {
  readonly output: string;
}

/** Answers the output. */
export type Verb<S> = (stage: S, block: Block) => Promise<string> | string;

const divider = "----";

/** The whole text with the outputs that came. Equal to `text` if all is as it says. */
export async function played<S>(text: string, stage: S, verbs: Readonly<Record<string, Verb<S>>>): Promise<string> {
  const lines: string[] = [];
  for (const part of partsOf(text)) {
    if (typeof part === "string") {
      lines.push(part);
      continue;
    }
    const verb = Object.hasOwn(verbs, part.verb) ? verbs[part.verb] : undefined;
    if (verb === undefined)
      throw new Error(`line ${part.line}: no verb ${part.verb}; there are ${Object.keys(verbs).join(", ")}`);
    const output = (await verb(stage, part))
      .replaceAll(/\n{2,}/g, "\n")
      .replaceAll(/[ \t]+$/gm, "")
      .trimEnd();
    lines.push([part.verb, ...part.words].join(" "), ...part.input, divider, ...(output === "" ? [] : [output]));
  }
  return lines.join("\n");
}

/** Prose line by line, and blocks. */
export function partsOf(text: string): Array<string | GoldenBlock> {
  const lines = text.split("\n");
  const parts: Array<string | GoldenBlock> = [];
  for (let at = 0; at < lines.length; ) {
    const end = blockEnd(lines, at);
    if (end === null) parts.push(lines[at++] as string);
    else {
      parts.push(blockOf(lines, at, end));
      at = end;
    }
  }
  return parts;
}

/** Prose has no divider before its paragraph ends. */
function blockEnd(lines: readonly string[], start: number): number | null {
  if (!/^[a-z]/.test(lines[start] as string)) return null;
  const empty = lines.indexOf("", start);
  const end = empty === -1 ? lines.length : empty;
  return lines.slice(start, end).includes(divider) ? end : null;
}

function blockOf(lines: readonly string[], start: number, end: number): GoldenBlock {
  const middle = lines.indexOf(divider, start);
  const [verb = "", ...words] = (lines[start] as string).split(/\s+/);
  const output = lines.slice(middle + 1, end).join("\n");
  return { line: start + 1, verb, words, input: lines.slice(start + 1, middle), output };
}
