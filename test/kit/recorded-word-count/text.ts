/** A text of any length that everybody can make for himself: sentence `index` of it. */
const vocabulary = 60;
const wordsMin = 3;
const wordsSpread = 6;

export function sentenceOf(index: number): string[] {
  const length = wordsMin + (mixed(index) % wordsSpread);
  return Array.from({ length }, (_, position) => `w${mixed(index * 31 + position + 7) % vocabulary}`);
}

/** Knuth's multiplicative hash: neighbours land far apart. */
function mixed(number: number): number {
  return (Math.imul(number + 1, 0x9e3779b1) >>> 8) & 0xffff;
}
