/**
 * One turn of a worker: its executors step one after the other, spouts first and then by depth, until there is nothing to do or it is
 * time to serve I/O. Then what was sent to other workers leaves.
 */
import type { Clock } from "../base/index.ts";
import type { Acks } from "./acks.ts";
import type { BoltExecutor, SpoutExecutor } from "./executor.ts";
import type { RemoteOutlet } from "./outputs.ts";

/** Tuples that an executor takes in one step. */
const stepTuplesMax = 1024;
/** A turn ends after this long, or this many steps, to serve I/O. */
const turnMsMax = 2;
const turnStepsMax = 64;
/**
 * The same for a turn that has tuples for other workers: these wait for its end, and with a bound on pending tuples the workers would take
 * their turns one after the other instead of together. Shorter ones make more frames, each of which costs some 20 µs.
 */
const sendingTurnMsMax = 0.5;

export interface TurnsOptions {
  readonly clock: Clock;
  readonly acks: Acks;
  readonly spouts: readonly SpoutExecutor[];
  /** In the order of their depth. */
  readonly bolts: readonly BoltExecutor[];
  /** Ackers and event loggers. */
  readonly systemBolts: readonly BoltExecutor[];
  readonly remote: Pick<RemoteOutlet, "sending" | "flush">;
}

export class Turns {
  /** When the step under way began: the clock is too dear to be read for every root. */
  stepMs = 0;
  private readonly options: TurnsOptions;
  private busyMs = 0;
  private ended = false;

  constructor(options: TurnsOptions) {
    this.options = options;
  }

  /** True when there is more to do at once. */
  take(): boolean {
    const { clock, remote } = this.options;
    const startMs = clock.monotonicMs();
    this.stepMs = startMs;
    let progress = true;
    for (let steps = 0; progress && steps < turnStepsMax && !this.ended; steps++) {
      progress = this.stepAll();
      this.stepMs = clock.monotonicMs();
      if (this.stepMs - startMs >= (remote.sending ? sendingTurnMsMax : turnMsMax)) break;
    }
    remote.flush();
    this.busyMs += this.stepMs - startMs;
    return progress && !this.ended;
  }

  /** No executor steps any more, in this turn or another. */
  end(): void {
    this.ended = true;
  }

  /** Time that turns have taken since the last call. */
  takeBusyMs(): number {
    const { busyMs } = this;
    this.busyMs = 0;
    return busyMs;
  }

  private stepAll(): boolean {
    const { spouts, bolts, systemBolts, acks } = this.options;
    let progress = false;
    for (let i = 0; i < spouts.length && !this.ended; i++) {
      if ((spouts[i] as SpoutExecutor).enter(stepTuplesMax)) progress = true;
    }
    for (let i = 0; i < bolts.length && !this.ended; i++) {
      if ((bolts[i] as BoltExecutor).enter(stepTuplesMax)) progress = true;
    }
    acks.flush();
    for (let i = 0; i < systemBolts.length; i++)
      if ((systemBolts[i] as BoltExecutor).step(stepTuplesMax)) progress = true;
    return progress;
  }
}
