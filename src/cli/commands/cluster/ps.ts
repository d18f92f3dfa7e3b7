/** `storm-lab ps`, `storm-lab clusters`: what runs on this machine. */
import { exitCodes } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../../command.ts";
import { table } from "../local/columns.ts";
import { clusterOption, namedCluster, openPlace } from "./place.ts";

export const psCommand: CommandSpec = {
  name: "ps",
  examples: [
    ["ps", "every process of the cluster"],
    ["ps -o json", "for a program"],
  ],
  summary: "list every process of a cluster: role, node, number, ports, topology",
  options: [clusterOption],
  run: runPs,
};

export const clustersCommand: CommandSpec = {
  name: "clusters",
  examples: [["clusters", "what runs on this machine"]],
  summary: "list the clusters of this machine",
  run: runClusters,
};

async function runPs(context: CommandContext, input: CommandInput): Promise<number> {
  const { listProcesses, loadCluster, onlyCluster } = await import("../../../../provision/index.ts");
  const place = openPlace(context, "ps");
  const layout = await loadCluster(place, namedCluster(input) ?? (await onlyCluster(place)));
  const rows = await listProcesses(place, layout);
  if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify(rows)}\n`);
  else {
    const cells = rows.map(({ id, node, state, pid, ports, topology }) => [
      id,
      node,
      state,
      String(pid ?? "-"),
      portsText(ports),
      topology ?? "",
    ]);
    for (const line of table([["process", "node", "state", "pid", "ports", "topology"], ...cells]))
      context.stdout.write(`${line.trimEnd()}\n`);
  }
  return exitCodes.done;
}

async function runClusters(context: CommandContext): Promise<number> {
  const { clusterNames, listProcesses, loadCluster } = await import("../../../../provision/index.ts");
  const place = openPlace(context, "clusters");
  const rows = [];
  for (const name of await clusterNames(place)) {
    const layout = await loadCluster(place, name);
    const processes = await listProcesses(place, layout);
    const running = processes.filter(({ state }) => state !== "stopped").length;
    rows.push({ name, running, processes: processes.length, ports: layout.spec.ports, folder: layout.folder });
  }
  if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify(rows)}\n`);
  else if (rows.length === 0) context.stdout.write("no clusters; storm-lab up makes one\n");
  else {
    const cells = rows.map(({ name, running, processes, ports, folder }) => [
      name,
      `${running} of ${processes} run`,
      String(ports),
      folder,
    ]);
    for (const line of table([["cluster", "processes", "ports", "folder"], ...cells]))
      context.stdout.write(`${line.trimEnd()}\n`);
  }
  return exitCodes.done;
}

/** `6700-6703` instead of each. */
function portsText(ports: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < ports.length; ) {
    let end = index;
    while (ports[end + 1] === (ports[end] as number) + 1) end++;
    parts.push(end === index ? String(ports[index]) : `${ports[index]}-${ports[end]}`);
    index = end + 1;
  }
  return parts.join(" ");
}
