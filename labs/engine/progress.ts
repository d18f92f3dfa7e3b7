/** How far a student is: folded from events that are only ever added. Pure. */

export type LabEvent = { readonly v: 1; readonly atMs: number; readonly lab: string } & (
  | {
      readonly event: "started";
      readonly folder: string;
      readonly cluster: string | null;
      /** Of the lab's texts and code. */
      readonly content: string;
    }
  | { readonly event: "step-begun"; readonly step: string; readonly baseline?: unknown }
  | {
      readonly event: "checked";
      readonly step: string;
      readonly met: boolean;
      readonly seen: string;
      readonly reality?: string;
    }
  | { readonly event: "step-done"; readonly step: string }
  | { readonly event: "predicted"; readonly step: string; readonly answer: string }
  | { readonly event: "hinted"; readonly step: string; readonly hint: number }
  | { readonly event: "solution-shown"; readonly step: string }
  | { readonly event: "step-reset"; readonly step: string }
  | { readonly event: "lab-reset" }
  | { readonly event: "finished" }
);

export interface Progress {
  /** Of the lab that was started last. */
  readonly current: string | null;
  readonly labs: ReadonlyMap<string, LabProgress>;
}

export interface LabProgress {
  readonly folder: string;
  readonly cluster: string | null;
  readonly content: string;
  readonly startedMs: number;
  readonly finishedMs: number | null;
  /** The step that the student is at. */
  readonly step: string | null;
  readonly steps: ReadonlyMap<string, StepProgress>;
}

export interface StepProgress {
  readonly begunMs: number;
  readonly baseline: unknown;
  /** When its check was first met, or it was read or answered. */
  readonly doneMs: number | null;
  readonly hints: number;
  readonly prediction: string | null;
  readonly reality: string | null;
  /** How often the check was asked and said something new. */
  readonly checks: number;
  readonly seen: string | null;
  readonly solutionShown: boolean;
}

export const noProgress: Progress = { current: null, labs: new Map() };

export function progressAfter(progress: Progress, event: LabEvent): Progress {
  const { lab } = event;
  const before = progress.labs.get(lab);
  if (event.event === "started") {
    const { folder, cluster, content, atMs } = event;
    const fresh = { startedMs: atMs, finishedMs: null, step: null, steps: new Map() };
    return withLab({ ...progress, current: lab }, lab, { ...(before ?? fresh), folder, cluster, content });
  }
  return before === undefined ? progress : withLab(progress, lab, labAfter(before, event));
}

function labAfter(lab: LabProgress, event: LabEvent): LabProgress {
  switch (event.event) {
    case "started":
      return lab;
    case "finished":
      return { ...lab, finishedMs: lab.finishedMs ?? event.atMs };
    case "lab-reset":
      return { ...lab, startedMs: event.atMs, finishedMs: null, step: null, steps: new Map() };
    case "step-begun": {
      const { step, atMs, baseline = null } = event;
      return withStep({ ...lab, step }, step, { ...(lab.steps.get(step) ?? newStep(atMs)), baseline });
    }
    case "step-reset":
      return withStep(lab, event.step, { ...newStep(event.atMs), hints: lab.steps.get(event.step)?.hints ?? 0 });
    default: {
      const step = lab.steps.get(event.step);
      return step === undefined ? lab : withStep(lab, event.step, stepAfter(step, event));
    }
  }
}

function stepAfter(step: StepProgress, event: LabEvent): StepProgress {
  switch (event.event) {
    case "checked": {
      const { met, seen, reality = step.reality, atMs } = event;
      return { ...step, seen, reality, checks: step.checks + 1, doneMs: step.doneMs ?? (met ? atMs : null) };
    }
    case "step-done":
      return { ...step, doneMs: step.doneMs ?? event.atMs };
    case "predicted":
      return { ...step, prediction: event.answer, doneMs: step.doneMs ?? event.atMs };
    case "hinted":
      return { ...step, hints: Math.max(step.hints, event.hint) };
    case "solution-shown":
      return { ...step, solutionShown: true };
    default:
      return step;
  }
}

function newStep(begunMs: number): StepProgress {
  const nothing = { baseline: null, doneMs: null, prediction: null, reality: null, seen: null };
  return { begunMs, ...nothing, hints: 0, checks: 0, solutionShown: false };
}

function withLab(progress: Progress, id: string, lab: LabProgress): Progress {
  return { ...progress, labs: new Map([...progress.labs, [id, lab]]) };
}

function withStep(lab: LabProgress, id: string, step: StepProgress): LabProgress {
  return { ...lab, steps: new Map([...lab.steps, [id, step]]) };
}
