/** Every command, in the order in which help lists them. */
import type { CommandSpec } from "./command.ts";
import { localConfValueCommand } from "./commands/conf-value.ts";
import { explainCommand } from "./commands/explain.ts";
import { localCommand, localWorkerCommand } from "./commands/local.ts";
import { versionCommand } from "./commands/version.ts";
import { zkCommand } from "./commands/zk.ts";
import { zookeeperCommand } from "./commands/zookeeper.ts";

export const commandTable: readonly CommandSpec[] = [
  localCommand,
  localWorkerCommand,
  zookeeperCommand,
  zkCommand,
  localConfValueCommand,
  explainCommand,
  versionCommand,
];
