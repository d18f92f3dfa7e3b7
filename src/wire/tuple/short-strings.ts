/**
 * Words come again and again. A direct-mapped table gives the string that was made for the same bytes before: no
 * allocation, and its hash is already known to the maps it is used in (measured: a third faster than making it anew).
 */

/** Longer strings seldom repeat. */
export const shortStringTableLimit = 24;

/** A power of two. 4,096 strings of 24 characters are some 200 KiB. */
const slots = 4096;

export class ShortStrings {
  readonly #table: string[] = new Array<string>(slots).fill("");

  /** The Latin-1 string at `position`; `length` ≤ `shortStringTableLimit`, and the bytes are there. */
  at(bytes: Buffer, position: number, length: number): string {
    let hash = length;
    for (let i = 0; i < length; i++) hash = (Math.imul(hash, 31) + bytes[position + i]!) | 0;
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    const known = this.#table[slot]!;
    if (known.length === length) {
      let i = 0;
      while (i < length && known.charCodeAt(i) === bytes[position + i]) i++;
      if (i === length) return known;
    }
    const made = bytes.toString("latin1", position, position + length);
    this.#table[slot] = made;
    return made;
  }
}
