/** `storm-lab drpc`: the daemon in front, until Ctrl-C. */
import type { CommandInput, CommandSpec } from "../command.ts";
import { runDaemon } from "./daemon.ts";
import { drpcBenchCommand } from "./drpc-bench.ts";
import { drpcCallCommand } from "./drpc-call.ts";
import { pidFileOption } from "./pid-file.ts";
import { confOptions } from "./storm-conf.ts";

export const drpcCommand: CommandSpec = {
  name: "drpc",
  examples: [
    ["drpc --standalone", "a server without a cluster"],
    ["drpc --config storm.yaml", "one of a cluster"],
  ],
  summary: "run a DRPC server in front until Ctrl-C: it takes calls that topologies answer",
  description:
    "Clients call functions on port 3772, and over HTTP on 3774; topologies fetch the calls on 3773 and bring the results. " +
    "Speaks Storm's Thrift, so that stock clients and topologies work with it. Reads storm.yaml as Storm does.",
  options: [
    ...confOptions,
    pidFileOption,
    {
      flags: "--standalone",
      summary:
        "no cluster behind it: reads no storm.yaml but one that --config names, and listens on this machine only",
    },
  ],
  subcommands: [drpcCallCommand, drpcBenchCommand],
  run: async (context, input) => {
    const { startDRPC } = await import("../../drpc/index.ts");
    const isAlone = input.options.standalone === true;
    const { conf = [] } = input.options;
    const options = isAlone ? { ...input.options, conf: [hereOnly, ...(conf as readonly string[])] } : input.options;
    const read: CommandInput = { ...input, options };
    return runDaemon(context, read, "drpc", (runtime, stormConf) => startDRPC({ runtime, conf: stormConf }));
  },
};

const hereOnly = "storm.local.hostname=localhost";
