/** `storm-lab logs`: what daemons and workers of a cluster have written, and what they write now. */
import type { CommandSpec } from "../../command.ts";
import { clusterOption } from "./place.ts";

export const logsCommand: CommandSpec = {
  name: "logs",
  examples: [
    ["logs", "the last lines of all logs"],
    ["logs word-count -f", "what a topology writes, as it comes"],
    ["logs nimbus --level warn -n 20", "what nimbus warns of"],
  ],
  summary: "show the logs of a cluster: of all, or of a topology, a node, a role, one process",
  description:
    "A worker's log holds its own lines and what the author's code prints. Lines of several logs come in the order of time, each " +
    "behind the name of its log.",
  args: [
    {
      name: "[target]",
      summary: "a topology's name or id, node2, node2:6700, nimbus, supervisor1 …",
      completes: "process",
    },
  ],
  options: [
    clusterOption,
    { flags: "-f, --follow", summary: "go on with what is written from now on, until Ctrl-C" },
    { flags: "-n, --lines <count>", summary: "how many of the last entries", default: "50" },
    { flags: "--grep <pattern>", summary: "only entries that match this regular expression" },
    {
      flags: "--level <level>",
      summary: "only entries of this level and those above",
      choices: ["debug", "info", "warn", "error"],
    },
  ],
  run: async (context, input) => (await import("./logs-run.ts")).runLogs(context, input),
};
