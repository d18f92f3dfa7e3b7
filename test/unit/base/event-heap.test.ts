import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EventHeap, type SimulatedEvent } from "../../../src/base/runtime/simulated/event-heap.ts";

describe("event heap", () => {
  it("gives events by time, then by order of planning, without the cancelled", () => {
    const plan = fc.array(fc.record({ timeUs: fc.integer({ min: 0, max: 20 }), cancelled: fc.boolean() }), {
      maxLength: 3000,
    });
    fc.assert(
      fc.property(plan, (wanted) => {
        const heap = new EventHeap();
        const events = wanted.map(({ timeUs }) => heap.add(timeUs, false, () => {}));
        const kept: SimulatedEvent[] = [];
        for (const [i, event] of events.entries()) {
          if (wanted[i]!.cancelled) heap.cancel(event);
          else kept.push(event);
        }
        assert.equal(heap.size, kept.length);
        const order: SimulatedEvent[] = [];
        for (let event = heap.pop(); event !== undefined; event = heap.pop()) order.push(event);
        kept.sort((a, b) => a.timeUs - b.timeUs || a.sequence - b.sequence);
        assert.deepEqual(
          order.map((event) => event.sequence),
          kept.map((event) => event.sequence),
        );
        assert.equal(heap.size, 0);
      }),
      { numRuns: 30 },
    );
  });

  it("does not keep a million cancelled timers", () => {
    const heap = new EventHeap();
    const last = heap.add(1e9, false, () => {});
    for (let i = 0; i < 1_000_000; i++) heap.cancel(heap.add(1e6 + i, false, () => {}));
    assert.equal(heap.size, 1);
    assert.equal(heap.pop(), last);
  });
});
