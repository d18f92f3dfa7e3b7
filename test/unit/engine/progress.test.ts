import assert from "node:assert/strict";
import { appendFile, readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { type LabEvent, noProgress, progressAfter } from "../../../labs/engine/progress.ts";
import { ProgressFile } from "../../../labs/engine/progress-file.ts";
import { realRuntime } from "../../../src/base/index.ts";
import { temporaryDirectory } from "../../kit/index.ts";

const lab = "five-minutes";
const started = { v: 1, atMs: 1, lab, event: "started", folder: "/f", cluster: null, content: "abc" } as const;
const begun = { v: 1, atMs: 2, lab, event: "step-begun", step: "up", baseline: [7] } as const;

function after(...events: readonly LabEvent[]) {
  return events.reduce(progressAfter, noProgress).labs.get(lab);
}

describe("progress in a lab", () => {
  it("is at the step that began last, with what was there before it", () => {
    const progress = after(started, begun);
    assert.equal(progress?.step, "up");
    assert.deepEqual(progress?.steps.get("up")?.baseline, [7]);
  });

  it("is done with a step when a check was met, and stays so", () => {
    const check = (atMs: number, met: boolean) =>
      ({ v: 1, atMs, lab, event: "checked", step: "up", met, seen: "x" }) as const;
    assert.equal(after(started, begun, check(3, false))?.steps.get("up")?.doneMs, null);
    assert.equal(after(started, begun, check(3, true), check(4, false))?.steps.get("up")?.doneMs, 3);
  });

  it("keeps a prediction and hints; a step that begins again forgets all but hints", () => {
    const events: LabEvent[] = [
      started,
      begun,
      { v: 1, atMs: 3, lab, event: "hinted", step: "up", hint: 2 },
      { v: 1, atMs: 4, lab, event: "predicted", step: "up", answer: "b" },
    ];
    assert.equal(after(...events)?.steps.get("up")?.prediction, "b");
    const again = after(...events, { v: 1, atMs: 5, lab, event: "step-reset", step: "up" })?.steps.get("up");
    assert.deepEqual([again?.prediction, again?.doneMs, again?.hints, again?.begunMs], [null, null, 2, 5]);
  });

  it("goes on where it was when the lab is started again, and begins anew after a reset", () => {
    assert.equal(after(started, begun, { ...started, atMs: 9, folder: "/g" })?.step, "up");
    assert.equal(after(started, begun, { ...started, atMs: 9, folder: "/g" })?.folder, "/g");
    assert.equal(after(started, begun, { v: 1, atMs: 9, lab, event: "lab-reset" })?.step, null);
  });

  it("ignores events of a lab that was never started", () => {
    assert.equal(after(begun), undefined);
  });
});

describe("the file of events", () => {
  it("is read back the same, past a line that a crash has torn", async () => {
    await using directory = await temporaryDirectory();
    const runtime = realRuntime({ name: "test", self: { command: [] } });
    const file = await ProgressFile.open(runtime, directory.join("labs"));
    await file.add({ lab, event: "started", folder: "/f", cluster: "c", content: "abc" });
    await appendFile(file.path, '{"v":1,"event":"step-be');
    await file.add({ lab, event: "step-begun", step: "up" });
    const again = await ProgressFile.open(runtime, directory.join("labs"));
    assert.equal(again.progress.labs.get(lab)?.step, "up");
    assert.equal(again.progress.current, lab);
    assert.equal((await readFile(file.path, "utf8")).split("\n").filter((line) => line.startsWith("{")).length, 3);
  });
});
