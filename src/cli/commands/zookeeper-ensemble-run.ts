/** What `storm-lab zookeeper ensemble` and its commands do. */
import { resolve as absolute } from "node:path";
import {
  connectString,
  type EnsembleLayout,
  layoutEnsemble,
  readEnsemble,
  requireFreePorts,
  runningPid,
  type Seat,
  type ServerStatus,
  serversMax,
  startSeat,
  statusOf,
  stopSeat,
  wholeNumber,
  writeEnsemble,
} from "../../../provision/index.ts";
import { type Child, exitCodes, pause, type Runtime, StormLabError } from "../../base/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";

/** Writes the tree if it is not there, starts what does not run, and stays in front or, with --background, returns. */
export async function runEnsemble(context: CommandContext, { options }: CommandInput): Promise<number> {
  const runtime = openRuntime(context);
  const dir = absolute(String(options.dir ?? "."));
  const count = wholeNumber(options.servers, "--servers", 1, serversMax);
  const portBase = options.portBase === undefined ? null : wholeNumber(options.portBase, "--port-base", 1023, 65_500);
  const tickTimeMs = wholeNumber(options.tickTime, "--tick-time", 10, 60_000);
  const wanted = layoutEnsemble(dir, count, portBase, tickTimeMs);
  const found = await readEnsemble(runtime, dir);
  if (found !== null) requireSame(found, wanted);
  const layout = found ?? wanted;
  const idle = await stoppedSeats(runtime, layout.seats);
  await requireFreePorts(runtime, idle);
  if (found === null) await writeEnsemble(runtime, layout, program());
  say(
    context,
    `${found === null ? "wrote" : "found"} ${count} server${count === 1 ? "" : "s"} under ${dir}/zk-cluster`,
  );
  const background = options.background === true;
  const children = new Map<Seat, Child>();
  for (const seat of idle) children.set(seat, await startSeat(runtime, seat, background));
  try {
    await awaitQuorum(context, runtime, layout, layout.seats);
    await report(context, runtime, layout);
    if (!background) await stayInFront(context, runtime, layout, children);
  } catch (error) {
    for (const seat of children.keys()) await stopSeat(runtime, seat);
    throw error;
  }
  return exitCodes.done;
}

export async function runEnsembleStart(context: CommandContext, input: CommandInput): Promise<number> {
  const runtime = openRuntime(context);
  const { layout, seats } = await chosenSeats(runtime, input);
  const idle = await stoppedSeats(runtime, seats);
  await requireFreePorts(runtime, idle);
  for (const seat of idle) await startSeat(runtime, seat, true);
  await awaitQuorum(context, runtime, layout, seats);
  await report(context, runtime, layout);
  return exitCodes.done;
}

export async function runEnsembleStop(context: CommandContext, input: CommandInput): Promise<number> {
  const runtime = openRuntime(context);
  const { layout, seats } = await chosenSeats(runtime, input);
  await Promise.all(
    seats.map(async (seat) => {
      const ran = await stopSeat(runtime, seat);
      say(context, ran ? `server ${seat.id} stopped` : `server ${seat.id} did not run`);
    }),
  );
  if (context.globals.output !== "text") await report(context, runtime, layout);
  return exitCodes.done;
}

export async function runEnsembleStatus(context: CommandContext, input: CommandInput): Promise<number> {
  const runtime = openRuntime(context);
  const { layout } = await chosenSeats(runtime, input);
  await report(context, runtime, layout);
  return exitCodes.done;
}

const quorumPatienceMs = 60_000;
const quorumPollMs = 100;
/** How often the front looks at its servers' roles. */
const frontPollMs = 500;

/** The words that start this program. */
function program(): string[] {
  return [process.execPath, ...process.argv.slice(1, 2)];
}

function openRuntime(context: CommandContext): Runtime {
  return context.openRuntime({ name: "zookeeper-ensemble", level: "error" });
}

/** Resolves when a majority of the ensemble serves, and every one of `seats` is either in it or still on its way. */
async function awaitQuorum(
  context: CommandContext,
  runtime: Runtime,
  layout: EnsembleLayout,
  seats: readonly Seat[],
): Promise<void> {
  const deadlineMs = runtime.clock.monotonicMs() + quorumPatienceMs;
  for (;;) {
    const states = await Promise.all(layout.seats.map((seat) => statusOf(runtime, seat)));
    const ended = states.find(({ id, role }) => role === "stopped" && seats.some((seat) => seat.id === id));
    if (ended !== undefined) throw await startFailed(runtime, layout, ended);
    const running = states.filter(({ role }) => role !== "stopped").length;
    const serving = states.filter(({ role }) => role !== "stopped" && role !== "looking");
    const leads = serving.some(({ role }) => role === "leader" || role === "standalone");
    // With less than a majority running nothing can come of waiting: the rest is for the user to start.
    if (leads && serving.length === running) return;
    if (running <= layout.seats.length / 2) return;
    if (context.interrupted.aborted) return;
    if (runtime.clock.monotonicMs() > deadlineMs) throw noQuorum(states);
    await pause(runtime.timers, quorumPollMs);
  }
}

