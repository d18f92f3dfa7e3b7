/**
 * What became of calls, by function. Names come from clients: those of the first functions are told, all others together without a name,
 * so that it never grows.
 */
import {
  counter,
  gauge,
  Histogram,
  histogram,
  type Labels,
  type MetricFamily,
  secondsBounds,
} from "../metrics/index.ts";
import type { FailureType } from "./failures.ts";

export class CallCounts {
  readonly #functions = new Map<string, FunctionCounts>();
  readonly #others = new FunctionCounts({});

  of(functionName: string): FunctionCounts {
    const known = this.#functions.get(functionName);
    if (known !== undefined) return known;
    if (this.#functions.size >= functionsMax || functionName.length > nameLengthMax) return this.#others;
    const counts = new FunctionCounts({ function: functionName });
    this.#functions.set(functionName, counts);
    return counts;
  }

  families(): MetricFamily[] {
    const all = [...this.#functions.values(), ...(this.#others.executed > 0 ? [this.#others] : [])];
    const each = (number: (counts: FunctionCounts) => number) =>
      all.map((counts) => [counts.labels, number(counts)] as const);
    return [
      counter(
        "storm_drpc_execute_calls_total",
        "Calls that came.",
        each(({ executed }) => executed),
      ),
      counter(
        "storm_drpc_answered_calls_total",
        "Calls that got their result.",
        each(({ answered }) => answered),
      ),
      counter(
        "storm_drpc_failed_calls_total",
        "Calls that failed, by the type of the DRPCExecutionException.",
        all.flatMap(({ labels, failed }) => [...failed].map(([type, count]) => [{ ...labels, type }, count] as const)),
      ),
      counter(
        "storm_drpc_withdrawn_calls_total",
        "Calls whose clients went before they ended.",
        each(({ withdrawn }) => withdrawn),
      ),
      gauge(
        "storm_drpc_waiting_calls",
        "Calls that are not answered.",
        each(({ waiting }) => waiting),
      ),
      histogram(
        "storm_drpc_answer_seconds",
        "From the coming of a call to its result.",
        all.map(({ labels, answerSeconds }) => [labels, answerSeconds] as const),
      ),
    ];
  }
}

const functionsMax = 100;
const nameLengthMax = 200;

export class FunctionCounts {
  readonly labels: Labels;
  readonly failed = new Map<FailureType, number>();
  readonly answerSeconds = new Histogram(secondsBounds);
  executed = 0;
  answered = 0;
  withdrawn = 0;
  /** Executed, and none of the others yet. */
  waiting = 0;

  constructor(labels: Labels) {
    this.labels = labels;
  }

  executes(): void {
    this.executed++;
    this.waiting++;
  }

  answers(tookMs: number): void {
    this.waiting--;
    this.answered++;
    this.answerSeconds.observe(tookMs / 1000);
  }

  fails(type: FailureType): void {
    this.waiting--;
    this.failed.set(type, (this.failed.get(type) ?? 0) + 1);
  }

  withdraws(): void {
    this.waiting--;
    this.withdrawn++;
  }
}
