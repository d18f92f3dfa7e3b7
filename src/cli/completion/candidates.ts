/** What a shell may put in the place of the word that is being typed: decided from the table of commands alone. */
import type { ArgumentSpec, CommandSpec, CompletedKind, OptionSpec } from "../command.ts";
import { globalOptionSpecs } from "../global-options.ts";

export interface Candidate {
  readonly word: string;
  readonly summary: string;
}

export interface Completion {
  readonly candidates: readonly Candidate[];
  /** What else may stand there, and is not known from the table. */
  readonly kind: CompletedKind | null;
}

/** `words`: behind the program's name, up to and with the one that is being typed, which may be empty. */
export function completionOf(words: readonly string[], table: readonly CommandSpec[]): Completion {
  const typed = words.at(-1) ?? "";
  const at = walk(words.slice(0, -1), table);
  const completion = at.option !== null ? valuesOf(at.option) : wordOf(at, typed, table);
  return { ...completion, candidates: completion.candidates.filter(({ word }) => word.startsWith(typed)) };
}

/** Where in the table the words before have led. */
interface Position {
  readonly specs: readonly CommandSpec[];
  /** Arguments that are there already. */
  readonly arguments: number;
  /** Its value comes next. */
  readonly option: OptionSpec | null;
  /** Behind `--`, where nothing is an option. */
  readonly isOver: boolean;
}

function walk(words: readonly string[], table: readonly CommandSpec[]): Position {
  let at: Position = { specs: [], arguments: 0, option: null, isOver: false };
  // bash cuts `--output=json` at the sign.
  for (const word of words.filter((text) => text !== "=")) at = step(at, word, table);
  return at;
}

function step(at: Position, word: string, table: readonly CommandSpec[]): Position {
  if (at.option !== null) return { ...at, option: null };
  if (word === "--") return { ...at, isOver: true };
  if (word.startsWith("-") && !at.isOver) {
    const option = optionsOf(at).find(({ flags }) => namesOf(flags).includes(word));
    return { ...at, option: option !== undefined && takesValue(option) ? option : null };
  }
  const next = at.arguments === 0 ? commandsOf(at, table).find(({ name }) => name === word) : undefined;
  return next === undefined ? { ...at, arguments: at.arguments + 1 } : { ...at, specs: [...at.specs, next] };
}

function wordOf(at: Position, typed: string, table: readonly CommandSpec[]): Completion {
  if (typed.startsWith("-") && !at.isOver) {
    const candidates = optionsOf(at).flatMap(({ flags, summary }) =>
      namesOf(flags).map((word) => ({ word, summary: firstSentence(summary) })),
    );
    return { candidates: candidates.filter(({ word }) => word.startsWith("--") || typed === "-"), kind: null };
  }
  const commands = at.arguments === 0 ? commandsOf(at, table).filter(({ hidden }) => hidden !== true) : [];
  const help =
    at.specs.length === 0 && at.arguments === 0 ? [{ word: "help", summary: "show what a command does" }] : [];
  const candidates = commands.map(({ name, summary }) => ({ word: name, summary: firstSentence(summary) }));
  const argument = argumentOf(at);
  return {
    candidates: [...candidates, ...help],
    kind: argument === undefined ? null : kindOf(argument.name, argument.completes),
  };
}

function valuesOf({ flags, choices, completes }: OptionSpec): Completion {
  const candidates = (choices ?? []).map((word) => ({ word, summary: "" }));
  return { candidates, kind: kindOf(flags, completes) };
}

function kindOf(name: string, completes: CompletedKind | undefined): CompletedKind | null {
  return completes ?? (/[<[](file|folder)/.test(name) ? "file" : null);
}

function argumentOf(at: Position): ArgumentSpec | undefined {
  const spec = at.specs.at(-1);
  // `help NAME` is commander's own.
  if (spec === undefined) return undefined;
  const args = spec.args ?? [];
  return args[at.arguments] ?? (args.at(-1)?.name.includes("...") === true ? args.at(-1) : undefined);
}

function commandsOf({ specs }: Position, table: readonly CommandSpec[]): readonly CommandSpec[] {
  return specs.length === 0 ? [helpOf(table), ...table] : (specs.at(-1)?.subcommands ?? []);
}

function helpOf(table: readonly CommandSpec[]): CommandSpec {
  return { name: "help", summary: "", hidden: true, subcommands: table };
}

function optionsOf({ specs }: Position): readonly OptionSpec[] {
  return [...specs.toReversed().flatMap(({ options = [] }) => options), ...globalOptionSpecs, helpOption];
}

const helpOption: OptionSpec = { flags: "-h, --help", summary: "show what it does and takes" };

function namesOf(flags: string): string[] {
  return flags.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? [];
}

function takesValue({ flags }: OptionSpec): boolean {
  return /[<[]/.test(flags);
}

/** A shell has one line for it. */
function firstSentence(summary: string): string {
  return summary.split(/[;\n]/)[0] ?? summary;
}
