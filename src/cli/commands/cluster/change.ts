/** `storm-lab scale`, `storm-lab reload`: changes of a cluster's file, and what follows from them. */
import { readFile } from "node:fs/promises";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../../command.ts";
import { clusterOption, dryRunOption, namedCluster, openPlace, retainOption, yesOption } from "./place.ts";

export const scaleCommand: CommandSpec = {
  name: "scale",
  examples: [
    ["scale supervisor=+1", "one more supervisor"],
    ["scale zookeeper=5 --dry-run", "what five ZooKeeper servers would change"],
  ],
  summary: "change how many supervisors, ZooKeeper servers, nimbuses, DRPC or UI servers there are",
  args: [{ name: "<changes...>", summary: "such as supervisor=+1, supervisor=4, zookeeper=5" }],
  options: [clusterOption, dryRunOption, yesOption, retainOption],
  run: async (context, input) => change(context, input, "scale", (text, spec) => scaled(text, spec, input)),
};

export const reloadCommand: CommandSpec = {
  name: "reload",
  examples: [["reload", "after a change of its cluster.yaml"]],
  summary: "bring a cluster to what cluster.yaml in its folder says now",
  options: [clusterOption, dryRunOption, yesOption, retainOption],
  run: async (context, input) => change(context, input, "reload", async (text) => text),
};

type Spec = import("../../../../provision/index.ts").ClusterSpec;

async function change(
  context: CommandContext,
  input: CommandInput,
  command: string,
  edit: (text: string, spec: Spec) => Promise<string>,
): Promise<number> {
  const provision = await import("../../../../provision/index.ts");
  const { converge } = await import("./up-run.ts");
  const place = openPlace(context, command);
  const name = namedCluster(input) ?? (await provision.onlyCluster(place));
  const { spec } = await provision.loadCluster(place, name);
  return provision.withClusterLock(place, name, async () => {
    const text = await readFile(provision.clusterFileOf(place, name), "utf8");
    return converge(context, place, name, await edit(text, spec), input);
  });
}

const places: Readonly<Record<string, { readonly path: readonly string[]; readonly now: (spec: Spec) => number }>> = {
  supervisor: { path: ["supervisors", "count"], now: (spec) => spec.supervisors.count },
  supervisors: { path: ["supervisors", "count"], now: (spec) => spec.supervisors.count },
  slots: { path: ["supervisors", "slots"], now: (spec) => spec.supervisors.slots },
  zookeeper: { path: ["zookeeper", "servers"], now: (spec) => spec.zookeeper.servers },
  nimbus: { path: ["nimbus", "count"], now: (spec) => spec.nimbus.count },
  drpc: { path: ["drpc", "count"], now: (spec) => spec.drpc.count },
  ui: { path: ["ui", "count"], now: (spec) => spec.ui.count },
};

async function scaled(text: string, spec: Spec, { args }: CommandInput): Promise<string> {
  const { editYaml } = await import("../../../../provision/index.ts");
  let edited = text;
  for (const word of args.changes as readonly string[]) {
    const [, what = "", sign = "", digits = ""] = /^(\w+)=([+-]?)(\d{1,4})$/.exec(word) ?? [];
    const place = Object.hasOwn(places, what) ? places[what] : undefined;
    if (place === undefined) throw badChange(word);
    const number = Number(digits);
    const before = place.now(spec);
    const after = sign === "+" ? before + number : sign === "-" ? before - number : number;
    edited = editYaml(edited, place.path, after);
  }
  return edited;
}

function badChange(word: string): StormLabError {
  return new StormLabError({
    code: "SL-USAGE",
    what: `scale does not understand ${word}`,
    why: `a change is one of ${Object.keys(places).join(", ")}, = and a number, with + or - before it to add or take away`,
    hint: "storm-lab scale supervisor=+1",
    exitCode: exitCodes.usage,
  });
}
