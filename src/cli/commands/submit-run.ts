/** What `storm-lab submit` does. */
import { resolve } from "node:path";
import { exitCodes, type Runtime, StormLabError } from "../../base/index.ts";
import { NimbusClient, type UploadProgress, uploadFile } from "../../client/index.ts";
import {
  type AuthorSeat,
  checkModuleFile,
  defineTopology,
  jsonConf,
  openModule,
  type PackedCode,
  packCode,
  submissionVariable,
  topologyToThrift,
} from "../../code/index.ts";
import { knownKeys, parseOverrides } from "../../conf/index.ts";
import {
  type Conf,
  type ConfLike,
  type StormTopology,
  toConf,
  validateConf,
  validateTopologyName,
} from "../../topology/index.ts";
import type { ExecutorSummary, TopologyInfo } from "../../wire/thrift/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { readConf } from "./storm-conf.ts";

interface Submission {
  readonly name: string;
  readonly conf: ConfLike | null;
  readonly topology: StormTopology;
}

export interface Submitting {
  readonly context: CommandContext;
  /** Of the command submit. */
  readonly options: CommandInput["options"];
  readonly runtime: Runtime;
  readonly client: NimbusClient;
}

export interface Submitted {
  readonly name: string;
  readonly topology: StormTopology;
  /** Null: it was not waited for. */
  readonly info: TopologyInfo | null;
}

/** Until every executor has its place, or nimbus says why not. */
const placedWithinMs = 30_000;
/** The same once nimbus has said in words why not: it will not change its mind soon. */
const refusedWithinMs = 3000;
const placedPollMs = 200;
const uploadBarColumns = 30;

export async function runSubmit(context: CommandContext, input: CommandInput): Promise<number> {
  const runtime = context.openRuntime({ name: "submit", level: "error" });
  const conf = await readConf(context, runtime, input, "client");
  await using client = new NimbusClient({ runtime, conf, signal: context.interrupted });
  const doing = { context, options: input.options, runtime, client };
  const [submitted] = await submitFile(doing, resolve(String(input.args.file)), input.rest);
  if (context.globals.output === "text" && submitted !== undefined)
    context.stdout.write(`\nnext  storm-lab list   storm-lab status   storm-lab kill ${submitted.name} -w 0\n`);
  return exitCodes.done;
}

/** Every topology that the file makes, each told of on standard output. */
export async function submitFile(doing: Submitting, path: string, args: readonly string[]): Promise<Submitted[]> {
  const { runtime } = doing;
  await checkModuleFile(runtime, path);
  const seat: AuthorSeat = { path, args, workingDirectory: process.cwd() };
  const submitted: Submitted[] = [];
  const only = Number(process.env[submissionVariable] ?? 0);
  const enough = Promise.withResolvers<void>();
  let received = 0;
  const { build, imports } = await openModule({
    runtime,
    seat,
    // A program goes on after its submit, as after Storm's; one that was started by itself does so there.
    enough: enough.promise,
    receive: async (submission, record) => {
      received++;
      if (received < only) return;
      const packed = await packCode({ runtime, seat, imports: record, build: "program", name: submission.name });
      submitted.push(await submit(doing, submission, packed));
      if (only === 0) return;
      enough.resolve();
      await new Promise(() => {});
    },
  });
  try {
    if (build !== null) {
      const { name, conf: own = null, topology } = await defineTopology(seat, build);
      const packed = await packCode({ runtime, seat, imports, build: "function", name });
      submitted.push(await submit(doing, { name, conf: own, topology }, packed));
    }
  } finally {
    imports.close();
  }
  return submitted;
}

async function submit(doing: Submitting, submission: Submission, { archive, entry }: PackedCode): Promise<Submitted> {
  const { context, options, client } = doing;
  const name = String(options.name ?? submission.name);
  // As in Storm: what stands on the command line wins over what the author has set.
  const conf = { ...toConf(submission.conf), ...topologyKeys((options.conf ?? []) as readonly string[]) };
  validateTopologyName(name);
  validateConf(conf, "the topology's conf");
  const topology = topologyToThrift(submission.topology.description, entry);
  const json = jsonConf(conf, "the topology's conf");
  for (const warning of submission.topology.description.warnings)
    context.stderr.write(`${context.stderr.style("yellow", "warning")} ${warning}\n`);
  if (!(await client.calls.isTopologyNameAllowed({ name }))) throw nameTaken(name);
  const location = await uploadFile(client, archive, uploadBar(context));
  await client.calls.submitTopologyWithOpts({
    name,
    uploadedJarLocation: location,
    jsonConf: json,
    topology,
    options: { initial_status: options.inactive === true ? "INACTIVE" : "ACTIVE" },
  });
  const info = options.wait === false ? null : await placed(doing, name);
  tell(context, name, archive.length, info);
  return { name, topology: submission.topology, info };
}

