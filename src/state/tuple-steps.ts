/**
 * The steps of followed tuples as a worker writes them, a line of JSON each, into a file beside its log. A tuple is followed while the
 * debugging of its spout is on.
 */

export const tupleStepsFile = "tuple-steps.jsonl";

/** What became of a followed tuple, or of its root. Ids are 16 hexadecimal digits, times milliseconds since 1970 with fractions. */
export type TupleStep = EmittedStep | TupleEnd | RootStep;

interface EmittedStep {
  readonly step: "emitted";
  readonly root: string;
  readonly id: string;
  /** Ids of the tuples that it is anchored to; none: the spout has emitted it. */
  readonly anchors: readonly string[];
  readonly component: string;
  readonly task: number;
  readonly stream: string;
  readonly toComponent: string;
  readonly toTask: number;
  readonly values: string;
  readonly timeMs: number;
}

interface TupleEnd {
  readonly step: "executed" | "acked" | "failed";
  readonly root: string;
  readonly id: string;
  readonly timeMs: number;
}

interface RootStep {
  readonly step: "rooted" | "completed" | "given-up";
  readonly root: string;
  readonly component: string;
  readonly task: number;
  readonly messageId: string;
  readonly timeMs: number;
}

const texts = ["root", "id", "component", "stream", "toComponent", "values", "messageId"] as const;
const numbers = ["task", "toTask", "timeMs"] as const;
const ends = ["root", "id", "timeMs"] as const;
const ofRoot = ["root", "component", "task", "messageId", "timeMs"] as const;
const needed: Readonly<Record<TupleStep["step"], readonly string[]>> = {
  emitted: ["root", "id", "anchors", "component", "task", "stream", "toComponent", "toTask", "values", "timeMs"],
  executed: ends,
  acked: ends,
  failed: ends,
  rooted: ofRoot,
  completed: ofRoot,
  "given-up": ofRoot,
};

/** Null: the line is none, such as one that is being written. */
export function parseTupleStep(line: string): TupleStep | null {
  let said: Record<string, unknown>;
  try {
    said = Object(JSON.parse(line));
  } catch {
    return null;
  }
  const keys = Object.hasOwn(needed, String(said.step)) ? needed[said.step as TupleStep["step"]] : null;
  const isWhole = keys?.every((key) => {
    const value = said[key];
    if (key === "anchors") return Array.isArray(value) && value.every((each) => typeof each === "string");
    if (numbers.some((each) => each === key)) return Number.isFinite(value);
    return texts.some((each) => each === key) && typeof value === "string";
  });
  return isWhole === true ? (said as unknown as TupleStep) : null;
}
