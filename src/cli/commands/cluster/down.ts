/** `storm-lab down`: a cluster goes, with everything that belongs to it. */
import type { Place, Plan } from "../../../../provision/index.ts";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../../command.ts";
import { confirm, notAgreed } from "./confirm.ts";
import { clusterOption, dryRunOption, namedCluster, openPlace, yesOption } from "./place.ts";

export const downCommand: CommandSpec = {
  name: "down",
  examples: [
    ["down", "the only cluster there is; asks first"],
    ["down --keep-data", "only end its processes"],
    ["down --all --yes", "every cluster, unasked"],
  ],
  summary: "stop a cluster and remove its folder",
  description: "Ends its processes, workers among them, and removes its folder with all data and logs.",
  options: [
    clusterOption,
    { flags: "--all", summary: "every cluster of this machine" },
    { flags: "--keep-data", summary: "only end the processes; storm-lab up goes on from there" },
    dryRunOption,
    yesOption,
  ],
  run,
};

async function run(context: CommandContext, input: CommandInput): Promise<number> {
  const provision = await import("../../../../provision/index.ts");
  const place = openPlace(context, "down");
  const names =
    input.options.all === true
      ? await provision.clusterNames(place)
      : [namedCluster(input) ?? (await provision.onlyCluster(place))];
  for (const name of names) await takeDown(context, input, place, name, provision);
  return exitCodes.done;
}

/** All of it, unasked. */
export async function removeCluster(context: CommandContext, place: Place, name: string): Promise<void> {
  const provision = await import("../../../../provision/index.ts");
  if (!(await provision.clusterNames(place)).includes(name)) return;
  await takeDown(context, { args: {}, options: { yes: true }, rest: [] }, place, name, provision);
}

async function takeDown(
  context: CommandContext,
  { options }: CommandInput,
  place: Place,
  name: string,
  provision: typeof import("../../../../provision/index.ts"),
): Promise<void> {
  const { StepLines, showPlan } = await import("./steps.ts");
  await provision.requireCluster(place, name);
  const keepData = options.keepData === true;
  await provision.withClusterLock(place, name, async () => {
    const plan: Plan = await provision.prepareDown(place, name, keepData);
    if (options.dryRun === true) return showPlan(context, plan);
    if (!keepData && options.yes !== true) await confirmRemoval(context, plan);
    const lines = new StepLines(context);
    await provision.applyDown(place, plan, (step) => lines.step(step));
    if (context.globals.output !== "text")
      context.stdout.write(`${JSON.stringify({ v: 1, type: "down", name, keepData })}\n`);
    else context.stdout.write(`The cluster ${name} is ${keepData ? "stopped; its data is kept" : "gone"}.\n`);
  });
}

async function confirmRemoval(context: CommandContext, plan: Plan): Promise<void> {
  if (!context.stdout.interactive || context.globals.output !== "text") throw needsYes();
  (await import("./steps.ts")).showPlan(context, plan);
  if (await confirm(context, "Remove it, with its data?")) return;
  throw notAgreed("storm-lab down --keep-data   ends the processes and keeps the data");
}

function needsYes(): StormLabError {
  return new StormLabError({
    code: "SL-CONFIRM",
    what: "down removes data, and there is no terminal to ask on",
    why: "without --yes nothing is removed unasked",
    hint: "storm-lab down --yes   or   storm-lab down --keep-data",
    exitCode: exitCodes.usage,
  });
}
