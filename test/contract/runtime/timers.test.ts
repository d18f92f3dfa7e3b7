import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pause } from "./conversation.ts";
import { bothSides } from "./sides.ts";

for (const side of bothSides) {
  describe(`clock and timers, ${side.name}`, () => {
    it("never calls back before the delay has passed on the monotonic clock", () =>
      side.run(async ({ runtime }) => {
        for (const delayMs of [0, 0.4, 1, 3, 7.5, 20]) {
          const beganMs = runtime.clock.monotonicMs();
          await pause(runtime, delayMs);
          assert.ok(runtime.clock.monotonicMs() - beganMs >= delayMs, `${delayMs} ms`);
        }
      }));

    it("keeps the order of equal delays", () =>
      side.run(async ({ runtime }) => {
        const order: number[] = [];
        for (let i = 0; i < 5; i++) runtime.timers.after(5, () => order.push(i));
        await pause(runtime, 10);
        assert.deepEqual(order, [0, 1, 2, 3, 4]);
      }));

    it("never calls back after cancel, which may be called again", () =>
      side.run(async ({ runtime }) => {
        let calls = 0;
        const timer = runtime.timers.after(5, () => calls++);
        const first = runtime.timers.after(5, () => second.cancel());
        const second = runtime.timers.after(5, () => calls++);
        timer.cancel();
        timer.cancel();
        await pause(runtime, 15);
        first.cancel();
        assert.equal(calls, 0);
      }));

    it("repeats until cancelled, also from within the callback", () =>
      side.run(async ({ runtime }) => {
        let calls = 0;
        await new Promise<void>((resolve) => {
          const timer = runtime.timers.every(4, () => {
            if (++calls < 4) return;
            timer.cancel();
            resolve();
          });
        });
        await pause(runtime, 20);
        assert.equal(calls, 4);
      }));

    it("runs soon after the current turn and in order, before a timer of some milliseconds", () =>
      side.run(async ({ runtime }) => {
        const order: string[] = [];
        await new Promise<void>((resolve) => {
          runtime.timers.after(30, () => {
            order.push("after");
            resolve();
          });
          for (let i = 0; i < 20; i++) runtime.timers.soon(() => order.push(`soon ${i}`));
          order.push("now");
        });
        assert.deepEqual(order, ["now", ...Array.from({ length: 20 }, (_, i) => `soon ${i}`), "after"]);
      }));

    it("has clocks that go on", () =>
      side.run(async ({ runtime }) => {
        const wallMs = runtime.clock.nowMs();
        await pause(runtime, 20);
        assert.ok(Number.isInteger(wallMs));
        assert.ok(runtime.clock.nowMs() >= wallMs + 10);
      }));

    it("draws numbers within their bounds", () =>
      side.run(async ({ runtime }) => {
        const { random } = runtime;
        for (let i = 0; i < 1000; i++) {
          assert.ok(Number.isInteger(random.uint32()) && random.below(7) < 7 && random.float() < 1);
        }
        assert.equal(random.bytes(33).length, 33);
        assert.notDeepEqual(random.bytes(16), random.bytes(16));
      }));
  });
}
