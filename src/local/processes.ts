/** A topology over several worker processes of this machine, with ZeroMQ between them: `storm-lab local --workers N`. */
import { type Child, errorFromData, exitCodes, type Runtime, StormLabError, type Timer } from "../base/index.ts";
import { mergeReports, type TopologyReport, type WorkerReport } from "../worker/index.ts";
import { closeMsMax, closingLate } from "./closing.ts";
import { Completion } from "./completion.ts";
import type { FromWorker, ToWorker, WorkerOrder } from "./messages.ts";

export interface ProcessesOptions {
  readonly runtime: Runtime;
  /** The command of this program that becomes a worker. */
  readonly workerCommand: string;
  readonly order: Omit<WorkerOrder, "worker">;
  readonly onError: (error: StormLabError) => void;
  /** What the author's code prints. */
  readonly onOutput: (stream: "stdout" | "stderr", line: string) => void;
}

const completionPollMs = 20;
/** A worker has this long to tell its counters and results; healthy ones need milliseconds. */
const answerMsMax = 5000;

export class ProcessesTopology {
  /** As `InProcessTopology.completed`. */
  readonly completed: Promise<void>;
  /** As `InProcessTopology.lateFailure`. */
  lateFailure: StormLabError | null = null;
  private readonly options: ProcessesOptions;
  private readonly children: Child[] = [];
  /** Counted from 1. */
  private readonly living = new Set<number>();
  private readonly settle: { resolve: () => void; reject: (error: StormLabError) => void };
  private readonly waiting = new Map<string, PromiseWithResolvers<FromWorker[]>>();
  private readonly answers = new Map<string, FromWorker[]>();
  private poll: Timer | null = null;
  private startedMs = 0;
  private round = 0;
  private stopping = false;
  private over = false;
  private spawned: Promise<void> = Promise.resolve();

  constructor(options: ProcessesOptions) {
    this.options = options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.completed = promise;
    this.settle = { resolve, reject };
    promise.catch(() => {});
  }

  /** Resolves when all workers have opened their components and run, or when the topology is over before. */
  async open(): Promise<void> {
    // What happens to workers after that is told by `completed`.
    await Promise.race([this.launch(), this.completed.catch(() => {})]);
  }

  /** Workers, counted from 1, that `open` waits for. */
  get absent(): number[] {
    const [waitedFor] = this.waiting.keys();
    return waitedFor === undefined ? [] : this.silent(waitedFor);
  }

  /**
   * Results are as large as the topology makes them; without them only counters travel. A worker that is deep in one long `execute`
   * is left out after a while, and `onError` told.
   */
  async report(results: boolean): Promise<TopologyReport> {
    const asked = this.ask("report", (round) => ({ type: "ask-report", round, results }));
    const { round } = this;
    const timer = this.options.runtime.timers.after(answerMsMax, () => this.goOnWithout(`report ${round}`));
    const answers = await asked.finally(() => timer.cancel());
    const reports = answers.flatMap((answer): WorkerReport[] => (answer.type === "report" ? [answer.report] : []));
    return mergeReports(reports, this.options.runtime.clock.monotonicMs() - this.startedMs);
  }

  /** What code of the author's did in this process, where it only makes the topology. */
  fail(error: StormLabError): void {
    this.end(error);
  }

