import assert from "node:assert/strict";
import { PassThrough } from "node:stream";
import { finished } from "node:stream/promises";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readLines } from "../../../src/base/runtime/real/output-lines.ts";

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  const stream = new PassThrough();
  const lines: string[] = [];
  readLines(stream, (line) => lines.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await finished(stream, { writable: false });
  return lines;
}

describe("output lines", () => {
  it("are the same however the bytes are cut", async () => {
    const text = "one\r\ntwo 两\n\nthree\nno end";
    const bytes = new TextEncoder().encode(text);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 8 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((to, i) => bytes.subarray(places[i], to));
        assert.deepEqual(await linesOf(chunks.filter((chunk) => chunk.length > 0)), [
          "one",
          "two 两",
          "",
          "three",
          "no end",
        ]);
      }),
    );
  });

  it("come in pieces when there is no end of the line in sight", async () => {
    const lines = await linesOf([new Uint8Array(2_500_000).fill(97)]);
    assert.ok(lines.length >= 2 && lines.every((line) => line.length <= 1 << 20), `${lines.length}`);
    assert.equal(lines.join("").length, 2_500_000);
  });
});
