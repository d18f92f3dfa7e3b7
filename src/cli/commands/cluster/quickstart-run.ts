/** What `storm-lab quickstart` does: up, submit, watch until it is done, and down again unless somebody is there to look around. */
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type ClusterLayout,
  clusterFileText,
  clusterNames,
  defaultSpec,
  freePortBlock,
  loadCluster,
  type Place,
  withClusterLock,
  workerResults,
} from "../../../../provision/index.ts";
import { exitCodes, pause, type Runtime, StormLabError } from "../../../base/index.ts";
import { NimbusClient } from "../../../client/index.ts";
import { parseStormYaml, StormConf } from "../../../conf/index.ts";
import { inFlowOrder } from "../../../local/index.ts";
import { type Answers, defaultAnswers, fileOf, freeName } from "../../../tui/wizard/index.ts";
import { mergeReports, type TopologyReport, type WorkerProgress, type WorkerReport } from "../../../worker/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { LiveTable } from "../local/live-table.ts";
import { componentTable, handled, metricLines, progressLine, resultLines } from "../local/report-text.ts";
import { type Submitted, submitFile } from "../submit-run.ts";
import { removeCluster } from "./down.ts";
import { finish } from "./init-run.ts";
import { openPlace } from "./place.ts";
import { converge } from "./up-run.ts";
import { askForCluster, mayAsk } from "./wizard.ts";

const usualName = "quickstart";
const lookMs = 500;
const plainLineMs = 2000;
/** The bundled text takes seconds; a machine that is this slow is stuck. */
const patienceMs = 90_000;

interface Results extends WorkerProgress {
  readonly atMs: number;
  readonly report: WorkerReport;
}

export async function runQuickstart(context: CommandContext, input: CommandInput): Promise<number> {
  const place = openPlace(context, "quickstart");
  const keeps = context.stdout.interactive || input.options.keep === true;
  const file = input.args.file === undefined ? wordCount() : resolve(String(input.args.file));
  const asks = input.options.ask === true && mayAsk(context, input);
  const asked = asks && !(await isThere(place)) ? await askFirst(context, place) : null;
  if (typeof asked === "number") return asked;
  const name = asked?.name ?? usualName;
  try {
    const unasked = { ...input, options: { ...input.options, yes: true } };
    await withClusterLock(place, name, async () =>
      converge(context, place, name, asked === null ? await clusterText(place) : fileOf(asked), unasked),
    );
    await count(context, place, name, file, input.rest);
  } finally {
    if (!keeps) await removeCluster(context, place, name);
  }
  if (keeps && context.globals.output === "text") context.stdout.write(nextCommands(name, file));
  return exitCodes.done;
}

/** What is to be brought up, or the exit code: it was interrupted, or is not to be brought up. */
async function askFirst(context: CommandContext, place: Place): Promise<Answers | number> {
  const ports = await freePortBlock(place.runtime);
  const name = freeName(await clusterNames(place), usualName);
  const answers = await askForCluster(context, place, { ...defaultAnswers, name, ports, ending: "up" }, {});
  if (answers === null) return exitCodes.interrupted;
  return answers.ending === "up" ? answers : finish(context, place, null, answers);
}

/** Of the last time: it is shown again as it is. */
async function isThere(place: Place): Promise<boolean> {
  return (await clusterNames(place)).includes(usualName);
}

async function clusterText(place: Place): Promise<string> {
  const known = await isThere(place);
  const ports = known ? (await loadCluster(place, usualName)).spec.ports : await freePortBlock(place.runtime);
  // Its topology is called by nobody.
  return clusterFileText({ ...defaultSpec, name: usualName, ports, drpc: { count: 0 }, ui: { count: 0 } });
}

async function count(
  context: CommandContext,
  place: Place,
  name: string,
  file: string,
  args: readonly string[],
): Promise<void> {
  const { runtime } = place;
  const layout = await loadCluster(place, name);
  const conf = new StormConf(parseStormYaml(await textOf(runtime, layout.clientYaml), layout.clientYaml).values);
  await using client = new NimbusClient({ runtime, conf, signal: context.interrupted });
  await removeOld(runtime, client);
  const [submitted] = await submitFile({ context, options: {}, runtime, client }, file, args);
  if (submitted?.info == null) throw notWatchable(file);
  await watch(context, place, layout, submitted, submitted.info.id);
  if (context.stdout.interactive) return;
  await client.calls.killTopologyWithOpts({ name: submitted.name, options: { wait_secs: 0 } });
}

/** What an earlier quickstart has left running. */
async function removeOld(runtime: Runtime, client: NimbusClient): Promise<void> {
  const deadlineMs = runtime.clock.monotonicMs() + patienceMs;
  for (;;) {
    const old = await client.calls.getTopologySummaries();
    if (old.length === 0 || runtime.clock.monotonicMs() > deadlineMs) return;
    for (const topology of old)
      if (topology.status !== "KILLED")
        await client.calls.killTopologyWithOpts({ name: topology.name, options: { wait_secs: 0 } });
    await pause(runtime.timers, lookMs);
  }
}

