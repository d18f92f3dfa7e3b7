/** `storm-lab start|stop|pause|resume|restart [what]`: a whole cluster, a node, a role or one process; data is kept. */
import type { ClusterLayout, Place, ProcessRow } from "../../../../provision/index.ts";
import { exitCodes } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec, ExampleSpec } from "../../command.ts";
import { clusterOption, namedCluster, openPlace } from "./place.ts";

type Provision = typeof import("../../../../provision/index.ts");
/** Ids of the processes it acted on. */
type Act = (
  provision: Provision,
  place: Place,
  layout: ClusterLayout,
  rows: readonly ProcessRow[],
) => Promise<string[]>;

const lifecycleExamples = {
  start: [
    ["start", "everything that does not run"],
    ["start supervisor1", "one process"],
  ],
  stop: [
    ["stop", "the whole cluster; storm-lab start goes on from there"],
    ["stop node2", "what runs on a node"],
  ],
  restart: [["restart nimbus", "with its configuration read anew"]],
  pause: [["pause zookeeper2", "it looks dead to the others, and is not"]],
  resume: [["resume", "all that was paused"]],
} satisfies Readonly<Record<string, readonly ExampleSpec[]>>;

export const lifecycleCommands: readonly CommandSpec[] = [
  lifecycleCommand("start", "start what does not run; data is as it was", "started", start),
  lifecycleCommand("stop", "end processes and keep their data", "stopped", ({ stopProcesses }, place, layout, rows) =>
    stopProcesses(place, layout, rows),
  ),
  lifecycleCommand(
    "restart",
    "end processes and start them again",
    "restarted",
    async (provision, place, layout, rows) => {
      await provision.stopProcesses(place, layout, rows);
      return start(provision, place, layout, await freshRows(provision, place, layout, rows));
    },
  ),
  lifecycleCommand(
    "pause",
    "freeze processes: they hold their connections and answer nobody",
    "paused",
    (provision, place, layout, rows) => provision.signalProcesses(place, layout, rows, "SIGSTOP"),
  ),
  lifecycleCommand("resume", "let paused processes go on", "resumed", (provision, place, layout, rows) =>
    provision.signalProcesses(place, layout, rows, "SIGCONT"),
  ),
];

async function start(
  provision: Provision,
  place: Place,
  layout: ClusterLayout,
  rows: readonly ProcessRow[],
): Promise<string[]> {
  return (await provision.startProcesses(place, layout, rows)).map(({ id }) => id);
}

async function freshRows(
  { listProcesses }: Provision,
  place: Place,
  layout: ClusterLayout,
  chosen: readonly ProcessRow[],
): Promise<ProcessRow[]> {
  const ids = new Set(chosen.map(({ id }) => id));
  return (await listProcesses(place, layout)).filter(({ id }) => ids.has(id));
}

function lifecycleCommand(name: keyof typeof lifecycleExamples, summary: string, done: string, act: Act): CommandSpec {
  return {
    name,
    summary,
    examples: lifecycleExamples[name],
    args: [
      { name: "[what]", summary: "node2, supervisor, nimbus1 …; everything when it is left out", completes: "process" },
    ],
    options: [clusterOption],
    run: async (context, input) => run(context, input, name, done, act),
  };
}

async function run(
  context: CommandContext,
  input: CommandInput,
  command: string,
  done: string,
  act: Act,
): Promise<number> {
  const provision = await import("../../../../provision/index.ts");
  const place = openPlace(context, command);
  const name = namedCluster(input) ?? (await provision.onlyCluster(place));
  const layout = await provision.loadCluster(place, name);
  return provision.withClusterLock(place, name, async () => {
    const word = input.args.what === undefined ? undefined : String(input.args.what);
    const rows = provision.chooseProcesses(await provision.listProcesses(place, layout), word);
    const ids = await act(provision, place, layout, rows);
    if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify({ [done]: ids })}\n`);
    else context.stdout.write(ids.length === 0 ? `nothing to ${command}\n` : `${done} ${ids.join(", ")}\n`);
    return exitCodes.done;
  });
}
