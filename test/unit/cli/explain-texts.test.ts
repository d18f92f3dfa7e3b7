/** Explanations in Chinese are of codes that exist, and are Chinese. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chinese, explainedIn } from "../../../src/cli/explain-texts.ts";
import { allErrorCodes } from "../../../src/cli/index.ts";

describe("explanations in Chinese", () => {
  it("are of codes that there are, each with its meaning in Chinese", () => {
    const names = Object.keys(chinese);
    assert.ok(names.length >= 40);
    assert.deepEqual(
      names.filter((name) => allErrorCodes[`SL-${name}`] === undefined),
      [],
    );
    for (const [name, { meaning, hint }] of Object.entries(chinese)) {
      assert.match(meaning, /\p{Script=Han}.*。$/u, name);
      assert.notEqual(hint, "", name);
    }
  });

  it("are there for every finding of the doctor", () => {
    const own = Object.keys(allErrorCodes).filter((code) => code.startsWith("SL-DOCTOR-"));
    assert.ok(own.length > 20);
    for (const code of own) assert.match(explainedIn("zh", code)?.meaning ?? "", /\p{Script=Han}/u, code);
  });

  it("are absent in English and for other codes", () => {
    assert.equal(explainedIn("en", "SL-USAGE"), null);
    assert.equal(explainedIn("zh", "SL-SIM-HOST"), null);
  });
});
