/** Golden texts: found among prose, compared, rewritten. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Block, partsOf, played } from "../../kit/golden-text.ts";

const spell = (_stage: null, { words, input }: Block) => {
  const letters = [...input.join("")].join(" ");
  return words.includes("loudly") ? letters.toUpperCase() : letters;
};
const text = `# Spelling

A verb may start a sentence, too:
spell is one.

spell loudly
storm
----
S T O R M

spell
ab
cd
----
a b c d

The end.
`;

describe("a golden text", () => {
  it("is prose, and blocks of verb, words, input and output", () => {
    assert.deepEqual(
      partsOf(text).filter((part) => typeof part !== "string"),
      [
        { line: 6, verb: "spell", words: ["loudly"], input: ["storm"], output: "S T O R M" },
        { line: 11, verb: "spell", words: [], input: ["ab", "cd"], output: "a b c d" },
      ],
    );
  });

  it("comes out as it went in when all is as it says, and with what came otherwise", async () => {
    assert.equal(await played(text, null, { spell }), text);
    assert.equal(await played(text.replace("S T O R M", "S T O R N\nand more"), null, { spell }), text);
    assert.equal(
      await played(text, null, { spell: () => "" }),
      text.replace("S T O R M\n", "").replace("a b c d\n", ""),
    );
  });

  it("cannot hold an empty line in an output: it would end it", async () => {
    const spaced = await played(text, null, { spell: () => "a  \n\n\nb\n" });
    assert.equal(await played(spaced, null, { spell: () => "a  \n\n\nb\n" }), spaced);
    assert.ok(spaced.includes("----\na\nb\n"));
  });

  it("tells of a verb that there is not", async () => {
    await assert.rejects(played(text, null, { toString: spell }), /line 6: no verb spell; there are toString/);
    await assert.rejects(played("constructor\n----\n", null, {}), /no verb constructor/);
  });
});
