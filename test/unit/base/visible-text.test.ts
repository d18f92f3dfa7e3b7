/** Nothing of somebody else's text steers a terminal. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { visiblePrint, visibleText } from "../../../src/base/index.ts";

const esc = "\u001b";
/** What terminals act upon, but for ESC [ … m and tabs. */
const steering = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u;

describe("a text of others", () => {
  const texts: ReadonlyArray<readonly [text: string, shown: string]> = [
    ["plain, 道可道, 👩‍🚀, é", "plain, 道可道, 👩‍🚀, é"],
    [`${esc}[31mred${esc}[2J`, String.raw`\x1b[31mred\x1b[2J`],
    ["a\nb\r\nc\td\0", String.raw`a\nb\r\nc\td\x00`],
    ["\u007f\u009b31m", String.raw`\x7f\x9b31m`],
    ["abc\u202edcba\u2066", String.raw`abc\u202edcba\u2066`],
  ];
  for (const [text, shown] of texts) it(`is shown as ${shown}`, () => assert.equal(visibleText(text), shown));

  it("never steers, whatever it is", () => {
    const text = fc.string({ unit: "binary" });
    fc.assert(fc.property(text, (any) => !steering.test(visibleText(any))));
    fc.assert(
      fc.property(text, fc.string({ unit: fc.constantFrom(esc, "[", "m", "3", "1", "J", "\t", "x") }), (a, b) => {
        const shown = visiblePrint(a + b);
        return !steering.test(shown.replaceAll(new RegExp(`${esc}\\[[0-9:;]*m|\t`, "g"), ""));
      }),
    );
  });
});

describe("a line that a program printed", () => {
  it("keeps its tabs and its colours, which end with it", () => {
    assert.equal(visiblePrint("a\tb"), "a\tb");
    assert.equal(visiblePrint(`${esc}[1;31mred${esc}[m!`), `${esc}[1;31mred${esc}[m!${esc}[0m`);
    assert.equal(visiblePrint(`${esc}[2Jgone${esc}[31m`), `\\x1b[2Jgone${esc}[31m${esc}[0m`);
  });
});
