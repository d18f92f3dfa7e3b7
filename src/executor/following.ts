/**
 * Some tuples of a spout whose debugging is on are followed: each step of their trees is told, in every worker. A followed root is known
 * by its id, whose high half ends in a mark that its spout has put there: so all workers agree, and nothing more travels.
 */
import type { Clock, Random } from "../base/index.ts";
import { valuesText, valueText } from "./event-logger.ts";
import { componentOf, type TopologyPlan } from "./plan.ts";
import type { TaskTuple } from "./tuple.ts";

/** What became of a followed tuple, or of its root. Ids are 16 hexadecimal digits, times milliseconds since 1970 with fractions. */
export type TupleStep =
  | {
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
  | {
      readonly step: "executed" | "acked" | "failed";
      readonly root: string;
      readonly id: string;
      readonly timeMs: number;
    }
  | {
      readonly step: "rooted" | "completed" | "given-up";
      readonly root: string;
      readonly component: string;
      readonly task: number;
      readonly messageId: string;
      readonly timeMs: number;
    };

/** 20 bits: among a million roots of a spout that is not debugged, one is followed by chance. */
const markMask = 0xfffff;
const mark = 0x5702a;

/** A person looks at them one by one; each tree costs some kilobytes. */
const rootsPerSecondMax = 2;
/** Of one tree, in one worker. */
const stepsMax = 500;
/** More than its fractions: somebody has set the clock. */
const clockStepMs = 2;
/** Trees whose steps are counted. */
const treesMax = 256;

export interface FollowerOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly plan: TopologyPlan;
  readonly told: (step: TupleStep) => void;
}

export class Follower {
  readonly #options: FollowerOptions;
  /** By spout task: when it may begin to follow another. */
  readonly #nextMs = new Map<number, number>();
  /** The clock of the day before the monotonic one. */
  #aheadMs = Number.NEGATIVE_INFINITY;
  /** Steps told, by root. */
  readonly #trees = new Map<string, number>();

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** The high half of a new root's id, out of a random one: marked when it is to be followed, else surely not. */
  rootHalf(hi: number, taskId: number, percent: number): number {
    const nowMs = this.#options.clock.monotonicMs();
    const isDue = nowMs >= (this.#nextMs.get(taskId) ?? 0) && this.#options.random.float() * 100 < percent;
    if (!isDue) return isMarked(hi) ? hi ^ 1 : hi;
    this.#nextMs.set(taskId, nowMs + 1000 / rootsPerSecondMax);
    return (hi & ~markMask) | mark;
  }

  /** The root's own beginning and end, in its spout task. */
  rootIs(step: "rooted" | "completed" | "given-up", hi: number, lo: number, taskId: number, messageId: unknown): void {
    if (!isMarked(hi)) return;
    const { id: component } = componentOf(this.#options.plan, taskId);
    const root = hex(hi, lo);
    const words = valueText(messageId);
    this.#tell({ step, root, component, task: taskId, messageId: words, timeMs: this.#nowMs() });
    if (step !== "rooted") this.#trees.delete(root);
  }

  emitted(tuple: TaskTuple, anchors: readonly TaskTuple[]): void {
    const { plan } = this.#options;
    this.#each(tuple, (root, id) => {
      const above: string[] = [];
      for (const anchor of anchors) {
        this.#each(anchor, (tree, edge) => {
          if (tree === root) above.push(edge);
        });
      }
      this.#tell({
        step: "emitted",
        root,
        id,
        anchors: above,
        component: tuple.getSourceComponent(),
        task: tuple.sourceTask,
        stream: tuple.getSourceStreamId(),
        toComponent: componentOf(plan, tuple.targetTask).id,
        toTask: tuple.targetTask,
        values: valuesText(tuple.values),
        timeMs: this.#nowMs(),
      });
    });
  }

  tupleIs(step: "executed" | "acked" | "failed", tuple: TaskTuple): void {
    this.#each(tuple, (root, id) => this.#tell({ step, root, id, timeMs: this.#nowMs() }));
  }

  /** For each of its trees that is followed. Most tuples have none: nothing is made for them. */
  #each({ root, edgeHi, edgeLo, more }: TaskTuple, told: (root: string, id: string) => void): void {
    if (root !== null && isMarked(root.hi)) told(hex(root.hi, root.lo), hex(edgeHi, edgeLo));
    if (more === null) return;
    for (const each of more) {
      if (isMarked(each.root.hi)) told(hex(each.root.hi, each.root.lo), hex(each.edgeHi, each.edgeLo));
    }
  }

  #tell(step: TupleStep): void {
    const steps = (this.#trees.get(step.root) ?? 0) + 1;
    this.#trees.set(step.root, steps);
    if (this.#trees.size > treesMax) this.#trees.delete(this.#trees.keys().next().value as string);
    if (steps <= stepsMax || "messageId" in step) this.#options.told(step);
  }

  /**
   * With fractions, as a few microseconds matter, and alike in all workers of a machine. The clock of the day has whole milliseconds: the
   * greatest difference to the monotonic one that was seen is the one right after a millisecond began.
   */
  #nowMs(): number {
    const { clock } = this.#options;
    const monotonicMs = clock.monotonicMs();
    const aheadMs = clock.nowMs() - monotonicMs;
    if (aheadMs > this.#aheadMs || aheadMs < this.#aheadMs - clockStepMs) this.#aheadMs = aheadMs;
    return Math.round((monotonicMs + this.#aheadMs) * 1000) / 1000;
  }
}

function isMarked(hi: number): boolean {
  return (hi & markMask) === mark;
}

function hex(hi: number, lo: number): string {
  return [hi, lo].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}
