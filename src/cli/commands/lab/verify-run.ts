/** `storm-lab lab verify`: every lab proven on one real cluster, which comes and goes with the command unless one is named. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  foreignImports,
  type Lab,
  LabCluster,
  labFaults,
  labFiles,
  proveLab,
  type StageReport,
} from "../../../../labs/engine/index.ts";
import { labTable } from "../../../../labs/lab-table.ts";
import {
  clusterFileText,
  defaultSpec,
  freePortBlock,
  loadCluster,
  withClusterLock,
} from "../../../../provision/index.ts";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import { removeCluster } from "../cluster/down.ts";
import { namedCluster } from "../cluster/place.ts";
import { converge } from "../cluster/up-run.ts";
import { type Desk, labOf, textsOf } from "./desk.ts";

const ownName = "lab-verify";

export async function runVerify(desk: Desk): Promise<number> {
  const { input, context } = desk;
  const words = (input.args.labs ?? []) as readonly string[];
  const labs = words.length === 0 ? labTable : words.map(labOf);
  const faults = await writtenFaults(desk, labs);
  for (const fault of faults) tell(desk, `✗ ${fault}\n`, { type: "lab-fault", fault });
  if (faults.length > 0 || input.options.static === true)
    return faults.length === 0 ? exitCodes.done : exitCodes.labNotMet;
  const stages: StageReport[] = [];
  const named = namedCluster(input);
  const name = named ?? ownName;
  try {
    if (named === null) await bringUp(desk, name);
    for (const lab of labs) {
      const ok = await prove(desk, lab, name, (stage) => {
        stages.push(stage);
        tell(desk, stageLine(stage), { type: "lab-stage", ...stage });
      });
      if (!ok && context.interrupted.aborted) break;
    }
  } finally {
    if (named === null) await removeCluster(quiet(desk), desk.place, name);
  }
  const failed = stages.filter(({ ok }) => !ok);
  if (failed.length > 0) return exitCodes.labNotMet;
  tell(desk, `${desk.say("verified", { count: stages.length })}\n`, { type: "lab-verified", stages: stages.length });
  return exitCodes.done;
}

async function writtenFaults(desk: Desk, labs: readonly Lab[]): Promise<string[]> {
  const texts = new Map(await Promise.all(labs.map(async (lab) => [lab.id, await textsOf(desk, lab)] as const)));
  const foreign = await Promise.all(
    labs.map(async (lab) => {
      const files = await Promise.all(
        (["starter", "solution"] as const).map((which) => labFiles(desk.runtime, desk.root, lab, which)),
      );
      return files.flatMap(foreignImports).map((found) => `${lab.id}: ${found}`);
    }),
  );
  return [...labFaults(labs, texts), ...foreign.flat()];
}

async function bringUp(desk: Desk, name: string): Promise<void> {
  const { place } = desk;
  const text = clusterFileText({ ...defaultSpec, name, ports: await freePortBlock(place.runtime) });
  const unasked = { args: {}, options: { yes: true }, rest: [] };
  await withClusterLock(place, name, () => converge(quiet(desk), place, name, text, unasked));
}

async function prove(desk: Desk, lab: Lab, name: string, onStage: (stage: StageReport) => void): Promise<boolean> {
  const { place, context, root } = desk;
  const { interrupted } = context;
  const folder = await mkdtemp(join(tmpdir(), "storm-lab-verify-"));
  const storm = (words: readonly string[]) => runStorm(desk, name, folder, words);
  try {
    const cluster = new LabCluster(place, await loadCluster(place, name), interrupted);
    const ok = await proveLab({ lab, root, folder, cluster, storm, interrupted, onStage });
    for (const topology of lab.topologies)
      if ((await cluster.topology(topology)) !== null) await storm(["kill", topology, "-w", "0"]);
    return ok;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** This program itself, as a student would type it. */
async function runStorm(
  { runtime, place }: Desk,
  cluster: string,
  folder: string,
  words: readonly string[],
): Promise<void> {
  const env = { STORM_LAB_CLUSTER: cluster, STORM_LAB_HOME: place.home, STORM_LAB_OUTPUT: "text", NO_COLOR: "1" };
  const child = await runtime.processes.spawn({ program: "storm-lab", args: words, cwd: folder, env, output: "pipe" });
  const lines: string[] = [];
  child.onOutput((_stream, line) => {
    if (lines.push(line) > linesMax) lines.shift();
  });
  const { code } = await child.exited;
  if (code !== 0) throw actFailed(words, lines);
}

const linesMax = 20;

function stageLine({ lab, step, stage, ok, seen }: StageReport): string {
  return `${ok ? "✓" : "✗"} ${lab} ${step} ${stage}: ${seen}\n`;
}

function tell({ context }: Desk, text: string, data: Readonly<Record<string, unknown>>): void {
  context.stdout.write(context.globals.output === "text" ? text : `${JSON.stringify({ v: 1, ...data })}\n`);
}

/** A copy that keeps what the cluster's own steps say out of the output of programs. */
function quiet({ context }: Desk): Desk["context"] {
  if (context.globals.output === "text") return context;
  const { stdout } = context;
  return { ...context, stdout: Object.assign(Object.create(stdout) as typeof stdout, { write: () => {} }) };
}

function actFailed(words: readonly string[], lines: readonly string[]): StormLabError {
  return new StormLabError({
    code: "SL-LAB-VERIFY",
    what: `storm-lab ${words.join(" ")} did not do what the lab's author says it does`,
    why: lines.join(" · ") || "it said nothing",
    hint: "correct the lab's proof, or what it stands on",
    exitCode: exitCodes.labNotMet,
  });
}
