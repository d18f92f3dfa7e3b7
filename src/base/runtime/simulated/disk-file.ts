/**
 * A file's bytes on a simulated disk: what the processes see, and what it takes to get back to what is on stable
 * storage. Pages that were never written take no memory, so preallocated files are cheap.
 */

import type { SeededRandom } from "../../random.ts";

const pageBytes = 4096;
/** The unit that a disk writes whole or not at all. */
const sectorBytes = 512;

/** A write or truncation since the last sync, with what it replaced. */
interface Change {
  readonly number: number;
  readonly position: number;
  /** What was there, within the old size. */
  readonly before: Uint8Array;
  readonly sizeBefore: number;
  /** What was written; `null` for a truncation to `position`. */
  readonly after: Uint8Array | null;
}

export class DiskFile {
  size = 0;
  modifiedMs: number;
  readonly #pages = new Map<number, Uint8Array>();
  #unsynced: Change[] = [];
  #changes = 0;

  constructor(modifiedMs: number) {
    this.modifiedMs = modifiedMs;
  }

  get allocatedBytes(): number {
    return this.#pages.size * pageBytes;
  }

  /** Names the changes made so far, for `synced`. */
  get changes(): number {
    return this.#changes;
  }

  read(into: Uint8Array, position: number): number {
    const count = Math.max(0, Math.min(into.length, this.size - position));
    for (let at = 0; at < count; ) {
      const offset = (position + at) % pageBytes;
      const length = Math.min(count - at, pageBytes - offset);
      const page = this.#pages.get(Math.floor((position + at) / pageBytes));
      if (page === undefined) into.fill(0, at, at + length);
      else into.set(page.subarray(offset, offset + length), at);
      at += length;
    }
    return count;
  }

  write(bytes: Uint8Array, position: number): void {
    const before = this.#copy(position, bytes.length);
    const change = { number: ++this.#changes, position, before, sizeBefore: this.size, after: bytes.slice() };
    this.#unsynced.push(change);
    this.#apply(change, bytes.length);
  }

  truncate(size: number): void {
    const before = this.#copy(size, Math.max(0, this.size - size));
    const change = { number: ++this.#changes, position: size, before, sizeBefore: this.size, after: null };
    this.#unsynced.push(change);
    this.#apply(change, 0);
  }

  /** Everything up to this change is on stable storage. */
  synced(changes: number): void {
    const first = this.#unsynced.findIndex((change) => change.number > changes);
    this.#unsynced = first < 0 ? [] : this.#unsynced.slice(first);
  }

  /** The power fails: of what was not synced, chance decides. */
  powerOff(random: SeededRandom, keepsUnsynced: boolean): void {
    const changes = this.#unsynced;
    this.#unsynced = [];
    if (changes.length === 0) return;
    for (let i = changes.length - 1; i >= 0; i--) this.#revert(changes[i]!);
    const fate = keepsUnsynced ? random.below(4) : 0;
    if (fate === 0) return;
    if (fate === 3) {
      this.#keepSectors(changes, random);
      return;
    }
    const kept = fate === 1 ? changes.length : random.below(changes.length + 1);
    for (let i = 0; i < kept; i++) this.#apply(changes[i]!, changes[i]!.after?.length ?? 0);
    const torn = changes[kept];
    if (torn?.after != null) this.#apply(torn, random.below(torn.after.length + 1));
  }

  /** The file has its last size, but of the bytes only some sectors arrived, in any order. */
  #keepSectors(changes: readonly Change[], random: SeededRandom): void {
    for (const change of changes) {
      if (change.after === null) {
        this.#apply(change, 0);
        continue;
      }
      const end = change.position + change.after.length;
      if (end > this.size) this.size = end;
      for (let at = change.position; at < end; ) {
        const to = Math.min(end, (Math.floor(at / sectorBytes) + 1) * sectorBytes);
        if (random.chance(0.5)) this.#put(change.after.subarray(at - change.position, to - change.position), at);
        at = to;
      }
    }
  }

  /** The first `count` bytes of a write, or a truncation. */
  #apply(change: Change, count: number): void {
    if (change.after === null) this.#cut(change.position);
    else if (count > 0) {
      this.#put(count === change.after.length ? change.after : change.after.subarray(0, count), change.position);
      this.size = Math.max(this.size, change.position + count);
    }
  }

  #revert(change: Change): void {
    if (change.after !== null) this.#cut(change.sizeBefore);
    this.size = change.sizeBefore;
    this.#put(change.before, change.position);
  }

  #put(bytes: Uint8Array, position: number): void {
    for (let at = 0; at < bytes.length; ) {
      const index = Math.floor((position + at) / pageBytes);
      const offset = (position + at) % pageBytes;
      const length = Math.min(bytes.length - at, pageBytes - offset);
      let page = this.#pages.get(index);
      if (page === undefined) {
        page = new Uint8Array(pageBytes);
        this.#pages.set(index, page);
      }
      page.set(bytes.subarray(at, at + length), offset);
      at += length;
    }
  }

  /** Sets the size; what lies behind a smaller one reads as zero when the file grows again. */
  #cut(size: number): void {
    if (size < this.size) {
      const last = Math.floor(size / pageBytes);
      for (const index of this.#pages.keys()) if (index > last) this.#pages.delete(index);
      this.#pages.get(last)?.fill(0, size % pageBytes);
    }
    this.size = size;
  }

  #copy(position: number, length: number): Uint8Array {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - position)));
    this.read(bytes, position);
    return bytes;
  }
}
