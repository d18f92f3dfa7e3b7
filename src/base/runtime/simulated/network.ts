/** Who reaches whom, and how long it takes: the part of the network that sockets and links share. */

import type { SeededRandom } from "../../random.ts";
import type { SimulatedHost } from "./host.ts";
import type { NetworkProfile, Range } from "./profile.ts";
import type { Scheduler } from "./scheduler.ts";

export class Network {
  readonly scheduler: Scheduler;
  readonly random: SeededRandom;
  profile: NetworkProfile;
  /** Ordered pairs of hosts that nothing passes between. */
  readonly #blocked = new Set<number>();
  readonly #delays = new Map<number, Range>();

  constructor(scheduler: Scheduler, random: SeededRandom, profile: NetworkProfile) {
    this.scheduler = scheduler;
    this.random = random;
    this.profile = profile;
  }

  block(from: SimulatedHost, to: SimulatedHost): void {
    this.#blocked.add(pair(from, to));
  }

  unblock(from: SimulatedHost, to: SimulatedHost): void {
    this.#blocked.delete(pair(from, to));
  }

  unblockAll(): void {
    this.#blocked.clear();
  }

  /** One way; without a range the profile's again. */
  setDelay(from: SimulatedHost, to: SimulatedHost, delayMs: Range | undefined): void {
    if (delayMs === undefined) this.#delays.delete(pair(from, to));
    else this.#delays.set(pair(from, to), delayMs);
  }

  /** Whether what leaves `from` now gets to `to`. */
  passes(from: SimulatedHost, to: SimulatedHost): boolean {
    if (from === to) return from.up;
    return from.up && to.up && (this.#blocked.size === 0 || !this.#blocked.has(pair(from, to)));
  }

  /** Whether a segment is lost by chance. */
  loses(from: SimulatedHost, to: SimulatedHost): boolean {
    return from !== to && this.profile.loss > 0 && this.random.chance(this.profile.loss);
  }

  delayUs(from: SimulatedHost, to: SimulatedHost): number {
    const { profile, random } = this;
    const own = this.#delays.size === 0 ? undefined : this.#delays.get(pair(from, to));
    const range = own ?? (from === to ? profile.loopbackMs : profile.delayMs);
    return random.between(range.min, range.max) * 1000;
  }

  /** Something that is sent once and never again, such as a reset. */
  sendOnce(from: SimulatedHost, to: SimulatedHost, arrive: () => void): void {
    const { scheduler } = this;
    if (!this.passes(from, to) || this.loses(from, to)) return;
    scheduler.at(scheduler.nowUs + this.delayUs(from, to), () => {
      if (this.passes(from, to)) arrive();
    });
  }
}

function pair(from: SimulatedHost, to: SimulatedHost): number {
  return from.index * 65_536 + to.index;
}
