/** What stands beside the wizard's questions. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultAnswers } from "../../../src/tui/wizard/answers.ts";
import { questionOf } from "../../../src/tui/wizard/questions.ts";
import { wizardSay } from "../../../src/tui/wizard/texts.ts";
import { changeLines, paneLines, planLines, widthOf, wrapped } from "../../../src/tui/wizard/view.ts";

const say = wizardSay("en", false);
const large = { ...defaultAnswers, zookeeper: 5, supervisors: 30, name: "x".repeat(32), ending: "up" } as const;

describe("the pane of the wizard", () => {
  it("fits its width in both languages, and marks what the question decides", () => {
    for (const language of ["en", "zh"] as const)
      for (const { text } of paneLines(large, null, wizardSay(language, false), 38))
        assert.ok(widthOf(text) <= 38, text);
    const marked = paneLines(large, questionOf("sizes"), say, 38).filter(({ marked: isMarked }) => isMarked);
    assert.deepEqual(
      marked.map(({ text }) => text.trim()),
      ["zookeeper:", "servers: 5", "nimbus:", "count: 1", "supervisors:", "count: 30", "slots: 4"],
    );
  });

  it("tells a narrow terminal what an answer has changed", () => {
    assert.deepEqual(changeLines({ ...defaultAnswers, slots: 2 }, questionOf("sizes"), say, 80), [
      "zookeeper: {servers: 3}   nimbus: {count: 1}   supervisors: {count: 2, slots: 2}",
      "the same as  storm-lab init --yes --slots 2",
    ]);
    assert.equal(changeLines(defaultAnswers, questionOf("name"), say, 78)[0], "name: classroom");
  });

  it("shows the plan node by node, and leaves room for the question", () => {
    assert.deepEqual(planLines(defaultAnswers, say), [
      "node   runs",
      "node1  zookeeper1, nimbus1, drpc1, ui1",
      "node2  zookeeper2, supervisor1 (4 slots)",
      "node3  zookeeper3, supervisor2 (4 slots)",
    ]);
    assert.ok(planLines(large, say).length <= 10);
  });

  it("breaks Chinese between characters and counts two columns for each", () => {
    assert.equal(widthOf("a中文"), 5);
    assert.deepEqual(wrapped("中文字 and words", 7), ["中文字", "and", "words"]);
    assert.deepEqual(wrapped("中文字符", 4), ["中文", "字符"]);
  });
});
