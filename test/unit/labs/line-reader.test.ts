import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LineReader, lineBytesMax } from "../../../labs/word-count/solution/line-reader.ts";

interface Line {
  readonly number: number;
  readonly text: string;
}

function read(reader: LineReader, chunks: readonly Uint8Array[]): Line[] {
  const lines: Line[] = [];
  const take = () => {
    for (let text = reader.next(); text !== undefined; text = reader.next()) {
      lines.push({ number: reader.lineNumber, text });
    }
  };
  for (const chunk of chunks) {
    reader.add(Buffer.from(chunk));
    take();
  }
  reader.end();
  take();
  return lines;
}

function textsOf(...chunks: string[]): string[] {
  const bytes = chunks.map((chunk) => Buffer.from(chunk));
  return read(new LineReader(0, 1), bytes).map((line) => line.text);
}

/** The rule said again in other words. */
function expectedLines(bytes: Uint8Array): string[] {
  const lines = Buffer.from(bytes).toString("latin1").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines.map((line) => Buffer.from(line.replace(/\r$/, ""), "latin1").toString("utf8"));
}

const lineBytes = fc.constantFrom(0x0a, 0x0a, 0x0d, 0x20, 0x61, 0xe4, 0xb8, 0xad, 0xff, 0xef, 0xbb, 0xbf);

test("lines end with LF or CR LF, and the last one needs no end", () => {
  assert.deepEqual(textsOf(""), []);
  assert.deepEqual(textsOf("\n"), [""]);
  assert.deepEqual(textsOf("a\nb\n"), ["a", "b"]);
  assert.deepEqual(textsOf("a\r\n\r\nb\r"), ["a", "", "b"]);
  assert.deepEqual(textsOf("a\r\r\nb\rc"), ["a\r", "b\rc"], "one CR is dropped, and only before the line's end");
  assert.deepEqual(textsOf("a\u2028b\u0085c"), ["a\u2028b\u0085c"], "no other character ends a line");
});

test("a byte order mark stays in the text, as Java leaves it", () => {
  assert.deepEqual(textsOf("\ufeffa\n"), ["\ufeffa"]);
});

test("chunks may part a character, and CR from LF", () => {
  const bytes = Buffer.from("道可道\r\n非常道");
  for (let cut = 0; cut <= bytes.length; cut++) {
    const lines = read(new LineReader(0, 1), [bytes.subarray(0, cut), bytes.subarray(cut)]);
    assert.deepEqual(
      lines.map((line) => line.text),
      ["道可道", "非常道"],
    );
  }
});

test("any bytes, in any chunks, for any number of tasks: each line once, by its number", () => {
  const chunks = fc.array(fc.array(lineBytes, { maxLength: 12 }));
  fc.assert(
    fc.property(chunks, fc.integer({ min: 1, max: 4 }), (parts, taskCount) => {
      const bytes = parts.map((part) => Uint8Array.from(part));
      const lines: Line[] = [];
      for (let task = 0; task < taskCount; task++) {
        const own = read(new LineReader(task, taskCount), bytes);
        assert.ok(own.every((line) => (line.number - 1) % taskCount === task));
        lines.push(...own);
      }
      lines.sort((a, b) => a.number - b.number);
      assert.deepEqual(
        lines.map((line) => line.text),
        expectedLines(Buffer.concat(bytes)),
      );
      assert.deepEqual(
        lines.map((line) => line.number),
        lines.map((_, index) => index + 1),
      );
    }),
    { numRuns: 500 },
  );
});

test("invalid UTF-8 becomes U+FFFD; own lines are counted, and every task knows the first bad one", () => {
  const bytes = Buffer.from("good\nb\xe4d\ngood\n\xff\xff\nbad \xe4\xb8\n", "latin1");
  const counts: number[] = [];
  for (let task = 0; task < 2; task++) {
    const reader = new LineReader(task, 2);
    const lines = read(reader, [bytes.subarray(0, 7), bytes.subarray(7)]);
    assert.equal(reader.firstInvalidLine, 2);
    counts.push(reader.invalidLines);
    if (task === 1) assert.deepEqual(lines.at(-1), { number: 4, text: "\ufffd\ufffd" });
    if (task === 0) assert.deepEqual(lines.at(-1), { number: 5, text: "bad \ufffd" });
  }
  assert.deepEqual(counts, [1, 2]);
});

test("U+FFFD that the text really has is not invalid", () => {
  const reader = new LineReader(0, 1);
  assert.equal(read(reader, [Buffer.from("a\ufffdb\n")])[0]?.text, "a\ufffdb");
  assert.equal(reader.invalidLines, 0);
});

test("a line of many chunks comes whole; one that no string could hold is refused", () => {
  const reader = new LineReader(0, 1);
  const chunk = Buffer.alloc(1024 * 1024, "x");
  const [line] = read(reader, new Array<Buffer>(20).fill(chunk));
  assert.equal(line?.text.length, 20 * chunk.length);
  const endless = new LineReader(0, 1);
  const add = () => {
    for (let bytes = 0; bytes <= lineBytesMax; bytes += chunk.length) endless.add(chunk);
  };
  assert.throws(add, { name: "RangeError", message: /line 1 or a later one is longer than 268435456 bytes/ });
});
