/** `storm-lab status`: whether a cluster is well, and what runs on it. */
import type { ClusterStatus } from "../../../../provision/index.ts";
import { exitCodes, visibleText } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../../command.ts";
import { table } from "../local/columns.ts";
import { clusterOption, namedCluster, openPlace } from "./place.ts";

export const statusCommand: CommandSpec = {
  name: "status",
  examples: [
    ["status", "is everything well?"],
    ["status --exit-code", "for a script: ends with 4 unless it is"],
  ],
  summary: "tell whether a cluster is well: ZooKeeper, nimbus, supervisors, topologies",
  options: [clusterOption, { flags: "--exit-code", summary: "end with 4 unless everything is well" }],
  run,
};

async function run(context: CommandContext, input: CommandInput): Promise<number> {
  const { clusterStatus, loadCluster, onlyCluster } = await import("../../../../provision/index.ts");
  const place = openPlace(context, "status");
  const layout = await loadCluster(place, namedCluster(input) ?? (await onlyCluster(place)));
  const status = await clusterStatus(place, layout);
  if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify(status)}\n`);
  else show(context, status);
  return input.options.exitCode === true && !status.well ? exitCodes.noCluster : exitCodes.done;
}

function show(context: CommandContext, status: ClusterStatus): void {
  const { stdout, globals } = context;
  const mark = (well: boolean) =>
    well ? stdout.style("green", globals.ascii ? "ok" : "✓") : stdout.style("red", globals.ascii ? "!!" : "✗");
  stdout.write(`cluster ${status.name}\n`);
  for (const { well, text } of status.parts) stdout.write(`${mark(well)} ${text}\n`);
  if (status.topologies.length === 0) return;
  const cells = status.topologies.map(({ name, status: state, workers, executors, uptimeSecs, scheduling }) => [
    name,
    state,
    String(workers),
    String(executors),
    `${uptimeSecs} s`,
    scheduling,
  ]);
  stdout.write("\n");
  for (const line of table([["topology", "status", "workers", "executors", "uptime", "scheduling"], ...cells]))
    stdout.write(`${line.trimEnd()}\n`);
  for (const { name, errors } of status.topologies) {
    for (const { component, secondsAgo, text } of errors)
      stdout.write(`${mark(false)} ${name}: ${component} failed ${secondsAgo} s ago: ${visibleText(text)}\n`);
    if (errors.length > 0) stdout.write(`  storm-lab get-errors ${name}   storm-lab logs ${name} --level error\n`);
  }
}