  /** Orderly; a worker that does not end in time is killed. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.over = true;
    this.poll?.cancel();
    await this.spawned.catch(() => {});
    this.tellAll({ type: "stop" });
    const killer = this.options.runtime.timers.after(closeMsMax, () => {
      this.options.onError(closingLate(`worker process ${[...this.living].join(" and ")}`));
      for (const child of this.children) child.signal("SIGKILL");
    });
    await Promise.all(this.children.map((child) => child.exited));
    killer.cancel();
  }

  private async launch(): Promise<void> {
    const listening = this.awaitAll("listening");
    this.spawned = this.spawn();
    await this.spawned;
    const addresses = (await listening).map((answer) => (answer.type === "listening" ? answer.address : ""));
    const opened = this.awaitAll("opened");
    this.tellAll({ type: "connect", addresses });
    await opened;
    this.startedMs = this.options.runtime.clock.monotonicMs();
    this.tellAll({ type: "start" });
    this.watchCompletion();
  }

  private async spawn(): Promise<void> {
    const { runtime, order, workerCommand, onOutput } = this.options;
    for (let worker = 0; worker < order.workers && !this.stopping; worker++) {
      const child = await runtime.processes.spawn({
        program: "storm-lab",
        args: [workerCommand],
        channel: true,
        output: "pipe",
      });
      this.children.push(child);
      this.living.add(worker + 1);
      child.onOutput(onOutput);
      child.onMessage((message) => this.heard(worker, message as FromWorker));
      child.exited.then(({ code, signal }) => this.exited(worker, code, signal)).catch(() => {});
      child.send({ type: "load", order: { ...order, worker } } satisfies ToWorker);
    }
  }

  private watchCompletion(): void {
    const completion = new Completion();
    let asking = false;
    this.poll = this.options.runtime.timers.every(completionPollMs, () => {
      if (asking) return;
      asking = true;
      this.ask("progress", (round) => ({ type: "ask-progress", round }))
        .then((answers) => {
          asking = false;
          const progress = answers.flatMap((answer) => (answer.type === "progress" ? [answer.progress] : []));
          if (!completion.check(progress)) return;
          this.poll?.cancel();
          this.over = true;
          this.settle.resolve();
        })
        .catch(() => {});
    });
  }

  private ask(type: "progress" | "report", question: (round: number) => ToWorker): Promise<FromWorker[]> {
    const round = ++this.round;
    const answers = this.awaitAll(`${type} ${round}`);
    this.tellAll(question(round));
    return answers;
  }

  /** One message of this kind from each worker, in the order of their numbers. */
  private awaitAll(kind: string): Promise<FromWorker[]> {
    const waiting = Promise.withResolvers<FromWorker[]>();
    this.answers.set(kind, []);
    this.waiting.set(kind, waiting);
    return waiting.promise;
  }

  private goOnWithout(kind: string): void {
    const answers = this.answers.get(kind) ?? [];
    this.options.onError(silentWorkers(this.silent(kind)));
    this.waiting.get(kind)?.resolve(answers);
    this.waiting.delete(kind);
    this.answers.delete(kind);
  }

  /** Workers, counted from 1, that have not said it. */
  private silent(kind: string): number[] {
    const answers = this.answers.get(kind) ?? [];
    return this.children.flatMap((_, worker) => (answers[worker] === undefined ? [worker + 1] : []));
  }

  private heard(worker: number, message: FromWorker): void {
    if (message.type === "failed") this.end(errorFromData(message.error));
    if (message.type === "reported") this.options.onError(errorFromData(message.error));
    const kind = "round" in message ? `${message.type} ${message.round}` : message.type;
    const answers = this.answers.get(kind);
    if (answers === undefined) return;
    answers[worker] = message;
    if (answers.filter((answer) => answer !== undefined).length < this.options.order.workers) return;
    this.waiting.get(kind)?.resolve(answers);
    this.waiting.delete(kind);
    this.answers.delete(kind);
  }

  private exited(worker: number, code: number | null, signal: string | null): void {
    this.living.delete(worker + 1);
    if (this.stopping) return;
    const how = signal === null ? `with exit code ${code}` : `by ${signal}`;
    this.end(
      new StormLabError({
        code: "SL-WORKER-DIED",
        what: `worker process ${worker + 1} of ${this.options.order.workers} ended ${how}`,
        why: "it was killed, ran out of memory, or code of the topology called process.exit",
        hint: "look at what it printed above; on a cluster its supervisor would start it again",
        exitCode: exitCodes.refused,
      }),
    );
  }

  private end(error: StormLabError): void {
    this.poll?.cancel();
    if (this.over) this.lateFailure ??= error;
    this.over = true;
    this.settle.reject(error);
    // Who asked for a report would wait in vain for the worker that failed.
    for (const [kind, { reject }] of this.waiting) if (kind.startsWith("report ")) reject(error);
  }

  private tellAll(message: ToWorker): void {
    for (const child of this.children) child.send(message);
  }
}

function silentWorkers(workers: readonly number[]): StormLabError {
  return new StormLabError({
    code: "SL-WORKER-SILENT",
    what: `worker process ${workers.join(", ")} has not answered for ${answerMsMax / 1000} s; its counts are missing here`,
    why: "an execute or nextTuple of the topology does not come back, and nothing else of its worker runs meanwhile",
    hint: "split long computations, or await between their parts",
    exitCode: exitCodes.refused,
  });
}
