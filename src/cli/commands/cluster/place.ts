/** Which cluster a command means, and where it lies. */
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Place } from "../../../../provision/index.ts";
import type { Runtime } from "../../../base/index.ts";
import type { CommandContext, CommandInput, OptionSpec } from "../../command.ts";

export const clusterOption: OptionSpec = {
  flags: "--cluster <name>",
  summary: "which cluster; the only one there is when left out (env: STORM_LAB_CLUSTER)",
  completes: "cluster",
};

export const yesOption: OptionSpec = { flags: "-y, --yes", summary: "do not ask" };
export const dryRunOption: OptionSpec = { flags: "--dry-run", summary: "show the plan and change nothing" };
export const retainOption: OptionSpec = {
  flags: "--retain",
  summary: "after a failure leave all as it is, to look at",
};

/** `STORM_LAB_HOME`, or `.storm-lab` in the user's home folder, holds the clusters. */
export function clusterHome(): string {
  const { STORM_LAB_HOME: home = "" } = process.env;
  return home === "" ? join(homedir(), ".storm-lab") : resolve(home);
}

function placeOf(runtime: Runtime): Place {
  return {
    runtime,
    home: clusterHome(),
    program: [process.execPath, ...process.argv.slice(1, 2).map((path) => resolve(path))],
  };
}

export function openPlace(context: CommandContext, name: string): Place {
  return placeOf(context.openRuntime({ name, level: "error" }));
}

/** As the option or the environment names it; null: not named. */
export function namedCluster({ options }: CommandInput): string | null {
  const name = String(options.cluster ?? process.env.STORM_LAB_CLUSTER ?? "");
  return name === "" ? null : name;
}
