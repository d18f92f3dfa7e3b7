import assert from "node:assert/strict";
import { test } from "node:test";
import { bundledTextTotals, bundledTextUrl, countWords, countWordsOfFile, digestOf } from "../../kit/word-count.ts";

test("the independent count agrees with the totals that other programs computed", () => {
  const { lines, words, counts } = countWordsOfFile(bundledTextUrl);
  assert.equal(lines, bundledTextTotals.lines);
  assert.equal(words, bundledTextTotals.words);
  assert.equal(counts.size, bundledTextTotals.distinctWords);
  assert.equal(digestOf(counts), bundledTextTotals.sha256);
});

test("what a word is", () => {
  const countsOf = (text: string) => Object.fromEntries(countWords(Buffer.from(text)).counts);
  assert.deepEqual(countsOf(""), {});
  assert.deepEqual(countsOf(" a  b "), { a: 1, b: 1 });
  assert.deepEqual(countsOf("a\r\nA a,\r"), { a: 1, A: 1, "a,": 1 });
  assert.deepEqual(countsOf("a\r\r\nb\rc\td"), { "a\r": 1, "b\rc\td": 1 });
  assert.deepEqual(countsOf("道\u3000可 道\n"), { "道\u3000可": 1, 道: 1 });
  const invalid = countWords(Buffer.from("\xff \xfe", "latin1"));
  assert.deepEqual([...invalid.counts], [["\ufffd", 2]]);
});

test("lines are counted whether or not the last one has an end", () => {
  const linesOf = (text: string) => countWords(Buffer.from(text)).lines;
  assert.deepEqual(["", "\n", "a", "a\n", "a\nb", "\r\n\r\n"].map(linesOf), [0, 1, 1, 1, 2, 2]);
});
