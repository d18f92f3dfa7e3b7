/**
 * For authors and CI: that a lab is whole, and that its checks tell what they should on a real cluster: not met, with the intended
 * words, where a student begins; met when the step is done.
 */
import { messageOf, pause } from "../../src/base/index.ts";
import { languages } from "../../src/language/index.ts";
import type { Act, Asked, Evidence, Lab, LabStep } from "./lab.ts";
import type { LabCluster } from "./lab-cluster.ts";
import { type LabTexts, labFiles, layFiles } from "./lab-files.ts";
import { hintsPerStep } from "./session.ts";

export interface StageReport {
  readonly lab: string;
  readonly step: string;
  readonly stage: "starter" | "solution";
  readonly ok: boolean;
  readonly seen: string;
}

export interface Proving {
  readonly lab: Lab;
  /** `labs/` of the installed package. */
  readonly root: string;
  /** The student's folder. */
  readonly folder: string;
  readonly cluster: LabCluster;
  /** Runs storm-lab in the folder; rejects when it does not end with 0. */
  readonly storm: (words: readonly string[]) => Promise<void>;
  readonly interrupted: AbortSignal;
  readonly onStage: (report: StageReport) => void;
}

const stageMs = 60_000;
const lookMs = 500;

/** What is wrong with a lab as it is written; nothing: it is whole. */
export function labFaults(labs: readonly Lab[], texts: ReadonlyMap<string, LabTexts>): string[] {
  return [
    ...doubled(labs.map(({ id }) => id)).map((id) => `two labs are called ${id}`),
    ...doubled(labs.map(({ number }) => String(number))).map((number) => `two labs have the number ${number}`),
    ...labs.flatMap((lab) =>
      [...stepFaults(lab), ...textFaults(lab, texts.get(lab.id))].map((fault) => `${lab.id}: ${fault}`),
    ),
  ];
}

/** Imports of a student's files that are neither the published package, nor Node's, nor beside them. */
export function foreignImports(files: ReadonlyMap<string, Uint8Array>): string[] {
  return [...files].flatMap(([name, bytes]) => {
    if (!name.endsWith(".ts")) return [];
    const found = [
      ...new TextDecoder().decode(bytes).matchAll(/^(?:import|export)\s+(?:[^"';()]*?\sfrom\s+)?["']([^"']+)["']/gm),
    ];
    return found.flatMap(([, from = ""]) => (/^(storm-lab$|node:|\.\/)/.test(from) ? [] : [`${name} imports ${from}`]));
  });
}

/** False: a stage did not come out as intended. Stops there: later steps stand on earlier ones. */
export async function proveLab(proving: Proving): Promise<boolean> {
  const { lab } = proving;
  const baselines = new Map<string, unknown>();
  await act(proving, "starter");
  for (const step of lab.steps) {
    const { proof } = step;
    if (proof === undefined) {
      baselines.set(step.id, await step.baseline?.(proving.cluster));
      continue;
    }
    for (const each of proof.starter) await act(proving, each);
    // As the student's step begins: before anything of it is done.
    baselines.set(step.id, await step.baseline?.(proving.cluster));
    const intended = (evidence: Evidence) => !evidence.met && proof.fails.test(evidence.seen.en);
    if (!(await stage(proving, step, baselines, "starter", intended))) return false;
    for (const each of proof.solution) await act(proving, each);
    if (!(await stage(proving, step, baselines, "solution", ({ met }) => met))) return false;
  }
  return true;
}

/** Asks until it comes out as intended, within bounds: a cluster takes a moment. A starter that is met is wrong at once. */
async function stage(
  { lab, cluster, folder, interrupted, onStage }: Proving,
  step: LabStep,
  baselines: ReadonlyMap<string, unknown>,
  name: StageReport["stage"],
  wanted: (evidence: Evidence) => boolean,
): Promise<boolean> {
  const { clock, timers } = cluster.place.runtime;
  const deadlineMs = clock.monotonicMs() + stageMs;
  for (;;) {
    const evidence = await asked(step, { cluster, folder, baselines });
    const ok = wanted(evidence);
    const isOver =
      ok || (name === "starter" && evidence.met) || interrupted.aborted || clock.monotonicMs() > deadlineMs;
    if (isOver) {
      onStage({ lab: lab.id, step: step.id, stage: name, ok, seen: evidence.seen.en });
      return ok;
    }
    await pause(timers, lookMs, interrupted);
  }
}

async function asked(step: LabStep, asking: Asked): Promise<Evidence> {
  try {
    return await (step.check as NonNullable<LabStep["check"]>)(asking);
  } catch (error) {
    const seen = messageOf(error);
    return { met: false, expected: { en: "", zh: "" }, seen: { en: seen, zh: seen }, where: "" };
  }
}

async function act({ lab, root, folder, cluster, storm }: Proving, what: Act): Promise<void> {
  if (typeof what !== "string") return storm(what);
  await layFiles(cluster.place.runtime, await labFiles(cluster.place.runtime, root, lab, what), folder);
}

function stepFaults({ steps }: Lab): string[] {
  const asks = ({ kind }: LabStep) => kind === "do" || kind === "break" || kind === "observe";
  return [
    ...doubled(steps.map(({ id }) => id)).map((id) => `two steps are called ${id}`),
    ...steps.flatMap((step, index) => [
      ...(asks(step) === (step.check !== undefined)
        ? []
        : [`${step.id}: a ${step.kind} step ${asks(step) ? "needs" : "has"} a check`]),
      ...(asks(step) && step.proof === undefined ? [`${step.id}: its check is not proven`] : []),
      ...((step.kind === "predict") === (step.choices?.length ?? 0) > 1
        ? []
        : [`${step.id}: predict steps have choices`]),
      ...(step.reveals === undefined ||
      steps.slice(0, index).some(({ id, kind }) => id === step.reveals && kind === "predict")
        ? []
        : [`${step.id}: reveals ${step.reveals}, which is no predict step before it`]),
      ...(step.kind === "predict" && !steps.some(({ reveals }) => reveals === step.id)
        ? [`${step.id}: no step reveals what comes of it`]
        : []),
    ]),
  ];
}

function textFaults({ steps }: Lab, texts: LabTexts | undefined): string[] {
  if (texts === undefined) return ["it has no texts"];
  return languages.flatMap((language) => {
    const { title, goals, steps: told } = texts[language];
    const unknown = [...told.keys()].filter((id) => !steps.some((step) => step.id === id));
    return [
      ...(title === "" || goals.length === 0 ? [`${language}.md has no title or no goals`] : []),
      ...unknown.map((id) => `${language}.md tells of a step ${id} that there is not`),
      ...steps.flatMap(({ id }) => {
        const text = told.get(id);
        if (text === undefined || text.title === "" || text.body === "")
          return [`${language}.md does not tell step ${id}`];
        const { length } = text.hints.filter((hint) => hint !== "");
        return length === hintsPerStep ? [] : [`${language}.md: step ${id} has ${length} hints of ${hintsPerStep}`];
      }),
    ];
  });
}

function doubled(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}
