import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { repeatSettled } from "../../../src/base/runtime/real/settle.ts";

/** Runs the steps one after the other and gives what each had brought about before the next began. */
function observe(steps: readonly (() => void)[], done: () => number): Promise<number[]> {
  return new Promise((resolve) => {
    const seen: number[] = [];
    let next = 0;
    repeatSettled(() => {
      if (next > 0) seen.push(done());
      const step = steps[next++];
      if (step === undefined) {
        resolve(seen);
        return false;
      }
      step();
      return true;
    });
  });
}

describe("repeatSettled", () => {
  it("lets every promise settle before the next step, however long the chain", async () => {
    let done = 0;
    const chain = (length: number) => async () => {
      for (let i = 0; i < length; i++) await Promise.resolve(i);
      done++;
    };
    const steps = Array.from({ length: 3000 }, (_, i) => () => void chain(i % 50)());
    const seen = await observe(steps, () => done);
    assert.deepEqual(
      seen,
      Array.from({ length: 3000 }, (_, i) => i + 1),
    );
  });

  it("waits for promises that start others, and for thenables", async () => {
    let done = 0;
    const grow = (depth: number): Promise<void> =>
      depth === 0
        ? Promise.resolve()
        : Promise.all([grow(depth - 1), grow(depth - 1)]).then(() => {
            queueMicrotask(() => done++);
          });
    // biome-ignore lint/suspicious/noThenProperty: a thenable takes a microtask more than a promise
    const thenable = { then: (resolve: (value: number) => void) => resolve(1) };
    const wait = async () => {
      await thenable;
      done++;
    };
    const seen = await observe([() => void grow(6), () => void wait()], () => done);
    assert.deepEqual(seen, [63, 64]);
  });

  it("lets the event loop have its turn in a long run", async () => {
    let steps = 0;
    let immediateAt = 0;
    setImmediate(() => {
      immediateAt = steps;
    });
    await new Promise<void>((resolve) => {
      repeatSettled(() => {
        if (++steps < 20_000) return true;
        resolve();
        return false;
      });
    });
    assert.ok(immediateAt > 0 && immediateAt < 5000, `${immediateAt} steps before the first macrotask`);
  });
});
