/** The door for scripts and tests; no other room imports this one. */
export type { CommandContext, CommandInput, CommandSpec, GlobalOptions, Terminal } from "./command.ts";
export { commandTable } from "./command-table.ts";
export { allErrorCodes } from "./error-registry.ts";
