import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Acks } from "../../../src/executor/acks.ts";
import type { BoltExecutor } from "../../../src/executor/executor.ts";
import { Turns } from "../../../src/executor/turns.ts";

/** A turn of one bolt whose every step takes 0.1 ms, and of a clock that nothing else moves. Returns steps and flushes. */
function turnOf(options: { readonly sends: boolean; readonly steps: number; readonly endAfter?: number }) {
  let nowMs = 1000;
  let steps = 0;
  let flushes = 0;
  const remote = {
    sending: false,
    flush: () => {
      remote.sending = false;
      flushes++;
    },
  };
  const step = (): boolean => {
    steps++;
    nowMs += 0.1;
    if (options.sends) remote.sending = true;
    if (steps === options.endAfter) turns.end();
    return steps < options.steps;
  };
  const turns: Turns = new Turns({
    clock: { monotonicMs: () => nowMs, nowMs: () => 0 },
    acks: { flush: () => {} } as Acks,
    spouts: [],
    bolts: [{ enter: step } as unknown as BoltExecutor],
    systemBolts: [],
    remote,
  });
  const more = turns.take();
  return { more, steps, flushes, busyMs: Math.round(turns.takeBusyMs() * 10) / 10, busyAgain: turns.takeBusyMs() };
}

describe("a turn", () => {
  it("goes on while there is something to do, then lets go what was sent", () => {
    assert.deepEqual(turnOf({ sends: false, steps: 3 }), {
      more: false,
      steps: 3,
      flushes: 1,
      busyMs: 0.3,
      busyAgain: 0,
    });
  });

  it("ends to serve I/O when it has taken long", () => {
    const { more, steps, flushes } = turnOf({ sends: false, steps: 1000 });
    assert.equal(more, true);
    assert.ok(steps >= 20 && steps <= 21, `${steps} steps of 0.1 ms`);
    assert.equal(flushes, 1);
  });

  it("ends sooner when other workers could begin with what it has for them", () => {
    const { more, steps, flushes } = turnOf({ sends: true, steps: 1000 });
    assert.equal(more, true);
    assert.ok(steps >= 5 && steps <= 6, `${steps} steps of 0.1 ms`);
    assert.equal(flushes, 1);
  });

  it("takes no step after a failure", () => {
    const { more, steps } = turnOf({ sends: false, steps: 1000, endAfter: 2 });
    assert.deepEqual([more, steps], [false, 2]);
  });
});
