/**
 * Follows something in ZooKeeper: reads it at once, when a watch fires and every so often besides. The reading is the truth; a
 * watch only makes it sooner, so a lost one costs a delay and nothing else.
 */
import { messageOf, type Runtime, type Timer } from "../base/index.ts";

export interface FollowOptions<T> {
  /** What is followed, for the log: `assignments`. */
  readonly name: string;
  /** `watch` is to be handed to the reads whose answer the next change outdates. */
  readonly read: (watch: () => void) => Promise<T>;
  readonly pollMs: number;
  /** Gets every reading, changed or not, one at a time: the next one is made after its promise is settled. */
  readonly onValue: (value: T) => void | Promise<void>;
}

export interface Following {
  /** Reads again now. */
  refresh(): void;
  /** No `onValue` begins after it. */
  stop(): void;
}

/** After a failed reading, before the next. */
const troubleMs = 1000;

export function follow<T>(runtime: Runtime, options: FollowOptions<T>): Following {
  const follower = new Follower(runtime, options);
  follower.refresh();
  return follower;
}

class Follower<T> implements Following {
  readonly #runtime: Runtime;
  readonly #options: FollowOptions<T>;
  /** One function for all reads, so that the client arms it once. */
  readonly #watch = () => this.refresh();
  #timer: Timer | null = null;
  #reading = false;
  #again = false;
  #stopped = false;
  #inTrouble = false;

  constructor(runtime: Runtime, options: FollowOptions<T>) {
    this.#runtime = runtime;
    this.#options = options;
  }

  refresh(): void {
    if (this.#stopped) return;
    this.#again = this.#reading;
    if (!this.#reading) void this.#read();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #read(): Promise<void> {
    this.#timer?.cancel();
    this.#reading = true;
    let nextMs = this.#options.pollMs;
    try {
      const value = await this.#options.read(this.#watch);
      if (this.#stopped) return;
      this.#inTrouble = false;
      await this.#options.onValue(value);
    } catch (error) {
      nextMs = Math.min(nextMs, troubleMs);
      this.#complain(error);
    } finally {
      this.#reading = false;
    }
    if (this.#stopped) return;
    if (this.#again) this.refresh();
    else this.#timer = this.#runtime.timers.after(nextMs, this.#watch);
  }

  #complain(error: unknown): void {
    if (this.#inTrouble || this.#stopped) return;
    this.#inTrouble = true;
    this.#runtime.log.warn(`Could not follow ${this.#options.name}: ${messageOf(error)}`);
  }
}
