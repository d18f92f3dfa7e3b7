/** How the daemons of a cluster run in front: until Ctrl-C or SIGTERM, or until they cannot go on. */
import { exitCodes, interruption, type Runtime } from "../../base/index.ts";
import type { StormConf } from "../../conf/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { withPidFile } from "./pid-file.ts";
import { readConf } from "./storm-conf.ts";

interface RunningDaemon {
  /** What it listens on, for whoever let it choose. */
  readonly ports?: Readonly<Record<string, number>>;
  /** Rejects when it cannot go on. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

export async function runDaemon(
  context: CommandContext,
  input: CommandInput,
  name: string,
  start: (runtime: Runtime, conf: StormConf) => Promise<RunningDaemon>,
): Promise<number> {
  const runtime = context.openRuntime({ name });
  return withPidFile(runtime, input, async () => {
    const running = await start(
      runtime,
      await readConf(context, runtime, input, input.options.standalone === true ? "standalone" : "daemon"),
    );
    if (context.globals.output === "text") context.stdout.write(`${name} runs; Ctrl-C stops it\n`);
    else context.stdout.write(`${JSON.stringify({ daemon: name, pid: runtime.processes.pid, ...running.ports })}\n`);
    try {
      await Promise.race([running.ended, interruption(context.interrupted)]);
    } finally {
      await running.stop();
    }
    return exitCodes.done;
  });
}
