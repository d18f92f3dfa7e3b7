/** What `storm-lab up` does. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import {
  applyUp,
  askNimbusOf,
  type ClusterLayout,
  clusterFileContent,
  clusterFileOf,
  clusterFileText,
  clusterNames,
  defaultSpec,
  editYaml,
  freePortBlock,
  type Place,
  type Plan,
  parseClusterFile,
  prepareUp,
  uiUrls,
  withClusterLock,
} from "../../../../provision/index.ts";
import { exitCodes } from "../../../base/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { confirm, notAgreed } from "./confirm.ts";
import { namedCluster, openPlace } from "./place.ts";
import { StepLines, showPlan } from "./steps.ts";

export async function runUp(context: CommandContext, input: CommandInput): Promise<number> {
  const place = openPlace(context, "up");
  const { name, text } = await wantedCluster(place, input);
  const code = await withClusterLock(place, name, () => converge(context, place, name, text, input));
  const shown = context.globals.output === "text" && input.options.dryRun !== true;
  if (shown) context.stdout.write(nextCommands);
  return code;
}

export const nextCommands = "\nnext  storm-lab submit TOPOLOGY.ts   storm-lab list   storm-lab ps   storm-lab down\n";

/** Brings the cluster to what this text of cluster.yaml says. The caller holds the lock. */
export async function converge(
  context: CommandContext,
  place: Place,
  name: string,
  text: string,
  { options }: CommandInput,
): Promise<number> {
  const startedMs = place.runtime.clock.monotonicMs();
  const spec = await parseClusterFile(text, "cluster.yaml");
  const prepared = await prepareUp(place, { ...spec, name }, text);
  if (options.dryRun === true) {
    showPlan(context, prepared.plan);
    return exitCodes.done;
  }
  if (options.yes !== true) await askBeforeStops(context, prepared.plan);
  const lines = new StepLines(context);
  if (context.globals.output === "text") context.stdout.write(`${prepared.plan.summary}\n`);
  await applyUp(place, prepared, {
    onStep: (step) => lines.step(step),
    askNimbus: (layout) => askNimbusOf(place.runtime, layout),
    interrupted: context.interrupted,
    retain: options.retain === true,
  }).finally(() => lines.flush());
  tellUp(context, prepared.layout, (place.runtime.clock.monotonicMs() - startedMs) / 1000);
  return exitCodes.done;
}

/** Of what is there. Whoever has no terminal has said all that there is to say. */
async function askBeforeStops(context: CommandContext, plan: Plan): Promise<void> {
  if (!context.stdout.interactive || context.globals.output !== "text") return;
  if (!plan.actions.some(({ kind }) => kind === "stop" || kind === "remove")) return;
  showPlan(context, plan);
  if (await confirm(context, "Go on?")) return;
  throw notAgreed("with --yes it does not ask");
}

/** From `--file`, ./cluster.yaml, the cluster that is there, or the usual size; options on top, so that the file it keeps says them too. */
async function wantedCluster(place: Place, input: CommandInput): Promise<{ name: string; text: string }> {
  const { options } = input;
  const named = namedCluster(input);
  const file = options.file === undefined ? null : resolve(String(options.file));
  const base = file === null ? await textWithoutFile(place, named) : await clusterFileContent(place.runtime, file);
  const spec = await parseClusterFile(base, file ?? "cluster.yaml");
  const name = named ?? spec.name;
  const edits: Array<[readonly string[], unknown]> = [];
  if (name !== spec.name) edits.push([["name"], name]);
  if (options.pace !== undefined) edits.push([["pace"], options.pace]);
  if (options.ports === "free") edits.push([["ports"], await freePortBlock(place.runtime)]);
  else if (options.ports !== undefined) edits.push([["ports"], numberOr(String(options.ports))]);
  if (options.supervisors !== undefined) edits.push([["supervisors", "count"], numberOr(String(options.supervisors))]);
  if (options.zookeeper !== undefined) edits.push([["zookeeper", "servers"], numberOr(String(options.zookeeper))]);
  const text = edits.reduce((before, [path, value]) => editYaml(before, path, value), base);
  // The edited text is checked again, under the name that its user knows it by.
  await parseClusterFile(text, file ?? "cluster.yaml");
  return { name, text };
}

async function textWithoutFile(place: Place, named: string | null): Promise<string> {
  const here = await readFile("cluster.yaml", "utf8").catch(() => null);
  if (here !== null && named === null) return here;
  const names = await clusterNames(place);
  const existing = named ?? (names.length === 1 ? (names[0] ?? null) : null);
  if (existing !== null && names.includes(existing)) return readFile(clusterFileOf(place, existing), "utf8");
  return clusterFileText(named === null ? defaultSpec : { ...defaultSpec, name: named });
}

function numberOr(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

function tellUp({ globals, stdout }: CommandContext, layout: ClusterLayout, seconds: number): void {
  const { spec, folder, ensemble, nodes, ports } = layout;
  const nimbus = nodes.slice(0, spec.nimbus.count).map(({ address, nimbusPort }) => `${address}:${nimbusPort}`);
  const drpc = nodes.slice(0, spec.drpc.count).map(({ address }) => `${address}:${ports.drpc}`);
  const ui = uiUrls(layout);
  const zookeeper = ensemble.seats.map(({ clientPort }) => `127.0.0.1:${clientPort}`);
  const slots = spec.supervisors.count * spec.supervisors.slots;
  if (globals.output !== "text") {
    const event = { v: 1, type: "up", name: spec.name, folder, seconds, nimbus, zookeeper, slots, drpc, ui };
    stdout.write(`${JSON.stringify(event)}\n`);
    return;
  }
  const line = (name: string, all: readonly string[]) =>
    all.length === 0 ? "" : `\n  ${name.padEnd(11)}  ${all.join("  ")}`;
  stdout.write(`
The cluster ${spec.name} is up (${seconds.toFixed(1)} s).
  ZooKeeper    ${zookeeper.join("  ")}
  nimbus       ${nimbus.join("  ")}
  supervisors  ${spec.supervisors.count}, with ${slots} slots${line("DRPC", drpc)}${line("UI", ui)}
  folder       ${folder}
`);
}
