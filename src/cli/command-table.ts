/** Every command, in the order in which help lists them. */
import type { CommandSpec } from "./command.ts";
import { explainCommand } from "./commands/explain.ts";
import { versionCommand } from "./commands/version.ts";
import { zkCommand } from "./commands/zk.ts";

export const commandTable: readonly CommandSpec[] = [zkCommand, explainCommand, versionCommand];
