/** `storm-lab init`: plans a cluster, by questions on a terminal or by flags. */
import type { CommandSpec } from "../../command.ts";

export const initCommand: CommandSpec = {
  name: "init",
  examples: [
    ["init", "asks, on a terminal, and writes cluster.yaml here"],
    ["init --yes --ports free --up", "the usual cluster on free ports, at once"],
    ["init --name lab2 --nodes 4 --file lab2.yaml", "three supervisors, in another file"],
    ["init --schema", "for an editor that checks the file"],
  ],
  summary: "plan a cluster: cluster.yaml with every key explained, and its one-key scripts",
  description:
    "On a terminal it asks what no flag has answered; enter takes what is offered, esc goes back, ? explains. Ctrl-C keeps the answers " +
    "for the next time. Without a terminal, with CI set, or with --yes it asks nothing: what no flag says is as usual. " +
    "It overwrites nothing.",
  options: [
    { flags: "--template <template>", summary: "what kind of cluster", choices: ["local"], default: "local" },
    { flags: "-f, --file <file>", summary: "where to write it", default: "cluster.yaml" },
    { flags: "--name <name>", summary: "what the cluster is called" },
    { flags: "--zookeeper <count>", summary: "ZooKeeper servers: 1, 3 or 5" },
    { flags: "--nimbus <count>", summary: "nimbuses; one of them leads" },
    { flags: "--supervisors <count>", summary: "each is a node of its own" },
    { flags: "--slots <count>", summary: "worker processes that each supervisor may run" },
    {
      flags: "--nodes <count>",
      summary: "instead of --supervisors: node1 with nimbus, a supervisor on each of the others",
    },
    { flags: "--pace <pace>", summary: "time-outs: short ones, or Storm's own", choices: ["classroom", "storm"] },
    { flags: "--ports <ports>", summary: "classic, free, or the first port of a block of 200" },
    { flags: "--drpc <count>", summary: "servers of function calls; 0: none" },
    { flags: "--ui <count>", summary: "servers of the REST API and the page; 0: none" },
    { flags: "--up", summary: "bring it up afterwards" },
    { flags: "--print", summary: "only print cluster.yaml, and write nothing" },
    { flags: "-y, --yes", summary: "ask nothing" },
    { flags: "--non-interactive", summary: "the same as --yes" },
    { flags: "--schema", summary: "print the JSON Schema of the file instead, for editors" },
  ],
  run: async (context, input) => (await import("./init-run.ts")).runInit(context, input),
};
