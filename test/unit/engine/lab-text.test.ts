import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseLabText } from "../../../labs/engine/lab-text.ts";
import { foreignImports, labFaults } from "../../../labs/engine/verify.ts";
import { labTable } from "../../../labs/lab-table.ts";

const markdown = `# Title

About it.

- one goal
- another

## up: Bring it up

Type:

    storm-lab up

### hint
first

### hint
second

### why
because
`;

describe("a lab's text", () => {
  it("has a title, what it is about, goals, and steps with hints and a reason", () => {
    const text = parseLabText(markdown);
    assert.deepEqual([text.title, text.about, text.goals], ["Title", "About it.", ["one goal", "another"]]);
    const step = text.steps.get("up");
    assert.equal(step?.title, "Bring it up");
    assert.equal(step?.body, "Type:\n\n    storm-lab up");
    assert.deepEqual(step?.hints, ["first", "second"]);
    assert.equal(step?.why, "because");
  });
});

describe("what is wrong with a lab as written", () => {
  it("is told: doubled numbers, missing texts, too few hints", () => {
    const [lab] = labTable;
    if (lab === undefined) throw new Error("no labs");
    const text = parseLabText(markdown);
    const faults = labFaults([lab, lab], new Map([[lab.id, { en: text, zh: text }]]));
    assert.ok(faults.includes(`two labs are called ${lab.id}`));
    assert.ok(faults.includes(`${lab.id}: en.md: step up has 2 hints of 3`));
    assert.ok(faults.includes(`${lab.id}: zh.md does not tell step count`));
  });

  it("is told: imports of what is not published", () => {
    const file = (text: string) => new Map([["a.ts", new TextEncoder().encode(text)]]);
    assert.deepEqual(
      foreignImports(
        file('import {\n  x,\n} from "storm-lab";\nimport y from "./y.ts";\nexport class A {\n  b = "c";\n}'),
      ),
      [],
    );
    assert.deepEqual(foreignImports(file('import { x } from "../../src/base/index.ts";')), [
      "a.ts imports ../../src/base/index.ts",
    ]);
  });
});
