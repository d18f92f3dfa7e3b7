/**
 * Counts words byte by byte, independent of the labs: for tests that ask whether a word count is right. A word is what lies between
 * U+0020, line feeds and the ends of the text; a carriage return before a line feed or at the end belongs to no word.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { brotliDecompressSync, gunzipSync } from "node:zlib";

export interface WordCount {
  readonly lines: number;
  readonly words: number;
  readonly counts: ReadonlyMap<string, number>;
}

export const sampleTextUrl = new URL("../../labs/word-count/text/sample.txt", import.meta.url);
export const bundledTextUrl = new URL("../../labs/word-count/text/text.txt.br", import.meta.url);

/**
 * What the bundled text must give. Computed without any of this project's code, on the unpacked text:
 *
 *     tr ' ' '\n' <text.txt | grep -v '^$' | sort | uniq -c | sed -E 's/^ *([0-9]+) (.*)$/\2\t\1/' >rows    # with LC_ALL=C
 *     sha256sum rows; wc -l rows; awk '{n += $NF} END {print n}' rows; grep -c '' text.txt
 *     grep -P '^(the|The|whale,|Ishmael\.|道可道，.*|疑是地上霜。)\t' rows
 */
export const bundledTextTotals = {
  lines: 95_319,
  words: 1_131_840,
  distinctWords: 57_406,
  sha256: "12b840a025b664d6dd81c03a5dfc7798464215dc43f2d1a24d43e6a08673c7e0",
  samples: {
    the: 96301,
    The: 7207,
    "whale,": 166,
    "Ishmael.": 3,
    "道可道，非常道。名可名，非常名。": 1,
    "疑是地上霜。": 1,
  },
} as const;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;

export function countWords(text: Uint8Array): WordCount {
  const byBytes = new Map<string, number>();
  let lines = 0;
  let words = 0;
  let wordStart = 0;
  for (let at = 0; at <= text.length; at++) {
    const atEnd = at === text.length;
    const byte = atEnd ? lineFeed : (text[at] as number);
    if (byte !== space && byte !== lineFeed) continue;
    const wordEnd = byte === lineFeed && at > wordStart && text[at - 1] === carriageReturn ? at - 1 : at;
    if (wordEnd > wordStart) {
      const key = Buffer.from(text.buffer, text.byteOffset + wordStart, wordEnd - wordStart).toString("latin1");
      byBytes.set(key, (byBytes.get(key) ?? 0) + 1);
      words++;
    }
    wordStart = at + 1;
    if (byte === lineFeed && !(atEnd && (at === 0 || text[at - 1] === lineFeed))) lines++;
  }
  return { lines, words, counts: decoded(byBytes) };
}

/** `path` may end in .br or .gz. */
export function countWordsOfFile(path: string | URL): WordCount {
  const bytes = readFileSync(path);
  const name = String(path);
  if (name.endsWith(".br")) return countWords(brotliDecompressSync(bytes));
  return countWords(name.endsWith(".gz") ? gunzipSync(bytes) : bytes);
}

/** SHA-256 over the rows `word TAB count LF` in the order of their bytes. */
export function digestOf(counts: ReadonlyMap<string, number>): string {
  const rows = [...counts].map(([word, count]) => Buffer.from(`${word}\t${count}\n`)).sort(Buffer.compare);
  return createHash("sha256").update(Buffer.concat(rows)).digest("hex");
}

/** Several byte sequences may be the same text once what is no UTF-8 has become U+FFFD. */
function decoded(byBytes: ReadonlyMap<string, number>): Map<string, number> {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  const counts = new Map<string, number>();
  for (const [key, count] of byBytes) {
    const word = decoder.decode(Buffer.from(key, "latin1"));
    counts.set(word, (counts.get(word) ?? 0) + count);
  }
  return counts;
}
