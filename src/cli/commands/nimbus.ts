/** `storm-lab nimbus`: the daemon in front, until Ctrl-C. */
import { hostname, userInfo } from "node:os";
import type { CommandSpec } from "../command.ts";
import { runDaemon } from "./daemon.ts";
import { pidFileOption } from "./pid-file.ts";
import { confOptions } from "./storm-conf.ts";

export const nimbusCommand: CommandSpec = {
  name: "nimbus",
  examples: [
    ["nimbus", "with conf/storm.yaml here"],
    ["nimbus --config storm.yaml -c nimbus.thrift.port=6627", "a key on top of the file"],
  ],
  summary: "run a nimbus in front until Ctrl-C: it takes topologies and places them",
  description:
    "Gives topologies to the supervisors and keeps their code; speaks Storm 2.8's Thrift, so that Storm's own commands work with it. " +
    "Reads storm.yaml as Storm does. Several nimbuses of one cluster agree on one that leads.",
  options: [...confOptions, pidFileOption],
  run: async (context, input) => {
    const { startNimbus } = await import("../../nimbus/index.ts");
    return runDaemon(context, input, "nimbus", (runtime, conf) =>
      startNimbus({ runtime, conf, hostName: hostname(), user: userName() }),
    );
  },
};

/** A user of a container may be a number without a name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return process.env.USER ?? String(process.getuid?.() ?? "nobody");
  }
}
