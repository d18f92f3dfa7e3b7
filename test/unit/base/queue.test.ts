import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { BoundedQueue } from "../../../src/base/index.ts";

describe("bounded queue", () => {
  it("is first in, first out, and refuses when full", () => {
    const queue = new BoundedQueue<number>(3);
    assert.equal(queue.shift(), undefined);
    assert.deepEqual(
      [1, 2, 3, 4].map((n) => queue.push(n)),
      [true, true, true, false],
    );
    assert.equal(queue.full, true);
    assert.equal(queue.peek(), 1);
    assert.deepEqual([...queue], [1, 2, 3]);
    assert.equal(queue.shift(), 1);
    assert.equal(queue.push(5), true);
    assert.deepEqual([queue.shift(), queue.shift(), queue.shift(), queue.shift()], [2, 3, 5, undefined]);
  });

  it("does what a list with a limit does", () => {
    const steps = fc.array(fc.oneof(fc.integer({ min: 0, max: 1000 }), fc.constant("shift"), fc.constant("clear")), {
      maxLength: 400,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), steps, (capacity, actions) => {
        const queue = new BoundedQueue<number>(capacity);
        const list: number[] = [];
        for (const action of actions) {
          if (action === "shift") assert.equal(queue.shift(), list.shift());
          else if (action === "clear") {
            queue.clear();
            list.length = 0;
          } else {
            assert.equal(queue.push(Number(action)), list.length < capacity);
            if (list.length < capacity) list.push(Number(action));
          }
          assert.equal(queue.size, list.length);
          assert.deepEqual([...queue], list);
        }
      }),
    );
  });

  it("refuses a capacity that is no number of items", () => {
    for (const capacity of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => new BoundedQueue(capacity), RangeError);
    }
  });
});
