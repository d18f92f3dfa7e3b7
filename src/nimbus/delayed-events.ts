/** What will happen to topologies after their delays: of one event of one topology the newest counts. Gone when the term is over. */
import type { Runtime, Timer } from "../base/index.ts";
import type { TopologyEvent } from "./topology-states.ts";

/** Timers hold no more; who waits for longer can ask again. */
const delaySecsMax = 2_000_000;

export class DelayedEvents {
  readonly #runtime: Runtime;
  readonly #timers = new Map<string, Timer>();

  constructor(runtime: Runtime, over: AbortSignal) {
    this.#runtime = runtime;
    over.addEventListener("abort", () => this.#clear(), { once: true });
  }

  arm(id: string, event: TopologyEvent, delaySecs: number, happen: () => void): void {
    const key = `${event} ${id}`;
    this.#timers.get(key)?.cancel();
    this.#runtime.log.info(`Delaying event ${event} for ${delaySecs} secs for ${id}`);
    const timer = this.#runtime.timers.after(Math.min(Math.max(0, delaySecs), delaySecsMax) * 1000, () => {
      if (this.#timers.get(key) === timer) this.#timers.delete(key);
      happen();
    });
    this.#timers.set(key, timer);
  }

  #clear(): void {
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
  }
}
