/** `storm-lab zookeeper ensemble`: the tutorial's three servers in one command. */
import type { CommandSpec, OptionSpec } from "../command.ts";

const dir: OptionSpec = { flags: "--dir <folder>", summary: "where zk-cluster and zk-data lie", default: "." };
const one = { name: "[server]", summary: "its number; all of them when it is left out" };

export const ensembleCommand: CommandSpec = {
  name: "ensemble",
  examples: [
    ["zookeeper ensemble", "three servers, as the tutorial has them"],
    ["zookeeper ensemble --servers 5 --port-base 16000 --background", "five, on ports of a block of their own"],
  ],
  summary: "write and run several ZooKeeper servers on this machine",
  description:
    "Writes zk-cluster/8001, 8002, … (conf/zoo.cfg, bin/zkServer.sh) and zk-data/8001, 8002, … (data with myid, log), as the " +
    "tutorial does, starts one process a server, says who leads, and stays in front until Ctrl-C. Run again, it finds what " +
    "it wrote and starts what does not run.",
  options: [
    { flags: "--servers <count>", summary: "1 to 9", default: "3" },
    dir,
    {
      flags: "--port-base <port>",
      summary: "ports from here: P+1… for clients, P+11… quorum, P+21… election; else 2181…, 8001…, 9001…",
    },
    { flags: "--tick-time <milliseconds>", summary: "tickTime of the servers", default: "2000" },
    { flags: "--background", summary: "return once a majority serves" },
  ],
  run: async (context, input) => (await import("./zookeeper-ensemble-run.ts")).runEnsemble(context, input),
  subcommands: [
    {
      name: "start",
      examples: [["zookeeper ensemble start 2", "the second one again"]],
      summary: "start the servers that do not run, or one of them",
      args: [one],
      options: [dir],
      run: async (context, input) => (await import("./zookeeper-ensemble-run.ts")).runEnsembleStart(context, input),
    },
    {
      name: "stop",
      examples: [
        ["zookeeper ensemble stop 2", "lose one server"],
        ["zookeeper ensemble stop", "all of them"],
      ],
      summary: "stop the servers, or one of them",
      args: [one],
      options: [dir],
      run: async (context, input) => (await import("./zookeeper-ensemble-run.ts")).runEnsembleStop(context, input),
    },
    {
      name: "status",
      examples: [["zookeeper ensemble status", "who leads"]],
      summary: "who leads, who follows, who is stopped",
      options: [dir],
      run: async (context, input) => (await import("./zookeeper-ensemble-run.ts")).runEnsembleStatus(context, input),
    },
  ],
};
