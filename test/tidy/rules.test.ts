/** Every rule holds in every file, and every rule is shown to catch what it forbids. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { codeFiles, type SourceFile, sourceFile, textFiles } from "./repository.ts";
import type { Rule } from "./rule.ts";
import { doorRules } from "./rules/doors.ts";
import { languageRules } from "./rules/language.ts";
import { nameRules } from "./rules/names.ts";
import { outsideWorldRules } from "./rules/outside-world.ts";
import { sizeRules } from "./rules/size.ts";
import { wordRules } from "./rules/words.ts";

const codeRules = [...doorRules, ...sizeRules, ...outsideWorldRules, ...languageRules, ...nameRules];

describe("every file of code", () => {
  holds(codeRules, codeFiles);
});

describe("every file of text", () => {
  holds(wordRules, textFiles);
});

describe("the rule that every file", () => {
  for (const { name, check, bad, good } of [...codeRules, ...wordRules]) {
    it(`${name}, catches what breaks it`, () => {
      assert.ok(bad.length > 0 && good.length > 0);
      for (const [path, text] of bad) assert.notDeepEqual(check(sourceFile(path, text)), [], `${path}: ${text}`);
      for (const [path, text] of good) assert.deepEqual(check(sourceFile(path, text)), [], `${path}: ${text}`);
    });
  }
});

function holds(rules: readonly Rule[], files: readonly SourceFile[]): void {
  it("is found at all", () => assert.ok(files.length > 20, `${files.length} files`));
  for (const { name, check } of rules) {
    it(name, () => {
      const findings = files.flatMap((file) => check(file).map((finding) => `${file.path}: ${finding}`));
      assert.deepEqual(findings, []);
    });
  }
}
