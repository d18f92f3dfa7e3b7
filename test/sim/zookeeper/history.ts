/**
 * What the clients of one simulated ensemble were told, and every contradiction found in it. Clients and servers of the
 * simulation share this one object: it stands outside of the world and sees all of it.
 */

export class History {
  readonly violations: string[] = [];
  readonly counts = { writes: 0, reads: 0, lost: 0, refused: 0, sessions: 0, expired: 0, events: 0 };
  /** The highest zxid of a write that a client has been told of. */
  ackedZxid = 0;
  /** Ids of appends that were acknowledged, by list. */
  readonly appended = new Map<string, string[]>();
  /** Sequential names that were acknowledged, with their zxids. */
  readonly sequential: { readonly path: string; readonly zxid: number }[] = [];
  /** Values that a write was refused with certainty: they may never appear. */
  readonly refusedValues = new Set<string>();
  readonly #valueAt = new Map<string, string>();

  violate(text: string): void {
    if (this.violations.length < 20) this.violations.push(text);
  }

  /** A write that was invoked when `floorZxid` was the highest acknowledged one has been acknowledged. */
  acked(what: string, zxid: number, floorZxid: number): void {
    this.counts.writes++;
    if (zxid <= floorZxid) {
      this.violate(`${what} got zxid ${hex(zxid)}, though ${hex(floorZxid)} had been acknowledged before it began`);
    }
    if (zxid > this.ackedZxid) this.ackedZxid = zxid;
  }

  /** Every read and every write of a node's version must tell of the same value. */
  saw(path: string, version: number, mzxid: number, value: string): void {
    for (const key of [`${path} version ${version}`, `${path} mzxid ${hex(mzxid)}`]) {
      const before = this.#valueAt.get(key);
      if (before === undefined) this.#valueAt.set(key, value);
      else if (before !== value) this.violate(`${key} was "${tail(before)}" and is "${tail(value)}"`);
    }
  }
}

export function hex(zxid: number): string {
  return `0x${zxid.toString(16)}`;
}

function tail(value: string): string {
  return value.length > 60 ? `…${value.slice(-60)}` : value;
}
