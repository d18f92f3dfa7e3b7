import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { TimeCacheMap } from "../../../src/coordination/index.ts";

function stage(expiryMs = 1000) {
  const clock = { ms: 0, nowMs: () => clock.ms, monotonicMs: () => clock.ms };
  const expired: string[] = [];
  const map = new TimeCacheMap<string, number>(clock, expiryMs, (key) => expired.push(key));
  return { clock, expired, map };
}

describe("a TimeCacheMap", () => {
  it("keeps an entry for its time, and tells of it when it goes", () => {
    const { clock, expired, map } = stage();
    clock.ms = 400;
    map.set("a", 1);
    clock.ms = 1399;
    map.set("b", 2);
    assert.deepEqual([map.get("a"), map.size, expired], [1, 2, []]);
    clock.ms = 1900;
    map.set("c", 3);
    assert.deepEqual([map.get("a"), map.get("b"), map.size, expired], [undefined, 2, 2, ["a"]]);
  });

  it("gives up what is taken, and forgets everything after a long silence", () => {
    const { clock, expired, map } = stage();
    map.set("a", 1);
    map.set("b", 2);
    assert.deepEqual([map.take("a"), map.take("a"), map.size], [1, undefined, 1]);
    clock.ms = 1_000_000;
    map.set("c", 3);
    assert.deepEqual([map.get("b"), map.get("c"), map.size, expired], [undefined, 3, 1, ["b"]]);
  });
});
