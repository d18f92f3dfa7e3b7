/** The last committed transactions in memory: what a learner that was away a short while is sent as DIFF. */
import { must } from "../../base/index.ts";
import type { Proposal } from "../../wire/zookeeper/index.ts";
import type { CommittedWindow } from "./database.ts";

/** With large transactions fewer are kept: memory has a bound whatever clients write. */
const committedBytesMax = 64 * 1024 * 1024;

export class CommittedRing implements CommittedWindow {
  #ring: (Proposal | null)[];
  #head = 0;
  #bytes = 0;
  length = 0;
  readonly #count: number;
  readonly #lastProcessed: () => number;

  /** `count`: how many are kept, commitLogCount. */
  constructor(count: number, lastProcessed: () => number) {
    this.#ring = new Array<Proposal | null>(count).fill(null);
    this.#count = count;
    this.#lastProcessed = lastProcessed;
  }

  get minZxid(): number {
    return this.length === 0 ? this.#lastProcessed() : this.at(0).header.zxid;
  }

  get maxZxid(): number {
    return this.length === 0 ? this.#lastProcessed() : this.at(this.length - 1).header.zxid;
  }

  at(index: number): Proposal {
    return must(this.#ring[(this.#head + index) % this.#count], `committed transaction ${index} of ${this.length}`);
  }

  push(proposal: Proposal): void {
    if (this.length === this.#count) this.#dropOldest();
    this.#ring[(this.#head + this.length) % this.#count] = proposal;
    this.length++;
    this.#bytes += proposal.bytes.length;
    while (this.#bytes > committedBytesMax && this.length > 1) this.#dropOldest();
  }

  clear(): void {
    this.#ring = new Array<Proposal | null>(this.#count).fill(null);
    this.#head = 0;
    this.#bytes = 0;
    this.length = 0;
  }

  #dropOldest(): void {
    this.#bytes -= this.at(0).bytes.length;
    this.#ring[this.#head] = null;
    this.#head = (this.#head + 1) % this.#count;
    this.length--;
  }
}
