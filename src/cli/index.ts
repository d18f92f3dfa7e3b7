/** The door for scripts and tests; no other room imports this one. */
export type {
  CommandContext,
  CommandInput,
  CommandSpec,
  ExampleSpec,
  GlobalOptions,
  OptionSpec,
  Terminal,
} from "./command.ts";
export { commandTable } from "./command-table.ts";
export { allErrorCodes } from "./error-registry.ts";
export { globalOptionSpecs } from "./global-options.ts";
export { parseCommandLine } from "./program.ts";
