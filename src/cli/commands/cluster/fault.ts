/** `storm-lab fault …`: breaks something on purpose, and says how it is mended. */
import type { ClusterLayout, NetworkFault, Place } from "../../../../provision/index.ts";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import type { ArgumentSpec, CommandContext, CommandInput, CommandSpec, ExampleSpec } from "../../command.ts";
import { clusterOption, namedCluster, openPlace } from "./place.ts";

type Provision = typeof import("../../../../provision/index.ts");
interface Doing {
  readonly context: CommandContext;
  readonly provision: Provision;
  readonly place: Place;
  readonly layout: ClusterLayout;
}
/** What was done, and the command that undoes it. */
interface Done {
  readonly text: string;
  readonly undo: string | null;
}

const target: ArgumentSpec = {
  name: "<target>",
  summary: "node2, supervisor1, worker, nimbus …",
  completes: "process",
};
const one: ArgumentSpec = { name: "<node>", summary: "the node to cut off, such as node2" };
const others: ArgumentSpec = { name: "[others...]", summary: "from these nodes only; from all others when left out" };

const faultExamples = {
  kill: [
    ["fault kill worker", "one of each topology; its supervisor starts it again"],
    ["fault kill nimbus", "its undo is shown"],
  ],
  pause: [["fault pause supervisor1", "it beats no more"]],
  partition: [
    ["fault partition node2", "from all others"],
    ["fault partition node2 node3", "from node3 only"],
  ],
  delay: [["fault delay node2 200", "200 milliseconds each way"]],
  list: [["fault list", "with their numbers"]],
  heal: [
    ["fault heal", "all of it"],
    ["fault heal 1", "one of fault list"],
  ],
} satisfies Readonly<Record<string, readonly ExampleSpec[]>>;

export const faultCommand: CommandSpec = {
  name: "fault",
  summary: "break something on purpose: kill, pause, partition, delay; heal mends the network",
  subcommands: [
    faultSubcommand("kill", "end processes at once, as kill -9 does", [target], kill),
    faultSubcommand("pause", "freeze processes: they hold their connections and answer nobody", [target], pause),
    faultSubcommand("partition", "cut the network between nodes", [one, others], (doing, input) =>
      network(doing, { kind: "partition", delayMs: 0, ...nodesOf(input) }),
    ),
    faultSubcommand(
      "delay",
      "slow the network between nodes",
      [one, { name: "<milliseconds>", summary: "each way" }, others],
      (doing, input) => network(doing, { kind: "delay", delayMs: milliseconds(input), ...nodesOf(input) }),
    ),
    faultSubcommand("list", "show what lies on the network", [], list),
    faultSubcommand("heal", "mend the network", [{ name: "[id]", summary: "of fault list; all when left out" }], heal),
  ],
};

function faultSubcommand(
  name: keyof typeof faultExamples,
  summary: string,
  args: readonly ArgumentSpec[],
  act: (doing: Doing, input: CommandInput) => Promise<Done>,
): CommandSpec {
  return {
    name,
    summary,
    examples: faultExamples[name],
    args,
    options: [clusterOption],
    run: async (context, input) => {
      const provision = await import("../../../../provision/index.ts");
      const place = openPlace(context, "fault");
      const layout = await provision.loadCluster(place, namedCluster(input) ?? (await provision.onlyCluster(place)));
      const { text, undo } = await act({ context, provision, place, layout }, input);
      if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify({ text, undo })}\n`);
      else context.stdout.write(undo === null ? `${text}\n` : `${text}\nundo  ${undo}\n`);
      return exitCodes.done;
    },
  };
}

async function kill({ provision, place, layout }: Doing, { args }: CommandInput): Promise<Done> {
  const word = String(args.target);
  const rows = provision.chooseProcesses(await provision.listProcesses(place, layout), word);
  const ids = await provision.signalProcesses(place, layout, rows, "SIGKILL");
  if (ids.length === 0) return { text: `nothing of ${word} runs`, undo: null };
  const onlyWorkers = rows.every(({ role }) => role === "worker");
  const undo = onlyWorkers ? null : `storm-lab start ${word}`;
  return { text: `killed ${ids.join(", ")}${onlyWorkers ? "; a supervisor starts each again" : ""}`, undo };
}

async function pause({ provision, place, layout }: Doing, { args }: CommandInput): Promise<Done> {
  const word = String(args.target);
  const rows = provision.chooseProcesses(await provision.listProcesses(place, layout), word);
  const ids = await provision.signalProcesses(place, layout, rows, "SIGSTOP");
  return { text: `paused ${ids.join(", ") || "nothing"}`, undo: `storm-lab resume ${word}` };
}

async function network(
  { provision, place, layout }: Doing,
  wanted: Pick<NetworkFault, "kind" | "a" | "b" | "delayMs">,
): Promise<Done> {
  const fault = await provision.addNetworkFault(place, layout, wanted);
  return { text: `${inWords(fault)}, in these nodes' own network doors`, undo: `storm-lab fault heal ${fault.id}` };
}

async function list({ provision, place, layout }: Doing): Promise<Done> {
  const faults = await provision.networkFaults(place, layout);
  const text = faults.map((fault) => `${fault.id}  ${inWords(fault)}`).join("\n");
  return { text: text || "the network is whole", undo: null };
}

async function heal({ provision, place, layout }: Doing, { args }: CommandInput): Promise<Done> {
  const id = args.id === undefined ? null : whole(String(args.id), "id");
  const healed = await provision.healNetwork(place, layout, id);
  const text = healed.length === 0 ? "nothing to mend" : `mended: ${healed.map(inWords).join("; ")}`;
  return { text, undo: null };
}

function inWords({ kind, a, b, delayMs }: NetworkFault): string {
  const between = `${a.join(", ")} and ${b.join(", ")}`;
  return kind === "partition" ? `no network between ${between}` : `${delayMs} ms each way between ${between}`;
}

function nodesOf({ args }: CommandInput): { a: readonly string[]; b: readonly string[] } {
  return { a: [String(args.node)], b: (args.others ?? []) as readonly string[] };
}

function milliseconds({ args }: CommandInput): number {
  return whole(String(args.milliseconds).replace(/ms$/, ""), "milliseconds");
}

function whole(text: string, what: string): number {
  if (/^\d{1,6}$/.test(text) && Number(text) > 0) return Number(text);
  throw new StormLabError({
    code: "SL-USAGE",
    what: `${what} ${text} is not a whole number above 0`,
    why: "storm-lab fault does not take it",
    hint: "storm-lab fault delay node2 200   or   storm-lab fault heal 1",
    exitCode: exitCodes.usage,
  });
}
