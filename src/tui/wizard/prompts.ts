/** Questions on the terminal, one at a time. The one file that knows inquirer. */
import { EventEmitter } from "node:events";
import inquirer from "inquirer";
import type { Keys, PromptEnd } from "./keys.ts";
import type { Choice } from "./questions.ts";

export type Prompted = { readonly kind: "answer"; readonly text: string } | { readonly kind: PromptEnd | "again" };

export interface PromptLook {
  /** Named by what it is for. */
  readonly style: (kind: "ask" | "pointed" | "quiet", text: string) => string;
  readonly ascii: boolean;
  /** In how many columns. */
  readonly columns: number;
  readonly write: (text: string) => void;
}

export interface ChoicePrompt {
  readonly message: string;
  readonly choices: readonly Choice[];
  readonly current: string;
  readonly tip: string;
  /** Called before the line of what is pointed at is drawn. */
  readonly onPoint: (text: string) => void;
}

export interface TextPrompt {
  readonly message: string;
  /** What enter takes. */
  readonly current: string;
  /** It stands there to be mended, after a fault. */
  readonly mend: boolean;
  /** Stands before what is typed, and follows it. */
  readonly lead: (typed: string) => string;
  readonly tip: string;
}

export function choose(keys: Keys, look: PromptLook, prompt: ChoicePrompt): Promise<Prompted> {
  const { choices, current, tip } = prompt;
  const pointed = (line: string): string => {
    const choice = choices.find(({ label }) => line.endsWith(label));
    if (choice !== undefined) prompt.onPoint(choice.text);
    return look.style("pointed", line);
  };
  return ask(keys, look, {
    type: "select",
    name: "answer",
    message: prompt.message,
    choices: choices.map(({ text, label, note }) => ({ value: text, name: label, description: note })),
    default: current,
    loop: false,
    pageSize: choices.length,
    theme: {
      ...themeOf(look),
      icon: { cursor: look.ascii ? ">" : "❯" },
      style: {
        ...stylesOf(look),
        highlight: pointed,
        description: (text: string) => text,
        keysHelpTip: () => look.style("quiet", tip),
      },
    },
  });
}

export function type(
  keys: Keys,
  look: PromptLook,
  { message, current, mend, lead, tip }: TextPrompt,
): Promise<Prompted> {
  return ask(keys, look, {
    type: "input",
    name: "answer",
    message: `${look.style("ask", message)}\n${look.style("quiet", tip)}\n${look.ascii ? ">" : "❯"}`,
    default: current,
    prefill: mend ? "editable" : "tab",
    // The typed text stays last on its line: the cursor is placed by it.
    transformer: (typed: string) => `${lead(typed)}${typed}`,
    theme: { ...themeOf(look), style: { ...stylesOf(look), message: (text: string) => text } },
  });
}

type Question = Parameters<ReturnType<typeof inquirer.createPromptModule>>[0];

async function ask(keys: Keys, look: PromptLook, question: unknown): Promise<Prompted> {
  const ended = new AbortController();
  let how: PromptEnd | null = null;
  const input = Object.assign(new EventEmitter(), { resume: () => {}, pause: () => {} });
  const output = Object.assign(new EventEmitter(), {
    writable: true,
    isTTY: true,
    columns: look.columns,
    write: (chunk: unknown): boolean => {
      look.write(String(chunk));
      return true;
    },
    end: () => {},
  });
  const module = inquirer.createPromptModule({
    input: input as unknown as NodeJS.ReadableStream,
    output: output as unknown as NodeJS.WritableStream,
    signal: ended.signal,
    clearPromptOnDone: true,
  });
  const asked = module([question] as unknown as Question);
  keys.feed(input, (end) => {
    how = end;
    ended.abort();
  });
  try {
    const { answer } = (await asked) as { answer?: unknown };
    return { kind: "answer", text: String(answer) };
  } catch (error) {
    if (how === null) throw error;
    return { kind: how };
  }
}

function themeOf(look: PromptLook) {
  const mark = look.style("ask", look.ascii ? "?" : "◆");
  return { prefix: { idle: mark, done: mark }, spinner: { interval: spinnerMs, frames: [mark] } };
}

function stylesOf(look: PromptLook) {
  return {
    answer: (text: string) => text,
    message: (text: string) => look.style("ask", text),
    error: (text: string) => text,
    defaultAnswer: (text: string) => look.style("quiet", `(${text})`),
    highlight: (text: string) => look.style("pointed", text),
  };
}

/** It never turns: nothing is waited for while a prompt is open. */
const spinnerMs = 1000;
