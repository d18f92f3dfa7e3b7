/** `storm-lab up`: a whole cluster on this machine, made or changed to what its file says. */
import type { CommandSpec } from "../../command.ts";
import { clusterOption, dryRunOption, retainOption, yesOption } from "./place.ts";

export const upCommand: CommandSpec = {
  name: "up",
  examples: [
    ["up", "a cluster of the usual size"],
    ["up --dry-run", "only show what would be done"],
    ["up --file cluster.yaml --ports free", "as the file says, on ports that are free"],
    ["up --cluster two --supervisors 4", "another cluster beside it"],
  ],
  summary: "bring a cluster up on this machine, or change it to what its file says",
  description:
    "Reads cluster.yaml (--file, else the one here, else that of the cluster itself; without any a cluster of the usual size), " +
    "compares it with what runs, and makes the difference: folders, configurations, processes. Run again, it changes nothing. " +
    "On a terminal it asks before it stops or removes anything. The cluster stays up afterwards; storm-lab down removes it.",
  options: [
    { flags: "-f, --file <file>", summary: "the cluster file" },
    clusterOption,
    dryRunOption,
    yesOption,
    retainOption,
    { flags: "--pace <pace>", summary: "time-outs: short ones, or Storm's own", choices: ["classroom", "storm"] },
    { flags: "--ports <ports>", summary: "classic, free, or the first port of a block of 200" },
    { flags: "--supervisors <count>", summary: "how many" },
    { flags: "--zookeeper <count>", summary: "how many servers" },
  ],
  run: async (context, input) => (await import("./up-run.ts")).runUp(context, input),
};
