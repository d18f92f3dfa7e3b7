/** `storm-lab dashboard`: the cluster in this terminal. Where there is no terminal to fill, its status line by line. */
import type { ClusterLayout, Place } from "../../../../provision/index.ts";
import { exitCodes, pause, StormLabError } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../../command.ts";
import { noUi } from "./open.ts";
import { clusterOption, namedCluster, openPlace } from "./place.ts";

export const dashboardCommand: CommandSpec = {
  name: "dashboard",
  summary: "follow a cluster in this terminal, and act on it",
  description:
    "Keys: ? shows them. Where output is no terminal, or TERM is dumb, the cluster's status is told whenever it changes.",
  examples: [
    ["dashboard", "fill this terminal; q leaves it, the cluster stays up"],
    ["dashboard --read-only", "only look"],
  ],
  options: [
    clusterOption,
    { flags: "--read-only", summary: "refuse whatever changes the cluster" },
    {
      flags: "--theme <theme>",
      summary: "colours (env: NO_COLOR for plain)",
      choices: ["dark", "light", "plain"],
      default: "dark",
    },
  ],
  run,
};

const lookEveryMs = 2000;

async function run(context: CommandContext, input: CommandInput): Promise<number> {
  if (context.globals.output !== "text") throw notAsData(context.globals.output);
  const { clusterNames, loadCluster, onlyCluster, uiUrls } = await import("../../../../provision/index.ts");
  const place = openPlace(context, "dashboard");
  const layout = await loadCluster(place, namedCluster(input) ?? (await onlyCluster(place)));
  const { TERM: term = "", NO_COLOR: noColour = "" } = process.env;
  const isTerminal = context.stdout.interactive && process.stdin.isTTY === true && term !== "dumb" && term !== "";
  if (!isTerminal) return plain(context, place, layout);
  const [url] = uiUrls(layout);
  if (url === undefined) throw noUi(layout.spec.name);
  const [{ runDashboard }, { commandTable }] = await Promise.all([
    import("../../../tui/dashboard/index.ts"),
    import("../../command-table.ts"),
  ]);
  const said = await runDashboard({
    runtime: place.runtime,
    cluster: layout.spec.name,
    url,
    isOnlyCluster: (await clusterNames(place)).length === 1,
    nodes: layout.nodes.map(({ name, address }) => ({ name, host: address, zooKeeperPorts: portsOn(layout, name) })),
    language: context.globals.language,
    theme:
      noColour !== "" || process.argv.includes("--no-color")
        ? "plain"
        : (input.options.theme as "dark" | "light" | "plain"),
    isReadOnly: input.options.readOnly === true,
    onlyAscii: context.globals.ascii,
    commands: commandTable.filter(({ hidden }) => hidden !== true).map(({ name }) => name),
    signal: context.interrupted,
    onOpen: (restore) => {
      process.on("exit", restore);
      // What is then told of the error is told on the person's own screen.
      context.claimErrors(() => {
        restore();
        return false;
      });
    },
  });
  context.stdout.write(`${said}\n`);
  return exitCodes.done;
}

/** Of the ZooKeeper servers on a node. */
function portsOn({ daemons }: ClusterLayout, name: string): number[] {
  const servers = daemons.filter(({ role, node }) => role === "zookeeper" && node === name);
  return servers.flatMap(({ ports }) => ports.map(({ port }) => port));
}

/** The parts of the cluster whenever one of them has changed, until it is interrupted. */
async function plain(context: CommandContext, place: Place, layout: ClusterLayout): Promise<number> {
  const { clusterStatus } = await import("../../../../provision/index.ts");
  const { stdout, interrupted, globals } = context;
  let told = "";
  while (!interrupted.aborted) {
    const { parts, topologies } = await clusterStatus(place, layout);
    const mark = (well: boolean): string => (globals.ascii ? (well ? "ok" : "!!") : well ? "✓" : "✗");
    const lines = [
      ...parts.map(({ well, text }) => `${mark(well)} ${text}`),
      ...topologies.map(
        ({ name, status, workers, executors }) => `  ${name} ${status} workers ${workers} executors ${executors}`,
      ),
    ];
    const text = `${lines.join("\n")}\n`;
    if (text !== told)
      stdout.write(`${new Date(place.runtime.clock.nowMs()).toISOString()} ${layout.spec.name}\n${text}`);
    told = text;
    await pause(place.runtime.timers, lookEveryMs, interrupted);
  }
  return exitCodes.done;
}

function notAsData(format: string): StormLabError {
  return new StormLabError({
    code: "SL-USAGE",
    what: `the dashboard cannot be had as ${format}`,
    why: "it is a picture for a person at a terminal",
    hint: "storm-lab status -o json   or   the event stream at /api/v1/events (docs/ui.md)",
    exitCode: exitCodes.usage,
  });
}
