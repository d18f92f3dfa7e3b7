import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Assurance } from "../../../../src/zookeeper/client/assurance.ts";

/** A session of 1000 ms whose handshake left at 0 and was answered at 10. */
function session() {
  const clock = { at: 10, nowMs: () => 0, monotonicMs: () => clock.at };
  const assurance = new Assurance(clock);
  assurance.connected(0, 1000);
  return {
    assurance,
    answer(sentAtMs: number, answeredAtMs: number): boolean {
      clock.at = answeredAtMs;
      return assurance.answered(sentAtMs);
    },
  };
}

describe("what answers assure of a session", () => {
  it("is settled by the handshake, which the leader confirms", () => {
    const { assurance } = session();
    assert.deepEqual([assurance.confirmedMs, assurance.settledMs], [0, 0]);
  });

  it("is settled only when a later request proves that the leader has heard of it", () => {
    const { assurance, answer } = session();
    assert.ok(answer(270, 280));
    assert.deepEqual([assurance.confirmedMs, assurance.settledMs], [270, 0]);
    assert.ok(answer(400, 410), "too soon after it to prove anything");
    assert.deepEqual([assurance.confirmedMs, assurance.settledMs], [400, 0]);
    assert.ok(answer(540, 550));
    assert.deepEqual([assurance.confirmedMs, assurance.settledMs], [540, 270]);
  });

  it("goes on for ever with a ping a quarter of the time-out apart", () => {
    const { assurance, answer } = session();
    for (let atMs = 290; atMs < 100_000; atMs += 290) {
      assert.ok(answer(atMs, atMs + 20), `at ${atMs}`);
      assert.ok(assurance.settledMs >= atMs - 580);
    }
  });

  it("goes on for ever with requests at any steady pace, and pings where that is slow", () => {
    for (let everyMs = 1; everyMs <= 600; everyMs++) {
      const { assurance, answer } = session();
      let sentMs = 0;
      for (let atMs = 1; atMs < 5000; atMs++) {
        // A connection looks for silence every twentieth of the time-out, and pings after a sixth of it.
        const pings = atMs % 50 === 0 && atMs - sentMs >= 1000 / 6;
        if (!pings && atMs % everyMs !== 0) continue;
        sentMs = atMs;
        assert.ok(answer(atMs, atMs + 5), `every ${everyMs}, at ${atMs}`);
        assert.ok(atMs - assurance.settledMs <= 250 + 2 * 217 + 40, `every ${everyMs}, at ${atMs}`);
      }
    }
  });

  it("ends with an answer that comes when most of the time-out is over", () => {
    const { assurance, answer } = session();
    assert.equal(answer(300, 751), false, "it was long on its way");
    assert.equal(answer(760, 765), false, "the process stood still");
    assert.deepEqual([assurance.confirmedMs, assurance.settledMs], [0, 0]);
  });
});
