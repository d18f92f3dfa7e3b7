/** Sessions: expiry in whole ticks, never early; owners; ids and passwords that any server can compute. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { errorCode } from "../../../../src/wire/zookeeper/index.ts";
import { firstSessionId, SessionTracker, sessionPassword } from "../../../../src/zookeeper/server/session-tracker.ts";

describe("expiry", () => {
  it("comes at the first tick after the timeout, for a whole bucket at once", () => {
    const tracker = new SessionTracker(2000, 0);
    tracker.track(1n, 4000, 100);
    tracker.track(2n, 4000, 1900);
    assert.deepEqual(tracker.expired(5999), []);
    assert.deepEqual(tracker.expired(6000), [1n, 2n]);
    assert.deepEqual(tracker.expired(20_000), [], "each is handed out once");
  });

  it("is never early and at most a tick late, whatever touches there were", () => {
    const touches = fc.array(fc.tuple(fc.nat(3), fc.nat(900)), { maxLength: 40 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 3000 }),
        touches,
        (tickMs, timeoutMs, steps) => {
          const tracker = new SessionTracker(tickMs, 0);
          const lastMs = new Map<bigint, number>();
          for (let id = 0n; id < 4n; id++) {
            tracker.track(id, timeoutMs, 0);
            lastMs.set(id, 0);
          }
          let nowMs = 0;
          const check = () => {
            for (const id of tracker.expired(nowMs)) {
              assert.ok(nowMs >= (lastMs.get(id) ?? 0) + timeoutMs, `session ${id} expired early`);
              lastMs.delete(id);
            }
            for (const [id, atMs] of lastMs) assert.ok(nowMs < atMs + timeoutMs + tickMs, `session ${id} is late`);
          };
          for (const [id, waitMs] of steps) {
            // The shell asks at every tick.
            for (let left = waitMs; left > 0; left -= tickMs) {
              nowMs += Math.min(left, tickMs);
              check();
            }
            const session = BigInt(id);
            assert.equal(tracker.touch(session, timeoutMs, nowMs), lastMs.has(session));
            if (lastMs.has(session)) lastMs.set(session, nowMs);
          }
        },
      ),
    );
  });

  it("is not shortened by a late report of an old sign of life", () => {
    const tracker = new SessionTracker(1000, 0);
    tracker.track(1n, 5000, 10_000);
    tracker.touch(1n, 5000, 2000);
    assert.deepEqual(tracker.expired(15_000), []);
  });
});

describe("owners", () => {
  it("are the first server that asks, until the session moves", () => {
    const [one, other] = [{}, {}];
    const tracker = new SessionTracker(1000, 0);
    tracker.track(1n, 5000, 0);
    assert.equal(tracker.check(1n, one), errorCode.ok);
    assert.equal(tracker.check(1n, other), errorCode.sessionMoved);
    assert.equal(tracker.setOwner(1n, other), true);
    assert.equal(tracker.check(1n, one), errorCode.sessionMoved);
    assert.equal(tracker.check(1n, null), errorCode.ok, "the server's own requests have no owner");
    tracker.setClosing(1n);
    assert.equal(tracker.check(1n, other), errorCode.sessionExpired);
    assert.equal(tracker.touch(1n, 5000, 0), false);
    tracker.remove(1n);
    assert.equal(tracker.size, 0);
  });
});

describe("ids and passwords", () => {
  it("are what Java computes", () => {
    assert.equal(sessionPassword(0x100000000000000n).toString("hex"), "f22acd4a97e69d6d20a49bb638eadb38");
    assert.equal(sessionPassword(0x200001234560000n).toString("hex"), "28dca4e895de729d466f3f4d668d25c0");
    assert.equal(sessionPassword(1n).toString("hex"), "054cc74a37327db215e702e20c73f005");
  });

  it("carry the server in the top byte, signed where Java's are", () => {
    assert.equal(BigInt.asUintN(64, firstSessionId(3, 1_795_460_947_988)) >> 56n, 3n);
    assert.ok(firstSessionId(200, 1_795_460_947_988) < 0n);
    assert.notEqual(firstSessionId(1, 1_795_460_947_988), firstSessionId(1, 1_795_460_947_989));
  });
});
