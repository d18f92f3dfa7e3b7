/** `storm-lab kill NAME…`, with Storm's options. */
import { exitCodes, isStormLabError } from "../../base/index.ts";
import type { CommandSpec } from "../command.ts";
import { checkNames, wholeNumberOf, withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

export const killCommand: CommandSpec = {
  name: "kill",
  examples: [
    ["kill word-count", "after the message time-out"],
    ["kill word-count -w 0", "at once"],
  ],
  summary: "kill topologies: their spouts stop, what is under way is finished, then their workers end",
  description: "Without --wait-time-secs the wait is the topology's message time-out.",
  args: [{ name: "<names...>", summary: "of the topologies", completes: "topology" }],
  options: [
    ...clientOptions,
    { flags: "-w, --wait-time-secs <seconds>", summary: "from the stop of the spouts to the end of the workers" },
    { flags: "-i, --ignore-errors", summary: "go on with the next one when one cannot be killed" },
  ],
  run: async (context, input) => {
    const names = input.args.names as readonly string[];
    await checkNames(names);
    const wait = wholeNumberOf("--wait-time-secs", input.options.waitTimeSecs, 0);
    const failures: unknown[] = [];
    const killed: string[] = [];
    await withNimbus(context, input, "kill", async (calls) => {
      for (const name of names) {
        try {
          await calls.killTopologyWithOpts({ name, options: { wait_secs: wait } });
          killed.push(name);
          if (context.globals.output === "text") context.stdout.write(`Killed topology: ${name}\n`);
        } catch (error) {
          if (input.options.ignoreErrors !== true) throw error;
          failures.push(error);
          const code = isStormLabError(error) ? `${error.code} ` : "";
          context.stderr.write(`${code}${error instanceof Error ? error.message : String(error)}\n`);
        }
      }
    });
    if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify({ killed })}\n`);
    if (failures.length === 0) return exitCodes.done;
    return exitCodes.partlyDone;
  },
};
