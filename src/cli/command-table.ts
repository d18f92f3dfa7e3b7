/** Every command, in the order in which help lists them. */
import type { CommandSpec } from "./command.ts";
import { explainCommand } from "./commands/explain.ts";
import { versionCommand } from "./commands/version.ts";

export const commandTable: readonly CommandSpec[] = [explainCommand, versionCommand];
