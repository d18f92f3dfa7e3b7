import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { LongMap, RotatingMap } from "../../../src/base/index.ts";

/** Few halves, of which many share low bits: keys meet in the table all the time. */
const half = fc.constantFrom(0, 1, 2, 64, 128, 4096, -1, -64, 2 ** 31 - 1, -(2 ** 31));
const key = fc.tuple(half, half);
const step = fc.oneof(
  fc.record({ type: fc.constant("set" as const), key, value: fc.nat() }),
  fc.record({ type: fc.constant("take" as const), key }),
  fc.record({ type: fc.constant("get" as const), key }),
  fc.record({ type: fc.constant("renew" as const), key }),
  fc.record({ type: fc.constant("rotate" as const), key }),
);
const steps = fc.array(step, { maxLength: 400 });
const runs = { numRuns: 300 };
const named = ([hi, lo]: readonly [number, number]) => `${hi} ${lo}`;

describe("LongMap", () => {
  it("is a Map, whatever the keys", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const map = new LongMap<{ value: number }>();
        const model = new Map<string, { value: number }>();
        for (const each of all) {
          const [hi, lo] = each.key;
          if (each.type === "set") {
            const value = { value: each.value };
            map.set(hi, lo, value);
            model.set(named(each.key), value);
          } else if (each.type === "take") {
            assert.equal(map.take(hi, lo), model.get(named(each.key)));
            model.delete(named(each.key));
          } else assert.equal(map.get(hi, lo), model.get(named(each.key)));
          assert.equal(map.size, model.size);
        }
        const seen = new Map<string, { value: number }>();
        map.forEach((value, hi, lo) => {
          seen.set(named([hi, lo]), value);
        });
        assert.deepEqual(new Map([...seen].sort()), new Map([...model].sort()));
      }),
      runs,
    );
  });

  it("keeps thousands of entries through growth, and gives each back once", () => {
    const map = new LongMap<number>();
    for (let i = 1; i <= 5000; i++) map.set(i << 20, i % 7, i);
    assert.equal(map.size, 5000);
    for (let i = 1; i <= 5000; i++) assert.equal(map.take(i << 20, i % 7), i);
    for (let i = 1; i <= 5000; i++) assert.equal(map.take(i << 20, i % 7), undefined);
    assert.equal(map.size, 0);
  });
});

describe("RotatingMap", () => {
  it("is a row of Maps of which the oldest falls off", () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 4 }), steps, (buckets, all) => {
        const map = new RotatingMap<{ value: number }>(buckets);
        const model = Array.from({ length: buckets }, () => new Map<string, { value: number }>());
        const holder = (name: string) => model.find((bucket) => bucket.has(name));
        for (const each of all) {
          const [hi, lo] = each.key;
          const name = named(each.key);
          const known = holder(name)?.get(name);
          if (each.type === "set" && known === undefined) {
            const value = { value: each.value };
            map.set(hi, lo, value);
            model[0]?.set(name, value);
          } else if (each.type === "take") {
            assert.equal(map.take(hi, lo), known);
            holder(name)?.delete(name);
          } else if (each.type === "renew") {
            assert.equal(map.renew(hi, lo), known !== undefined);
            holder(name)?.delete(name);
            if (known !== undefined) model[0]?.set(name, known);
          } else if (each.type === "rotate") {
            const dropped = new Map<string, { value: number }>();
            map.rotate().forEach((value, high, low) => {
              dropped.set(named([high, low]), value);
            });
            assert.deepEqual(new Map([...dropped].sort()), new Map([...(model.pop() ?? [])].sort()));
            model.unshift(new Map());
          } else assert.equal(map.get(hi, lo), known);
          assert.equal(
            map.size,
            model.reduce((sum, bucket) => sum + bucket.size, 0),
          );
        }
      }),
      runs,
    );
  });
});
