/** Which language is spoken, and what is said in it. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { languageOf, speaker } from "../../../src/language/index.ts";

it("speaks the language that was asked for, else that of the locale, else English", () => {
  assert.equal(languageOf("zh", { LANG: "en_GB.UTF-8" }), "zh");
  assert.equal(languageOf(undefined, { LANG: "zh_CN.UTF-8" }), "zh");
  assert.equal(languageOf(undefined, { LANG: "zh_CN.UTF-8", LC_ALL: "C" }), "en");
  assert.equal(languageOf(undefined, { LC_ALL: "", LC_MESSAGES: "zh_TW", LANG: "en_US" }), "zh");
  assert.equal(languageOf(undefined, { STORM_LAB_LANG: "en", LANG: "zh_CN" }), "en");
  assert.equal(languageOf(undefined, { LANG: "zha_CN" }), "en");
  assert.equal(languageOf(undefined, {}), "en");
});

it("fills names by their values and keeps what has none", () => {
  const catalogue = { up: { en: "{count} of {total} {what}", zh: "{total} 个中的 {count} 个" } };
  assert.equal(speaker(catalogue, "en")("up", { count: 1, total: 3 }), "1 of 3 {what}");
  assert.equal(speaker(catalogue, "zh")("up", { count: 1, total: 3 }), "3 个中的 1 个");
});
