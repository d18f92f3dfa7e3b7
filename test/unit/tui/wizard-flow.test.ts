/** The wizard's core: whatever is answered, and however often one goes back, a valid cluster.yaml comes out, and flags say the same. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseClusterFile } from "../../../provision/index.ts";
import { commandOf, defaultAnswers, fileOf, footprintOf, specOf } from "../../../src/tui/wizard/answers.ts";
import { answersGiven } from "../../../src/tui/wizard/flags.ts";
import { beginFlow, currentQuestion, type Flow, replied } from "../../../src/tui/wizard/flow.ts";
import { freeName, questions } from "../../../src/tui/wizard/questions.ts";
import { wizardSay } from "../../../src/tui/wizard/texts.ts";

const say = wizardSay("en", false);
const surroundings = { freeBlock: 12_200, classicFault: null };

describe("the flow of the wizard", () => {
  it("has at most seven questions, each with an answer that can be taken", () => {
    assert.ok(questions.length <= 7);
    let flow = begin();
    while (currentQuestion(flow) !== null) flow = answer(flow, currentQuestion(flow)?.textOf(flow.answers) ?? "");
    assert.deepEqual(flow.answers, defaultAnswers);
  });

  it("offers only choices that it takes itself", () => {
    for (const question of questions)
      for (const { text } of question.choices(surroundings, defaultAnswers, say)) {
        const read = question.read(text, defaultAnswers, say);
        assert.ok(!("fault" in read), `${question.key}: ${text}`);
        assert.equal(question.textOf(read), text);
      }
  });

  it("stays where it is with what it cannot take, and says why", () => {
    const flow = answer(begin(), "No Name");
    assert.equal(flow.at, 0);
    assert.match(flow.fault ?? "", /1 to 32 of a-z/);
    assert.deepEqual(flow.answers, defaultAnswers);
    const sizes = answer(answer(begin(), "mine"), "3 1 2");
    assert.equal(currentQuestion(sizes)?.key, "sizes");
    assert.match(sizes.fault ?? "", /such as 3 1 2x4/);
  });

  it("goes back with the answer that was given, and not before the first question", () => {
    const there = answer(answer(begin(), "mine"), "5 2 4x2");
    const back = replied(there, { kind: "back" }, say);
    assert.equal(currentQuestion(back)?.key, "sizes");
    assert.equal(currentQuestion(back)?.textOf(back.answers), "5 2 4x2");
    assert.equal(replied(begin(), { kind: "back" }, say).at, 0);
  });

  it("asks nothing that flags have answered, and lets no answer change it", () => {
    const flow = beginFlow(defaultAnswers, { name: "mine", supervisors: 7, drpc: 0, ui: 1 });
    assert.deepEqual(flow.asked, ["sizes", "pace", "ports", "ending"]);
    const next = answer(flow, "1 1 1x2");
    assert.deepEqual(next.answers.supervisors, 7);
    assert.deepEqual(next.answers.slots, 2);
  });

  it("gives a valid file, and the same bytes by flags, after any sequence of answers and steps back", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text(), { freq: 4 }), { maxLength: 40 }), async (steps) => {
        let flow = begin();
        for (const step of steps)
          flow = step === null ? replied(flow, { kind: "back" }, say) : answer(flow, step.trim());
        const file = fileOf(flow.answers);
        assert.deepEqual(await parseClusterFile(file, "cluster.yaml"), specOf(flow.answers));
        assert.equal(await fileByFlags(commandOf(flow.answers)), file);
      }),
    );
  });
});

describe("the estimate of memory", () => {
  it("grows with every daemon and every slot", () => {
    const usual = footprintOf(defaultAnswers);
    assert.equal(usual.processes, 8);
    for (const key of ["zookeeper", "nimbus", "supervisors", "drpc", "ui"] as const)
      assert.ok(footprintOf({ ...defaultAnswers, [key]: defaultAnswers[key] + 1 }).idleMb > usual.idleMb, key);
    const more = footprintOf({ ...defaultAnswers, slots: defaultAnswers.slots + 1 });
    assert.equal(more.idleMb, usual.idleMb);
    assert.ok(more.fullMb > usual.fullMb);
  });
});

describe("freeName", () => {
  it("numbers names that are taken", () => {
    assert.equal(freeName([], "a"), "a");
    assert.equal(freeName(["b"], "a"), "a");
    assert.equal(freeName(["a", "a-2"], "a"), "a-3");
  });
});

function begin(): Flow {
  return beginFlow(defaultAnswers, {});
}

function answer(flow: Flow, text: string): Flow {
  return replied(flow, { kind: "answer", text }, say);
}

/** What people type: right, nearly right, and wrong. */
function text(): fc.Arbitrary<string> {
  const numbers = fc.tuple(fc.nat(10), fc.nat(6), fc.nat(40), fc.nat(60));
  return fc.oneof(
    fc.constantFrom(
      ...questions.flatMap((question) => question.choices(surroundings, defaultAnswers, say)).map((c) => c.text),
    ),
    numbers.map(([zookeeper, nimbus, supervisors, slots]) => `${zookeeper} ${nimbus} ${supervisors}x${slots}`),
    fc.stringMatching(/^[a-z0-9-]{0,34}$/),
    fc.nat(70_000).map(String),
    fc.string(),
  );
}

/** As the command line reads these words. */
async function fileByFlags(words: readonly string[]): Promise<string> {
  const options: Record<string, string | boolean> = {};
  for (const [index, word] of words.entries())
    if (word.startsWith("--"))
      options[word.slice(2)] = words[index + 1]?.startsWith("--") === false ? (words[index + 1] ?? "") : true;
  const runtime = undefined as never; // only --ports free looks at the world
  return fileOf({ ...defaultAnswers, ...(await answersGiven(runtime, options)) });
}