/** Without those keys of Storm's that are not a topology's: they say where the cluster is. */
function topologyKeys(overrides: readonly string[]): Conf {
  const entries = Object.entries(parseOverrides(overrides));
  return Object.fromEntries(entries.filter(([key]) => key.startsWith("topology.") || !Object.hasOwn(knownKeys, key)));
}

/** Redrawn in place on a terminal, gone when all is sent; nothing elsewhere. */
function uploadBar({ globals, stderr }: CommandContext): UploadProgress {
  if (!stderr.interactive || globals.output !== "text") return () => {};
  return (sent, total) => {
    const share = total === 0 ? 1 : sent / total;
    const full = Math.round(share * uploadBarColumns);
    const bar = (globals.ascii ? "#" : "█").repeat(full).padEnd(uploadBarColumns);
    const text = `uploading ${bar} ${Math.ceil(sent / 1024)} of ${Math.ceil(total / 1024)} kB`;
    stderr.write(sent === total ? "\r\u001b[K" : `\r${text}`);
  };
}

/** What nimbus says of it once its executors have places; the last word in time otherwise. */
async function placed({ runtime, client, context }: Submitting, name: string): Promise<TopologyInfo> {
  const startMs = runtime.clock.monotonicMs();
  for (;;) {
    const info = await client.calls.getTopologyInfoByName({ name });
    const patienceMs = (info.sched_status ?? "") === "" ? placedWithinMs : refusedWithinMs;
    const late = runtime.clock.monotonicMs() - startMs >= patienceMs;
    if (info.executors.length > 0 || late || context.interrupted.aborted) return info;
    await new Promise<void>((resume) => runtime.timers.after(placedPollMs, resume));
  }
}

function tell({ globals, stdout }: CommandContext, name: string, bytes: number, info: TopologyInfo | null): void {
  const workers = info === null ? [] : workersOf(info.executors);
  if (globals.output !== "text") {
    const { id = null, status = null, sched_status: scheduling = null } = info ?? {};
    stdout.write(`${JSON.stringify({ name, id, status, scheduling, codeBytes: bytes, workers })}\n`);
    return;
  }
  stdout.write(`submitted ${name} (${Math.ceil(bytes / 1024)} kB of code)${info === null ? "" : ` as ${info.id}`}\n`);
  for (const { place, executors } of workers) stdout.write(`  ${place}  ${executors.join("  ")}\n`);
  if (info !== null && workers.length === 0)
    stdout.write(`  it has no workers yet: ${info.sched_status || "nimbus has not placed it"}\n`);
}

function workersOf(executors: readonly ExecutorSummary[]): { readonly place: string; readonly executors: string[] }[] {
  const places = new Map<string, string[]>();
  const sorted = [...executors].sort((a, b) => a.executor_info.task_start - b.executor_info.task_start);
  for (const { host, port, component_id, executor_info } of sorted) {
    const place = `${host}:${port}`;
    const text = `${component_id}[${executor_info.task_start}-${executor_info.task_end}]`;
    places.set(place, [...(places.get(place) ?? []), text]);
  }
  return [...places].sort(([a], [b]) => (a < b ? -1 : 1)).map(([place, texts]) => ({ place, executors: texts }));
}

function nameTaken(name: string): StormLabError {
  return new StormLabError({
    code: "SL-TOPOLOGY-NAME-TAKEN",
    what: `Topology with name \`${name}\` either has an invalid name or is already running on the cluster`,
    why: "two topologies of one name could not be told apart; the old one may still be going",
    hint: `storm-lab kill ${name} -w 0   or   storm-lab submit FILE --name ${name}-2`,
    exitCode: exitCodes.conflict,
  });
}