/** Says every change of a role until Ctrl-C, or until the last server has ended. */
async function stayInFront(
  context: CommandContext,
  runtime: Runtime,
  layout: EnsembleLayout,
  children: ReadonlyMap<Seat, Child>,
): Promise<void> {
  if (context.globals.output === "text") context.stdout.write("Ctrl-C stops the servers\n");
  let before: readonly ServerStatus[] = await Promise.all(layout.seats.map((seat) => statusOf(runtime, seat)));
  while (!context.interrupted.aborted) {
    await frontPause(runtime, context.interrupted);
    const now = await Promise.all(layout.seats.map((seat) => statusOf(runtime, seat)));
    for (const [index, server] of now.entries()) {
      if (server.role !== before[index]?.role) tell(context, server);
    }
    before = now;
    if (now.every(({ role }) => role === "stopped")) return;
  }
  await Promise.all([...children.keys()].map((seat) => stopSeat(runtime, seat)));
}

function frontPause(runtime: Runtime, interrupted: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = runtime.timers.after(frontPollMs, done);
    function done(): void {
      timer.cancel();
      interrupted.removeEventListener("abort", done);
      resolve();
    }
    interrupted.addEventListener("abort", done);
    if (interrupted.aborted) done();
  });
}

async function report(context: CommandContext, runtime: Runtime, layout: EnsembleLayout): Promise<void> {
  const states = await Promise.all(layout.seats.map((seat) => statusOf(runtime, seat)));
  if (context.globals.output !== "text") {
    context.stdout.write(`${JSON.stringify(states)}\n`);
    return;
  }
  for (const server of states) tell(context, server);
  context.stdout.write(`connect to ${connectString(layout.seats)}\n`);
}

const roleWords = {
  leader: "leads",
  follower: "follows",
  observer: "observes",
  standalone: "stands alone",
  looking: "runs, and looks for a majority",
  stopped: "is stopped",
} as const;

function tell(context: CommandContext, server: ServerStatus): void {
  const { id, role, pid, client } = server;
  if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify(server)}\n`);
  else {
    const process = pid === null ? "" : `, process ${pid}`;
    context.stdout.write(`server ${id} ${roleWords[role]} (client port ${client}${process})\n`);
  }
}

function say(context: CommandContext, text: string): void {
  if (context.globals.output === "text") context.stdout.write(`${text}\n`);
}

async function stoppedSeats(runtime: Runtime, seats: readonly Seat[]): Promise<Seat[]> {
  const pids = await Promise.all(seats.map((seat) => runningPid(runtime, seat)));
  return seats.filter((_, index) => pids[index] === null);
}

async function chosenSeats(
  runtime: Runtime,
  { args, options }: CommandInput,
): Promise<{ layout: EnsembleLayout; seats: Seat[] }> {
  const dir = absolute(String(options.dir ?? "."));
  const layout = await readEnsemble(runtime, dir);
  if (layout === null) throw noEnsemble(dir);
  if (args.server === undefined) return { layout, seats: [...layout.seats] };
  const id = wholeNumber(args.server, "server", 1, serversMax);
  const seats = layout.seats.filter((seat) => seat.id === id);
  if (seats.length === 0) throw noEnsemble(dir, id);
  return { layout, seats };
}

function requireSame(found: EnsembleLayout, wanted: EnsembleLayout): void {
  const ports = (layout: EnsembleLayout) =>
    JSON.stringify(layout.seats.map((seat) => [seat.clientPort, seat.quorumPort, seat.electionPort]));
  if (ports(found) === ports(wanted)) return;
  throw new StormLabError({
    code: "SL-ZK-ENSEMBLE-EXISTS",
    what: `${found.dir}/zk-cluster holds another ensemble: ${found.seats.length} servers, clients at ${connectString(found.seats)}`,
    why: "its servers, ports or both differ from what was asked for, and it may hold data",
    hint: "storm-lab zookeeper ensemble start   or choose another folder with --dir",
    exitCode: exitCodes.conflict,
  });
}

function noEnsemble(dir: string, id?: number): StormLabError {
  return new StormLabError({
    code: "SL-ZK-ENSEMBLE-NONE",
    what: id === undefined ? `there is no ensemble under ${dir}` : `the ensemble under ${dir} has no server ${id}`,
    why: "no folder zk-cluster/800N with a conf/zoo.cfg lies there for it",
    hint: "storm-lab zookeeper ensemble --servers 3   or name the folder with --dir",
    exitCode: exitCodes.noCluster,
  });
}

async function startFailed(runtime: Runtime, layout: EnsembleLayout, { id }: ServerStatus): Promise<StormLabError> {
  const seat = layout.seats.find((one) => one.id === id);
  const output =
    seat === undefined
      ? ""
      : await runtime.fs.readFile(seat.outputFile).then((bytes) => Buffer.from(bytes).toString("utf8"));
  const last = output.trim().split("\n").slice(-3).join(" · ");
  return new StormLabError({
    code: "SL-ZK-ENSEMBLE-START",
    what: `server ${id} ended while it started: ${last}`,
    why: "its configuration, its ports or its data do not allow it to run",
    hint: `read ${seat?.outputFile ?? "its output"}`,
    exitCode: exitCodes.preflight,
  });
}

function noQuorum(states: readonly ServerStatus[]): StormLabError {
  const roles = states.map(({ id, role }) => `server ${id} ${roleWords[role]}`).join(", ");
  return new StormLabError({
    code: "SL-ZK-ENSEMBLE-QUORUM",
    what: `no majority serves after ${quorumPatienceMs / 1000} s: ${roles}`,
    why: "the servers run but do not agree on a leader",
    hint: "read zk-cluster/800N/logs/zookeeper.out of each",
    exitCode: exitCodes.deadline,
  });
}
