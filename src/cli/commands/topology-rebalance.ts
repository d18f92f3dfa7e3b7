/** `storm-lab rebalance NAME`, with Storm's options: other numbers of workers and executors, resources, conf. */
import { exitCodes, messageOf } from "../../base/index.ts";
import type { RebalanceOptions } from "../../wire/thrift/index.ts";
import type { CommandInput, CommandSpec } from "../command.ts";
import { badOption, checkNames, wholeNumberOf, withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

export const rebalanceCommand: CommandSpec = {
  name: "rebalance",
  examples: [
    ["rebalance word-count -n 3 -w 1", "over three workers"],
    ["rebalance word-count -e split=4", "four executors for split"],
  ],
  summary: "spread a topology anew over the workers that there are, or over another number of them",
  description:
    "The topology is deactivated, waits, and is placed again. -c sets keys of the topology's conf, as --topology-conf does.",
  args: [{ name: "<name>", summary: "of the topology", completes: "topology" }],
  options: [
    ...clientOptions,
    { flags: "-w, --wait-time-secs <seconds>", summary: "from the stop of the spouts to the new placement" },
    { flags: "-n, --num-workers <count>", summary: "worker processes" },
    {
      flags: "-e, --executor <component=count>",
      summary: "executors of a component; may be given again",
      repeatable: true,
    },
    { flags: "-r, --resources <json>", summary: 'such as {"split": {"cpu.pcore.percent": 50}}' },
    { flags: "-t, --topology-conf <json>", summary: "keys of the topology's conf" },
  ],
  run: async (context, input) => {
    const name = String(input.args.name);
    await checkNames([name]);
    const options = await optionsOf(input);
    await withNimbus(context, input, "rebalance", (calls) => calls.rebalance({ name, options }));
    const said =
      context.globals.output === "text" ? `Topology ${name} is rebalancing` : JSON.stringify({ rebalance: name });
    context.stdout.write(`${said}\n`);
    return exitCodes.done;
  },
};

async function optionsOf({ options }: CommandInput): Promise<RebalanceOptions> {
  const { parseOverrides } = await import("../../conf/index.ts");
  const executors = (options.executor ?? []) as readonly string[];
  const own = parseOverrides((options.conf ?? []) as readonly string[]);
  const conf = {
    ...(options.topologyConf === undefined ? {} : jsonOf("--topology-conf", options.topologyConf)),
    ...own,
  };
  return {
    wait_secs: wholeNumberOf("--wait-time-secs", options.waitTimeSecs, 0),
    num_workers: wholeNumberOf("--num-workers", options.numWorkers, 1),
    num_executors: executors.length === 0 ? undefined : new Map(executors.map(executorsOf)),
    topology_resources_overrides: options.resources === undefined ? undefined : resourcesOf(options.resources),
    topology_conf_overrides: Object.keys(conf).length === 0 ? undefined : JSON.stringify(conf),
  };
}

/** A component's id may have an equals sign in it: the last one counts, as in Storm. */
function executorsOf(word: string): readonly [string, number] {
  const at = word.lastIndexOf("=");
  const count = wholeNumberOf("--executor", at > 0 ? word.slice(at + 1) : "", 1);
  if (at <= 0 || count === undefined) throw badOption("--executor", word, "COMPONENT=COUNT");
  return [word.slice(0, at), count];
}

function resourcesOf(text: unknown): Map<string, Map<string, number>> {
  return new Map(
    Object.entries(jsonOf("--resources", text)).map(([component, amounts]) => {
      const entries = Object.entries((amounts ?? {}) as Record<string, unknown>);
      if (entries.some(([, amount]) => typeof amount !== "number"))
        throw badOption("--resources", String(text), 'such as {"split": {"cpu.pcore.percent": 50}}');
      return [component, new Map(entries as [string, number][])];
    }),
  );
}

function jsonOf(option: string, text: unknown): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(String(text));
  } catch (error) {
    throw badOption(option, String(text), `a JSON object (${messageOf(error)})`);
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw badOption(option, String(text), "a JSON object");
}
