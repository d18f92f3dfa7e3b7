/** `storm-lab list`: the topologies of the cluster, as Storm prints them. */
import { exitCodes } from "../../base/index.ts";
import type { TopologySummary } from "../../wire/thrift/index.ts";
import type { CommandSpec } from "../command.ts";
import { withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

export const listCommand: CommandSpec = {
  name: "list",
  examples: [
    ["list", "as Storm prints them"],
    ["list -o json", "for a program"],
  ],
  summary: "list the topologies of the cluster",
  options: clientOptions,
  run: async (context, input) => {
    const topologies = await withNimbus(context, input, "list", (calls) => calls.getTopologySummaries());
    const { output } = context.globals;
    if (output === "text") context.stdout.write(listText(topologies));
    else context.stdout.write(`${JSON.stringify(topologies, plainMaps)}\n`);
    return exitCodes.done;
  },
};

const heads = ["Topology_name", "Status", "Num_tasks", "Num_workers", "Uptime_secs", "Topology_Id", "Owner"];
const widths = [20, 10, 10, 12, 12, 20, 20];
const rule = "-".repeat(88);

/** The columns of Storm's ListTopologies. */
function listText(topologies: readonly TopologySummary[]): string {
  if (topologies.length === 0) return "No topologies running.\n";
  const rows = topologies.map(({ name, status, num_tasks, num_workers, uptime_secs, id, owner }) => [
    name,
    status,
    num_tasks,
    num_workers,
    uptime_secs,
    id,
    owner ?? "null",
  ]);
  return [line(heads), rule, ...rows.map(line)].map((text) => `${text}\n`).join("");
}

function line(cells: readonly (string | number)[]): string {
  return cells.map((cell, index) => String(cell).padEnd(widths[index] ?? 0)).join(" ");
}

function plainMaps(_key: string, value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}
