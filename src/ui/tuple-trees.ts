/** Followed tuples: the steps that workers have written, put together to trees. Pure but for the reading. */
import type { LogViewer } from "../logviewer/index.ts";
import { parseTupleStep, type TupleStep, tupleStepsFile } from "../state/index.ts";

/** A delivery of a tuple to a task. Times are milliseconds since 1970, with fractions; null: not yet, or not told. */
export interface TreeTuple {
  readonly id: string;
  /** Those that it is anchored to; none: the spout has emitted it. */
  readonly anchors: readonly string[];
  readonly component: string;
  readonly task: number;
  readonly stream: string;
  readonly toComponent: string;
  readonly toTask: number;
  readonly values: string;
  /** `host:port` of the task that it went to, once it is there. */
  readonly worker: string | null;
  readonly emittedMs: number;
  readonly executedMs: number | null;
  readonly settled: "acked" | "failed" | null;
  readonly settledMs: number | null;
}

export interface TupleTree {
  readonly root: string;
  readonly component: string;
  readonly task: number;
  readonly messageId: string;
  /** Of the spout. */
  readonly worker: string;
  readonly startMs: number;
  readonly end: "completed" | "given-up" | null;
  readonly endMs: number | null;
  /** In the order of their emits. */
  readonly tuples: readonly TreeTuple[];
}

export interface WorkerSteps {
  /** `host:port`. */
  readonly worker: string;
  readonly steps: readonly TupleStep[];
}

/** A page shows that many. */
const treesMax = 50;

/** Newest first; a tree whose beginning is no longer in the files is none. */
export function treesOf(all: readonly WorkerSteps[]): TupleTree[] {
  const found = new Map<string, { worker: string; step: TupleStep }[]>();
  for (const { worker, steps } of all) {
    for (const step of steps) {
      const known = found.get(step.root);
      if (known === undefined) found.set(step.root, [{ worker, step }]);
      else known.push({ worker, step });
    }
  }
  return [...found.values()]
    .flatMap((steps) => treeOf(steps) ?? [])
    .sort((a, b) => b.startMs - a.startMs)
    .slice(0, treesMax);
}

function treeOf(all: readonly { readonly worker: string; readonly step: TupleStep }[]): TupleTree | null {
  const ofStep = (...words: TupleStep["step"][]) => all.find(({ step }) => words.includes(step.step));
  const first = ofStep("rooted");
  if (first === undefined || first.step.step !== "rooted") return null;
  const last = ofStep("completed", "given-up")?.step;
  const end = last?.step === "completed" || last?.step === "given-up" ? last.step : null;
  const endsOf = new Map<string, { worker: string; step: TupleStep }[]>();
  for (const each of all) {
    const { step } = each;
    if (step.step === "executed" || step.step === "acked" || step.step === "failed")
      endsOf.set(step.id, [...(endsOf.get(step.id) ?? []), each]);
  }
  const tuples = all.flatMap(({ step }) => {
    if (step.step !== "emitted") return [];
    const { step: _, root: __, timeMs: emittedMs, ...told } = step;
    const ends = endsOf.get(step.id) ?? [];
    const executed = ends.find((each) => each.step.step === "executed");
    const settled = ends.find((each) => each.step.step !== "executed");
    return {
      ...told,
      worker: executed?.worker ?? settled?.worker ?? null,
      emittedMs,
      executedMs: executed?.step.timeMs ?? null,
      settled: settled === undefined ? null : settled.step.step === "acked" ? ("acked" as const) : ("failed" as const),
      settledMs: settled?.step.timeMs ?? null,
    };
  });
  const { root, component, task, messageId, timeMs: startMs } = first.step;
  const endMs = last?.timeMs ?? null;
  const inOrder = tuples.sort((a, b) => a.emittedMs - b.emittedMs);
  return { root, component, task, messageId, worker: first.worker, startMs, end, endMs, tuples: inOrder };
}

/** Of all workers of a topology. */
export async function readTrees(
  logs: Pick<LogViewer, "ofTopology" | "text">,
  topologyId: string,
): Promise<TupleTree[]> {
  const files = (await logs.ofTopology(topologyId)).filter(({ name }) => name.includes(`/${tupleStepsFile}`));
  const read = files.map(async ({ host, name }): Promise<WorkerSteps> => {
    const text = await logs.text(name, host);
    return {
      worker: `${host}:${name.split("/")[1] ?? ""}`,
      steps: text.split("\n").flatMap((line) => (line === "" ? [] : (parseTupleStep(line) ?? []))),
    };
  });
  return treesOf(await Promise.all(read));
}
