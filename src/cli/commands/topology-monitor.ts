/** `storm-lab monitor NAME`: how much a component emits, line by line, as Storm's Monitor prints it. */
import { exitCodes, pause, StormLabError } from "../../base/index.ts";
import type { ExecutorStats, ExecutorSummary } from "../../wire/thrift/index.ts";
import type { CommandSpec } from "../command.ts";
import { checkNames, wholeNumberOf, withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

type Watch = "emitted" | "transferred" | "acked" | "failed";

export const monitorCommand: CommandSpec = {
  name: "monitor",
  examples: [
    ["monitor word-count", "the components it has"],
    ["monitor word-count -m split -i 2", "what split emits, every two seconds"],
  ],
  summary: "print what a component emits, every few seconds until Ctrl-C",
  description: "Without --component it lists the components.",
  args: [{ name: "<name>", summary: "of the topology", completes: "topology" }],
  options: [
    ...clientOptions,
    { flags: "-i, --interval <seconds>", summary: "between two lines", default: "4" },
    { flags: "-m, --component <id>", summary: "which one" },
    { flags: "-s, --stream <id>", summary: "which of its streams", default: "default" },
    {
      flags: "-w, --watch <what>",
      summary: "what is counted",
      default: "emitted",
      choices: ["emitted", "transferred", "acked", "failed"],
    },
  ],
  run: async (context, input) => {
    const name = String(input.args.name);
    await checkNames([name]);
    const intervalMs = (wholeNumberOf("--interval", input.options.interval, 1) ?? 4) * 1000;
    const { component } = input.options;
    const stream = String(input.options.stream);
    const watch = String(input.options.watch) as Watch;
    const isText = context.globals.output === "text";
    const write = (text: string) => context.stdout.write(`${text}\n`);
    await withNimbus(context, input, "monitor", async (calls, { timers }) => {
      const executors = async () =>
        (await calls.getTopologyInfoByNameWithOpts({ name, options: { num_err_choice: "NONE" } })).executors;
      if (component === undefined) return write(componentsText(name, await executors(), isText));
      if (isText)
        write(
          ["topology", "component", "parallelism", "stream", "time-diff ms", watch, "throughput (Kt/s)"].join("\t"),
        );
      const startMs = performance.now();
      let [lastMs, nowMs, last] = [startMs, startMs, 0];
      for (let nextMs = startMs; !context.interrupted.aborted; ) {
        const own = (await executors()).filter(({ component_id }) => component_id === component);
        if (own.length === 0) throw unknownComponent(name, String(component));
        const count = own.reduce((sum, { stats }) => sum + countOf(stats, watch, stream), 0);
        const elapsed = Math.round(nowMs - lastMs);
        const throughput = count === last || elapsed === 0 ? 0 : (count - last) / elapsed;
        const row = {
          topology: name,
          component,
          parallelism: own.length,
          stream,
          timeDiffMs: elapsed,
          [watch]: count - last,
          throughput,
        };
        write(isText ? Object.values(row).join("\t") : JSON.stringify(row));
        last = count;
        lastMs = nowMs;
        nextMs += intervalMs;
        await pause(timers, Math.max(0, nextMs - performance.now()), context.interrupted);
        nowMs = performance.now();
      }
    });
    return exitCodes.done;
  },
};

const allTime = ":all-time";

/** Of bolts, acks and failures are counted by the stream that the tuples came on. */
function countOf(stats: ExecutorStats | undefined, watch: Watch, stream: string): number {
  if (stats === undefined) return 0;
  if (watch === "emitted" || watch === "transferred") return stats[watch].get(allTime)?.get(stream) ?? 0;
  const { bolt, spout } = stats.specific;
  if (spout !== undefined) return spout[watch].get(allTime)?.get(stream) ?? 0;
  const streams = bolt?.[watch].get(allTime) ?? [];
  return streams.reduce((sum, [{ streamId }, count]) => sum + (streamId === stream ? count : 0), 0);
}

function componentsText(name: string, executors: readonly ExecutorSummary[], isText: boolean): string {
  const ids = [...new Set(executors.map(({ component_id }) => component_id))].sort();
  if (!isText) return JSON.stringify({ topology: name, components: ids });
  const rule = "------------------";
  return [`Available components for ${name} :`, rule, ...ids, rule, "Please use -m to specify one component"].join(
    "\n",
  );
}

function unknownComponent(name: string, component: string): StormLabError {
  return new StormLabError({
    code: "SL-MONITOR-COMPONENT",
    what: `component: ${component} not found`,
    why: `no executor of ${name} runs it`,
    hint: `storm-lab monitor ${name}   lists the components`,
    exitCode: exitCodes.usage,
  });
}
