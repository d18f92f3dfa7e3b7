/**
 * One direction of a connection: what is sent arrives in order and once, later when the network loses or cuts it, as
 * TCP's retransmission has it (RFC 6298: the time-out doubles), or the flow dies.
 */

import { assert } from "../../assert.ts";
import { BoundedQueue } from "../../queue.ts";
import type { SimulatedHost } from "./host.ts";
import type { Network } from "./network.ts";

export type FlowDeath = "ETIMEDOUT" | "ECONNRESET";

/** The window bounds what is on the way; this only bounds a flow of empty items. */
const itemsOnTheWay = 1 << 20;

export class Flow<T> {
  readonly #network: Network;
  readonly #from: SimulatedHost;
  readonly #to: SimulatedHost;
  readonly #arrive: (item: T) => void;
  readonly #die: (how: FlowDeath) => void;
  readonly #items = new BoundedQueue<T>(itemsOnTheWay);
  #lastArrivalUs = 0;
  /** Arrivals that were planned before a stall belong to an older epoch and do not count. */
  #epoch = 0;
  #stalled = false;
  #stalledSinceUs = 0;
  #wasCut = false;
  #retransmitMs = 0;
  #closed = false;

  constructor(
    network: Network,
    from: SimulatedHost,
    to: SimulatedHost,
    arrive: (item: T) => void,
    die: (how: FlowDeath) => void,
  ) {
    this.#network = network;
    this.#from = from;
    this.#to = to;
    this.#arrive = arrive;
    this.#die = die;
  }

  /** Items that were sent and have not arrived. */
  get onTheWay(): number {
    return this.#items.size;
  }

  /** `atUs`: when it leaves, not before now. */
  send(item: T, atUs: number): void {
    if (this.#closed) return;
    assert(this.#items.push(item), "a flow's window bounds what is on the way");
    if (!this.#stalled) this.#plan(atUs);
  }

  /** What is on the way is lost. */
  close(): void {
    this.#closed = true;
    this.#epoch++;
    this.#items.clear();
  }

  #plan(fromUs: number): void {
    const { scheduler } = this.#network;
    const epoch = this.#epoch;
    this.#lastArrivalUs = Math.max(this.#lastArrivalUs, fromUs + this.#network.delayUs(this.#from, this.#to));
    scheduler.at(this.#lastArrivalUs, () => {
      if (epoch === this.#epoch) this.#onArrival();
    });
  }

  #onArrival(): void {
    const cut = !this.#network.passes(this.#from, this.#to);
    if (cut || this.#network.loses(this.#from, this.#to)) this.#stall(cut);
    else this.#arrive(this.#items.shift() as T);
  }

  #stall(cut: boolean): void {
    const { scheduler, profile } = this.#network;
    this.#epoch++;
    this.#stalled = true;
    this.#wasCut = cut;
    this.#stalledSinceUs = scheduler.nowUs;
    this.#retransmitMs = profile.retransmitMs;
    scheduler.at(scheduler.nowUs + this.#retransmitMs * 1000, () => this.#retransmit());
  }

  #retransmit(): void {
    if (this.#closed) return;
    const { scheduler, profile, random } = this.#network;
    const { nowUs } = scheduler;
    const cut = !this.#network.passes(this.#from, this.#to);
    if (!cut && this.#wasCut && random.chance(profile.lostByPartition)) {
      this.#end("ECONNRESET");
      return;
    }
    this.#wasCut ||= cut;
    if (cut || this.#network.loses(this.#from, this.#to)) {
      if (nowUs - this.#stalledSinceUs > profile.unacknowledgedMs * 1000) {
        this.#end("ETIMEDOUT");
        return;
      }
      this.#retransmitMs = Math.min(this.#retransmitMs * 2, profile.retransmitMaxMs);
      scheduler.at(nowUs + this.#retransmitMs * 1000, () => this.#retransmit());
      return;
    }
    this.#stalled = false;
    for (let i = this.#items.size; i > 0; i--) this.#plan(nowUs);
  }

  #end(how: FlowDeath): void {
    this.close();
    this.#die(how);
  }
}
