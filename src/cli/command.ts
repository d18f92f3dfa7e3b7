/**
 * What a command is. Each is one file in `commands/` and one line in `command-table.ts`; the file holds the words
 * that help needs and imports the room that does the work only when the command runs.
 */
import type { RealRuntimeOptions, Runtime } from "../base/index.ts";
import type { Language } from "../language/index.ts";
import type { ErrorClaim, ExitClaim } from "./last-resort.ts";

export interface CommandSpec {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** More lines for `storm-lab help NAME`. */
  readonly description?: string;
  /** Roles that the program starts of itself are left out of the list. */
  readonly hidden?: boolean;
  /** Shown by help and in docs/commands.md; a test parses each. Hidden commands and those without a `run` may have none. */
  readonly examples?: readonly ExampleSpec[];
  readonly args?: readonly ArgumentSpec[];
  readonly options?: readonly OptionSpec[];
  /** Words after the declared arguments, unknown options among them, reach the command as `rest`. Default: refused. */
  readonly takesRest?: boolean;
  /** A command with these may have a `run` of its own, for when none of them is named. */
  readonly subcommands?: readonly CommandSpec[];
  /** Resolves with the exit code; an error that it throws decides the exit code by itself. */
  readonly run?: (context: CommandContext, input: CommandInput) => Promise<number>;
}

/** What stands behind `storm-lab`, and what it is good for. */
export type ExampleSpec = readonly [words: string, meaning: string];

export interface ArgumentSpec {
  /** `<file>`, `[server]` when it may be left out, `[servers...]` for several. */
  readonly name: string;
  readonly summary: string;
  /** What a shell offers for it. */
  readonly completes?: CompletedKind;
}

/** Of which kind an argument's or option's value is, where a shell can complete it. */
export type CompletedKind = "file" | "cluster" | "process" | "topology" | "error-code";

export interface OptionSpec {
  /** Such as `-w, --workers <count>`, or `--background` for a switch. */
  readonly flags: string;
  readonly summary: string;
  readonly default?: string | boolean;
  /** Refused otherwise. */
  readonly choices?: readonly string[];
  /** What a shell offers for its value. A `<file>` or `<folder>` need not say. */
  readonly completes?: CompletedKind;
  /** May be given several times; its value is then a list. */
  readonly repeatable?: boolean;
}

/** What the user gave. Values are as typed: a command checks what only it can check. */
export interface CommandInput {
  /** By the name between the brackets. An argument that was left out is absent, a `...` one is a list. */
  readonly args: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** By the long flag in camel case. */
  readonly options: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly rest: readonly string[];
}

export type OutputFormat = "text" | "json" | "ndjson";

/** Options that every command takes. */
export interface GlobalOptions {
  /** What goes to standard output. */
  readonly output: OutputFormat;
  /** Errors show stack traces. */
  readonly verbose: boolean;
  /** Only characters of ASCII in what the program itself writes. */
  readonly ascii: boolean;
  /** What people are spoken to in. */
  readonly language: Language;
}

/** One of the two output streams. */
export interface Terminal {
  write(text: string): void;
  /** `text` in a colour, or unchanged where colours are off. */
  style(colour: Colour, text: string): string;
  /** A person looks at it: tables may be redrawn. */
  readonly interactive: boolean;
  /** Shown again when the process ends, however it does. */
  hideCursor(): void;
  showCursor(): void;
  readonly columns: number;
  readonly rows: number;
}

export type Colour = "bold" | "dim" | "red" | "green" | "yellow" | "blue" | "cyan";

export interface CommandContext {
  readonly globals: GlobalOptions;
  readonly stdout: Terminal;
  readonly stderr: Terminal;
  /**
   * Aborted by the first Ctrl-C or SIGTERM, or when nobody reads the output any more: the command ends in good order
   * and returns; the exit code then tells of the interruption. A second Ctrl-C ends the process at once.
   */
  readonly interrupted: AbortSignal;
  /** For commands that run code of others: is asked about each error that nobody caught, before it ends the process. */
  claimErrors(claim: ErrorClaim): void;
  /** For them, too: is told when such code ends the process, until it is taken back with null. */
  claimExit(claim: ExitClaim | null): void;
  /** The real world, for this process; at most once. `name` is what logs call the process, such as `nimbus`. */
  openRuntime(options: Omit<RealRuntimeOptions, "self">): Runtime;
}
