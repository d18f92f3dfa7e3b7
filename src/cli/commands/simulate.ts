/** `storm-lab simulate`: a whole cluster on virtual time, with faults, told as a timeline that is the same for the same seed. */
import { exitCodes } from "../../base/index.ts";
import type { FaultKind, SimulationEvent, SimulationReport } from "../../simulate/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { badOption, wholeNumberOf } from "./nimbus-call.ts";

export const simulateCommand: CommandSpec = {
  name: "simulate",
  examples: [
    ["simulate", "three nodes, half a minute of faults"],
    ["simulate --nodes 8 --seed 42 --faults partition,crash", "another run, the same each time"],
    ["simulate --no-faults --duration 10", "only what its user does"],
  ],
  summary: "run a whole cluster on virtual time, with faults: a timeline, the same for the same seed",
  description:
    "Nothing is started on this machine: ZooKeeper servers, nimbuses, supervisors and workers are the real ones, but time, network, " +
    "disks and processes are simulated, so that an hour takes a minute and any run can be seen again by its seed. " +
    "Topologies are word counts. At the end it is checked whether the cluster has kept its promises; if not, the exit code is 1.",
  options: [
    { flags: "-n, --nodes <count>", summary: "supervisors, 1 to 1000", default: "3" },
    { flags: "--seed <number>", summary: "which run", default: "1" },
    { flags: "--topologies <count>", summary: "how many are submitted", default: "2" },
    { flags: "--duration <seconds>", summary: "how long faults befall it, in virtual time", default: "30" },
    { flags: "--faults <kinds>", summary: "some of crash,pause,partition,session-expiry,clock-skew (default: all)" },
    { flags: "--no-faults", summary: "only what the topologies' user does" },
  ],
  run,
};

const nodesMax = 1000;
const topologiesMax = 20;
const durationSecsMax = 3600;

async function run(context: CommandContext, input: CommandInput): Promise<number> {
  const simulation = await import("../../simulate/index.ts");
  const { english, eventLine, faultKinds, simulate, slotPorts } = simulation;
  const { options } = input;
  const nodes = within("--nodes", options.nodes, 1, nodesMax);
  // One slot is left free, so that a topology can be placed anew.
  const topologies = within(
    "--topologies",
    options.topologies,
    1,
    Math.min(topologiesMax, nodes * slotPorts.length - 1),
  );
  const seed = within("--seed", options.seed, 0, Number.MAX_SAFE_INTEGER);
  const durationMs = within("--duration", options.duration, 1, durationSecsMax) * 1000;
  const faults = kindsOf(options.faults, faultKinds);
  const { output } = context.globals;
  const events: SimulationEvent[] = [];
  const onEvent = (event: SimulationEvent) => {
    if (output === "text") context.stdout.write(`${eventLine(event, english)}\n`);
    else if (output === "ndjson") context.stdout.write(`${JSON.stringify(event)}\n`);
    else events.push(event);
  };
  const signal = context.interrupted;
  const report = await simulate({ nodes, seed, topologies, faults, durationMs, onEvent, signal });
  if (output === "json") context.stdout.write(`${JSON.stringify({ events, ...report })}\n`);
  else if (output === "ndjson") context.stdout.write(`${JSON.stringify({ event: "verdict", ...report })}\n`);
  else tell(context, report, simulation);
  return report.well ? exitCodes.done : exitCodes.bug;
}

function tell(
  { stdout, globals }: CommandContext,
  report: SimulationReport,
  { checkLine, english }: typeof import("../../simulate/index.ts"),
): void {
  const marks = globals.ascii ? ["ok", "!!"] : ["✓", "✗"];
  const mark = (holds: boolean) =>
    holds ? stdout.style("green", marks[0] ?? "") : stdout.style("red", marks[1] ?? "");
  stdout.write(`\n${english.verdict(report)}\n`);
  for (const check of report.checks) stdout.write(`${mark(check.holds)} ${checkLine(check, english)}\n`);
  for (const what of report.violations) stdout.write(`${mark(false)} ${what}\n`);
}

function within(option: string, value: unknown, min: number, max: number): number {
  const number = wholeNumberOf(option, value, min) ?? min;
  if (number > max) throw badOption(option, String(value), `a whole number, ${min} to ${max}`);
  return number;
}

function kindsOf(value: unknown, kinds: readonly FaultKind[]): readonly FaultKind[] {
  if (value === false) return [];
  if (typeof value !== "string") return kinds;
  const words = value.split(",").map((word) => word.trim());
  const unknown = words.find((word) => !kinds.some((kind) => kind === word));
  if (unknown !== undefined) throw badOption("--faults", unknown, `some of ${kinds.join(",")}`);
  return kinds.filter((kind) => words.includes(kind));
}
