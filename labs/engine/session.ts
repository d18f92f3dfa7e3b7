/** A student's way through a lab: begin, check, predict, hint, go on, begin again. Keeps what happened; asks the cluster; shows nothing. */
import { isStormLabError, messageOf, type Runtime } from "../../src/base/index.ts";
import type { Evidence, Lab, LabStep } from "./lab.ts";
import type { LabCluster } from "./lab-cluster.ts";
import type { LabProgress, StepProgress } from "./progress.ts";
import type { ProgressFile } from "./progress-file.ts";

/** The cluster to ask; rejects when there is none. */
export type OpenCluster = () => Promise<LabCluster>;

export const hintsPerStep = 3;

export class LabSession {
  readonly lab: Lab;
  readonly #runtime: Runtime;
  readonly #file: ProgressFile;
  readonly #open: OpenCluster;

  constructor(runtime: Runtime, lab: Lab, file: ProgressFile, open: OpenCluster) {
    this.lab = lab;
    this.#runtime = runtime;
    this.#file = file;
    this.#open = open;
  }

  get progress(): LabProgress | null {
    return this.#file.progress.labs.get(this.lab.id) ?? null;
  }

  /** The step that the student is at; the first one of a lab that has just been started. */
  get step(): LabStep {
    const { steps } = this.lab;
    return steps.find(({ id }) => id === this.progress?.step) ?? (steps[0] as LabStep);
  }

  get stepProgress(): StepProgress | null {
    return this.progress?.steps.get(this.step.id) ?? null;
  }

  get number(): number {
    return this.lab.steps.indexOf(this.step) + 1;
  }

  get isDone(): boolean {
    return this.stepProgress?.doneMs != null;
  }

  get isFinished(): boolean {
    return this.progress?.finishedMs != null;
  }

  async start(folder: string, cluster: string | null, content: string): Promise<void> {
    await this.#file.add({ lab: this.lab.id, event: "started", folder, cluster, content });
    if (this.progress?.step == null) await this.#begin(this.step);
  }

  /** Null: this step has nothing to check. */
  async check(): Promise<Evidence | null> {
    const { step } = this;
    if (step.check === undefined) return null;
    const evidence = await this.#ask(step);
    const { met, reality } = evidence;
    const seen = evidence.seen.en;
    const before = this.stepProgress;
    // What was seen once more is no news: the file stays small under a check every two seconds.
    if (before?.seen === seen && (before.doneMs !== null || !met)) return evidence;
    const told = reality === undefined ? {} : { reality };
    await this.#file.add({ lab: this.lab.id, event: "checked", step: step.id, met, seen, ...told });
    return evidence;
  }

  /** To the next step; false: the lab is finished with this one. The step must be done. */
  async next(): Promise<boolean> {
    const next = this.lab.steps[this.number];
    if (next !== undefined) await this.#begin(next);
    else if (!this.isFinished) await this.#file.add({ lab: this.lab.id, event: "finished" });
    return next !== undefined;
  }

  /** A step that asks for nothing is done when it was read. */
  async markRead(): Promise<void> {
    await this.#file.add({ lab: this.lab.id, event: "step-done", step: this.step.id });
  }

  /** False: `answer` is none of the choices. */
  async predict(answer: string): Promise<boolean> {
    if (this.step.choices?.includes(answer) !== true) return false;
    await this.#file.add({ lab: this.lab.id, event: "predicted", step: this.step.id, answer });
    return true;
  }

  /** The number of the next hint, the last one again after it. */
  async hint(): Promise<number> {
    const hint = Math.min((this.stepProgress?.hints ?? 0) + 1, hintsPerStep);
    await this.#file.add({ lab: this.lab.id, event: "hinted", step: this.step.id, hint });
    return hint;
  }

  async showSolution(): Promise<void> {
    await this.#file.add({ lab: this.lab.id, event: "solution-shown", step: this.step.id });
  }

  async resetStep(): Promise<void> {
    const { step } = this;
    await this.#file.add({ lab: this.lab.id, event: "step-reset", step: step.id });
    await this.#begin(step);
  }

  async resetLab(): Promise<void> {
    await this.#file.add({ lab: this.lab.id, event: "lab-reset" });
    await this.#begin(this.step);
  }

  /** What the student said before this step's check showed what is so; null: nothing was said, or it has not shown. */
  get prediction(): { readonly answer: string; readonly reality: string } | null {
    const { reveals } = this.step;
    const answer = reveals === undefined ? null : (this.progress?.steps.get(reveals)?.prediction ?? null);
    const reality = this.stepProgress?.reality ?? null;
    return answer === null || reality === null ? null : { answer, reality };
  }

  async #begin(step: LabStep): Promise<void> {
    const baseline = await this.#baseline(step);
    await this.#file.add({ lab: this.lab.id, event: "step-begun", step: step.id, ...baseline });
  }

  /** What cannot be asked now was not there before. */
  async #baseline({ baseline }: LabStep): Promise<{ readonly baseline?: unknown }> {
    if (baseline === undefined) return {};
    try {
      return { baseline: await baseline(await this.#open()) };
    } catch (error) {
      this.#runtime.log.debug(`the cluster was not asked: ${messageOf(error)}`);
      return {};
    }
  }

  async #ask({ check }: LabStep): Promise<Evidence> {
    const steps = [...(this.progress?.steps ?? [])];
    const baselines = new Map(steps.map(([id, { baseline }]) => [id, baseline]));
    try {
      const cluster = await this.#open();
      const folder = this.progress?.folder ?? "";
      return await (check as NonNullable<LabStep["check"]>)({ cluster, folder, baselines });
    } catch (error) {
      if (!isStormLabError(error)) throw error;
      return unanswered(error.message, error.hint);
    }
  }
}

/** The cluster could not be asked: this is what was seen. */
function unanswered(seen: string, hint: string): Evidence {
  const expected = { en: "a cluster that answers", zh: "一个有应答的集群" };
  return { met: false, expected, seen: { en: seen, zh: seen }, where: hint };
}