/** Until the spouts are exhausted, nothing is under way, and all workers say so twice with equal sums of what was sent and received. */
async function watch(
  context: CommandContext,
  place: Place,
  layout: ClusterLayout,
  submitted: Submitted,
  topologyId: string,
): Promise<void> {
  const { runtime } = place;
  const { stdout, interrupted } = context;
  const flow = inFlowOrder(submitted.topology.description.components);
  const live = stdout.interactive ? new LiveTable(stdout, runtime.timers, submitted.name, flow) : null;
  const workers = new Set(submitted.info?.executors.map(({ host, port }) => `${host}:${port}`)).size;
  const startMs = runtime.clock.monotonicMs();
  const seconds = () => (runtime.clock.monotonicMs() - startMs) / 1000;
  let lineMs = startMs;
  let before = "";
  try {
    for (;;) {
      const results = (await workerResults(place, layout, topologyId)).map((text) => JSON.parse(text) as Results);
      const report = mergeReports(
        results.map((result) => result.report),
        seconds() * 1000,
      );
      const now = results.map(({ sent, received }) => `${sent} ${received}`).join();
      const sum = (of: (result: Results) => number) => results.reduce((total, result) => total + of(result), 0);
      const quiet = results.length === workers && results.every((result) => result.quiet);
      if (quiet && sum((result) => result.sent) === sum((result) => result.received) && now === before)
        return end(context, live, flow, report, seconds());
      before = quiet ? now : "";
      if (interrupted.aborted) return;
      if (seconds() * 1000 > patienceMs) throw notInTime(submitted.name, layout);
      live?.draw(report, seconds());
      if (live === null && runtime.clock.monotonicMs() - lineMs >= plainLineMs) {
        lineMs = runtime.clock.monotonicMs();
        say(context, `${progressLine(report.components, flow, seconds())}\n`);
      }
      await pause(runtime.timers, lookMs);
    }
  } catch (error) {
    live?.restore();
    throw error;
  }
}

function end(
  context: CommandContext,
  live: LiveTable | null,
  flow: readonly string[],
  report: TopologyReport,
  seconds: number,
): void {
  if (context.globals.output !== "text") {
    const { results, components } = report;
    context.stdout.write(`${JSON.stringify({ ...results, components, seconds: Number(seconds.toFixed(3)) })}\n`);
    return;
  }
  const rateOf = (id: string) => handled(report.components[id]) / Math.max(0.001, seconds);
  if (live !== null) live.end(report, seconds);
  else
    say(
      context,
      `${[...componentTable(report.components, flow, rateOf, context.stdout.columns), "", ...resultLines(report)].join("\n")}\n`,
    );
  for (const line of metricLines(report.components, flow)) say(context, `${line}\n`);
  say(context, `counted in ${seconds.toFixed(1)} s by a cluster of its own\n`);
}

function nextCommands(name: string, file: string): string {
  return `
The cluster ${name} stays up. Look around in it:
  npx storm-lab ps                        every process, workers among them
  npx storm-lab status                    who leads, what runs
  npx storm-lab fault kill worker         and watch the supervisor start it again
  npx storm-lab zk ls -R /storm           what the cluster remembers
  npx storm-lab local ${file.includes("labs/word-count/solution") ? "labs/word-count/starter/topology.ts" : file}
                                          the tutorial's own word count: what is wrong with it?
  npx storm-lab down                      when you have seen enough
`;
}

function wordCount(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  const root = here.endsWith("dist") ? join(here, "..") : join(here, "..", "..", "..", "..");
  return join(root, "labs", "word-count", "solution", "topology.ts");
}

function say({ globals, stdout }: CommandContext, text: string): void {
  if (globals.output === "text") stdout.write(text);
}

async function textOf(runtime: Runtime, file: string): Promise<string> {
  return new TextDecoder().decode(await runtime.fs.readFile(file));
}

function notWatchable(file: string): StormLabError {
  return new StormLabError({
    code: "SL-QUICKSTART",
    what: `${file} submitted no topology that can be watched`,
    why: "quickstart shows the results of one topology until its spouts are exhausted",
    hint: `storm-lab up   then   storm-lab submit ${file}`,
    exitCode: exitCodes.usage,
  });
}

function notInTime(topology: string, { folder }: ClusterLayout): StormLabError {
  return new StormLabError({
    code: "SL-QUICKSTART",
    what: `${topology} did not come to an end within ${patienceMs / 1000} s`,
    why: "its workers do not start, or its spouts never say that they are exhausted",
    hint: `read the logs under ${folder}/node*/logs (storm-lab quickstart --keep leaves them)`,
    exitCode: exitCodes.deadline,
  });
}
