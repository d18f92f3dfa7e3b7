/** The options that every command takes, as help, completion and the command reference show them. */
import { languages } from "../language/index.ts";
import type { OptionSpec } from "./command.ts";

export interface GlobalOptionSpec extends OptionSpec {
  /** Read where the flag is not given. */
  readonly env?: string;
}

export const globalOptionSpecs: readonly GlobalOptionSpec[] = [
  {
    flags: "-o, --output <format>",
    summary: "what goes to standard output",
    choices: ["text", "json", "ndjson"],
    default: "text",
    env: "STORM_LAB_OUTPUT",
  },
  { flags: "-v, --verbose", summary: "show stack traces with errors (env: STORM_LAB_VERBOSE)" },
  { flags: "--no-color", summary: "no colours (env: NO_COLOR)" },
  {
    flags: "--lang <language>",
    summary: "language of texts (env: STORM_LAB_LANG; else the locale)",
    choices: languages,
  },
  { flags: "--ascii", summary: "plain characters only (env: STORM_LAB_ASCII)" },
];
