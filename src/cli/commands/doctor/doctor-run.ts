/** Gathers, checks, tells, and does what is safe when it is told to. */
import { homedir } from "node:os";
import { resolve } from "node:path";
import * as provision from "../../../../provision/index.ts";
import { exitCodes, StormLabError, visibleText } from "../../../base/index.ts";
import * as doctor from "../../../doctor/index.ts";
import { type Say, speaker } from "../../../language/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { confirm } from "../cluster/confirm.ts";
import { namedCluster, openPlace } from "../cluster/place.ts";
import { version } from "../version.ts";
import { doctorSays } from "./doctor-texts.ts";
import { gatherMachineFacts } from "./machine-facts.ts";

type DoctorSay = Say<keyof typeof doctorSays>;

export async function runDoctor(context: CommandContext, input: CommandInput): Promise<number> {
  const { globals, stdout } = context;
  const place = openPlace(context, "doctor");
  const say = speaker(doctorSays, globals.language);
  const named = namedCluster(input);
  if (named !== null) await provision.requireCluster(place, named);
  const names = await provision.clusterNames(place);
  const layouts = await Promise.all(names.map((name) => provision.loadCluster(place, name)));
  const examined = layouts.filter(({ spec }) => named === null || spec.name === named);
  const needed = examined.length > 0 ? examined : [await usualCluster(place)];
  const machine = await gatherMachineFacts(place, needed, layouts);
  const clusters = await Promise.all(examined.map((layout) => doctor.gatherClusterFacts(place, layout)));
  const findings = [...doctor.checkMachine(machine), ...clusters.flatMap(doctor.checkCluster)];
  const told = findings.map((finding) => doctor.tellFinding(finding, globals.language));
  if (globals.output === "text") show(context, told, say);
  else if (globals.output === "ndjson")
    for (const finding of told) stdout.write(`${JSON.stringify({ v: 1, type: "finding", ...finding })}\n`);
  else stdout.write(`${JSON.stringify({ findings: told })}\n`);
  if (typeof input.options.report === "string") {
    const all = {
      storm_lab: version,
      node: process.version,
      platform: process.platform,
      arch: process.arch,
      machine,
      clusters,
      findings: told,
    };
    await report(context, place, examined, all, resolve(input.options.report), say);
  }
  if (input.options.fix === true) await fix(context, place, findings, input.options.yes === true, say);
  return findings.some(({ severity }) => severity === "error") ? exitCodes.preflight : exitCodes.done;
}

/** What `up` would make here, for its ports. */
async function usualCluster(place: provision.Place): Promise<provision.ClusterLayout> {
  const spec = provision.defaultSpec;
  return (await provision.prepareUp(place, spec, provision.clusterFileText(spec))).layout;
}

function show({ globals, stdout }: CommandContext, told: readonly doctor.ToldFinding[], say: DoctorSay): void {
  if (told.length === 0) {
    stdout.write(`${stdout.style("green", globals.ascii ? "ok" : "✓")} ${say("well")}\n`);
    return;
  }
  for (const { code, severity, what, why, where, fix } of told) {
    const isError = severity === "error";
    const mark = globals.ascii ? (isError ? "x" : "!") : isError ? "✗" : "⚠";
    stdout.write(`${stdout.style(isError ? "red" : "yellow", mark)} ${code} ${visibleText(what)}\n`);
    for (const [word, text] of [
      [say("why"), why],
      [say("seen"), where],
      [say("fix"), fix],
    ] as const)
      stdout.write(`  ${stdout.style("dim", word)}  ${visibleText(text)}\n`);
  }
  const errors = told.filter(({ severity }) => severity === "error").length;
  stdout.write(`\n${say("summary", { errors, warnings: told.length - errors })}\n`);
}

async function report(
  context: CommandContext,
  place: provision.Place,
  layouts: readonly provision.ClusterLayout[],
  told: unknown,
  file: string,
  say: DoctorSay,
): Promise<void> {
  const homes = [place.home, homedir()];
  const files = new Map<string, Uint8Array>();
  for (const layout of layouts.length === 0 ? [null] : layouts) {
    for (const [path, bytes] of await doctor.reportFiles(place, layout, told, homes))
      files.set(layout === null || path === "findings.json" ? path : `${layout.spec.name}/${path}`, bytes);
  }
  const { zipFiles } = await import("../../../code/index.ts");
  await place.runtime.fs.writeFile(file, await zipFiles(files));
  if (context.globals.output === "text") context.stdout.write(`${say("wrote", { file })}\n`);
}

async function fix(
  context: CommandContext,
  place: provision.Place,
  findings: readonly doctor.Finding[],
  yes: boolean,
  say: DoctorSay,
): Promise<void> {
  const { globals, stdout } = context;
  const fixes = findings.flatMap(({ safe }) => (safe === null ? [] : [safe]));
  const isText = globals.output === "text";
  if (isText) stdout.write(`\n${say(fixes.length === 0 ? "nothingSafe" : "plan")}\n`);
  for (const one of fixes) if (isText) stdout.write(`  ${describe(one, say)}\n`);
  if (fixes.length === 0) return;
  if (!yes && !stdout.interactive) throw needsYes();
  if (!yes && !(await confirm(context, say("ask")))) return;
  for (const one of fixes) {
    if (one.kind === "remove-pid-file") await provision.removeStalePidFile(place.runtime, one.path);
    else await wake(place, one);
    if (isText) stdout.write(`${describe(one, say)}: ${say("done")}\n`);
  }
}

async function wake(
  place: provision.Place,
  { kind, cluster, process: id }: Extract<doctor.Finding["safe"], { kind: "start" | "resume" }>,
): Promise<void> {
  const layout = await provision.loadCluster(place, cluster);
  await provision.withClusterLock(place, cluster, async () => {
    const rows = (await provision.listProcesses(place, layout)).filter((row) => row.id === id);
    if (kind === "start") await provision.startProcesses(place, layout, rows);
    else await provision.signalProcesses(place, layout, rows, "SIGCONT");
  });
}

function describe(one: NonNullable<doctor.Finding["safe"]>, say: DoctorSay): string {
  return one.kind === "remove-pid-file" ? say("removePidFile", { path: one.path }) : say(one.kind, { ...one });
}

function needsYes(): StormLabError {
  return new StormLabError({
    code: "SL-CONFIRM",
    what: "doctor --fix asks first, and there is no terminal to ask on",
    why: "without --yes nothing is changed unasked",
    hint: "storm-lab doctor --fix --yes",
    exitCode: exitCodes.usage,
  });
}
