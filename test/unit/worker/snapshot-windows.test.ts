import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SnapshotWindows, windowsSecs } from "../../../src/worker/cluster/snapshot-windows.ts";

const buckets = 20;

describe("the windows of statistics", () => {
  it("reach back their length, and one bucket and one period at most", () => {
    // Time in steps of at most the shortest bucket; in each step something is counted.
    const steps = fc.array(fc.record({ ms: fc.integer({ min: 1, max: 30_000 }), counted: fc.nat(100) }), {
      minLength: 1,
      maxLength: 400,
    });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 60 }), (history, scale) => {
        const windows = new SnapshotWindows<number>({ startMs: 0, buckets });
        const events: { atMs: number; counted: number }[] = [];
        let [nowMs, total] = [0, 0];
        for (const { ms, counted } of history) {
          // Longer steps now and then: whole windows then pass within one test.
          nowMs += events.length % 7 === 0 ? ms * scale : ms;
          total += counted;
          events.push({ atMs: nowMs, counted });
          windows.note(nowMs, total);
        }
        const since = (ms: number) => events.reduce((sum, { atMs, counted }) => sum + (atMs > ms ? counted : 0), 0);
        for (const secs of windowsSecs) {
          const within = total - (windows.before(secs) ?? 0);
          const lengthMs = secs * 1000;
          assert.ok(within >= since(nowMs - lengthMs), `window ${secs} forgets`);
          const slackMs = lengthMs / buckets + 30_000 * scale;
          assert.ok(within <= since(nowMs - lengthMs - slackMs), `window ${secs} remembers too much`);
        }
      }),
    );
  });

  it("begin with the start", () => {
    const windows = new SnapshotWindows<number>({ startMs: 1000, buckets });
    windows.note(1000 + 29_999, 7);
    windows.note(1000 + 599_999, 8);
    assert.equal(windows.before(600), null);
    windows.note(1000 + 600_000, 9);
    assert.equal(windows.before(600), null, "all that was counted is ten minutes old at most");
    windows.note(1000 + 630_000, 10);
    assert.equal(windows.before(600), 7, "the first bucket, with what was there before its end, is older");
    assert.deepEqual([windows.before(10_800), windows.before(86_400)], [null, null]);
  });

  it("forget what was before a long stop", () => {
    const windows = new SnapshotWindows<number>({ startMs: 0, buckets });
    windows.note(1000, 5);
    windows.note(86_400_000 * 3, 6);
    assert.deepEqual(
      windowsSecs.map((secs) => windows.before(secs)),
      [5, 5, 5],
    );
  });

  it("want a note for each of the shortest buckets", () => {
    assert.equal(new SnapshotWindows<number>({ startMs: 0, buckets }).periodMs, 30_000);
  });
});
