/** `storm-lab zookeeper`: one ZooKeeper server in front, until Ctrl-C. */
import { exitCodes, interruption, type Runtime } from "../../base/index.ts";
import type { RunningServer } from "../../zookeeper/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { pidFileOption, withPidFile } from "./pid-file.ts";
import { ensembleCommand } from "./zookeeper-ensemble.ts";

export const zookeeperCommand: CommandSpec = {
  name: "zookeeper",
  examples: [
    ["zookeeper", "with zoo.cfg here"],
    ["zookeeper --config zk-cluster/8001/conf/zoo.cfg", "one of an ensemble"],
  ],
  summary: "run a ZooKeeper server in front until Ctrl-C",
  description:
    "Reads zoo.cfg as ZooKeeper does: one server, or a member of an ensemble when it lists several servers (then myid in " +
    "dataDir says which). Clients, other servers and data folders of Apache ZooKeeper 3.8 work with it.",
  options: [{ flags: "--config <file>", summary: "the configuration to read", default: "zoo.cfg" }, pidFileOption],
  run,
  subcommands: [ensembleCommand],
};

async function run(context: CommandContext, input: CommandInput): Promise<number> {
  const { loadZooKeeperServer } = await import("../../zookeeper/index.ts");
  const { readZooConfig, startServer } = await loadZooKeeperServer();
  const runtime = context.openRuntime({ name: "zookeeper" });
  const config = await readZooConfig(runtime, String(input.options.config));
  return withPidFile(runtime, input, async () => {
    const running = await startServer(runtime, config);
    say(context, runtime, running);
    try {
      await Promise.race([running.failed, interruption(context.interrupted)]);
    } finally {
      await running.stop();
    }
    return exitCodes.done;
  });
}

function say(context: CommandContext, runtime: Runtime, { clientPort, adminPort, server }: RunningServer): void {
  if (context.globals.output === "text") {
    const clients = clientPort === null ? "no clients" : `clients on port ${clientPort}`;
    const state = server.role === null ? `server ${server.serverId} looks for its ensemble, ` : "serves ";
    context.stdout.write(`zookeeper ${state}${clients}; Ctrl-C stops it\n`);
  } else {
    context.stdout.write(
      `${JSON.stringify({ clientPort, adminPort, serverId: server.serverId, pid: runtime.processes.pid })}\n`,
    );
  }
}
