/** Against hashes that Java itself printed: java-hashes.java. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { fieldsTaskIndex, javaHash, stringHash } from "../../../src/topology/index.ts";

type Written = readonly [kind: string, what?: unknown];

interface JavaHashes {
  readonly taskCounts: readonly number[];
  readonly values: ReadonlyArray<{ readonly value: Written; readonly hash: number }>;
  readonly keys: ReadonlyArray<{ readonly key: Written; readonly indexes: readonly number[] }>;
}

const java = JSON.parse(readFileSync(new URL("java-hashes.json", import.meta.url), "utf8")) as JavaHashes;

function fromWritten([kind, what]: Written): unknown {
  switch (kind) {
    case "null":
      return null;
    case "string":
    case "boolean":
      return what;
    case "integer":
      return integer(BigInt(what as string));
    case "double":
      return Number(what);
    case "bytes":
      return Uint8Array.from(what as number[]);
    case "date":
      return new Date(what as number);
    case "list":
      return (what as Written[]).map(fromWritten);
    case "set":
      return new Set((what as Written[]).map(fromWritten));
    case "map":
      return new Map((what as Written[]).map((entry) => fromWritten(entry) as [unknown, unknown]));
    default:
      assert.fail(`java-hashes.json has a ${kind}`);
  }
}

/** A number where it is exact, as an author would have it. */
function integer(value: bigint): number | bigint {
  return Number.isSafeInteger(Number(value)) ? Number(value) : value;
}

test("each value hashes as in Java", () => {
  assert.ok(java.values.length > 200);
  for (const { value, hash } of java.values) assert.equal(javaHash(fromWritten(value)), hash, JSON.stringify(value));
});

test("each key lands on the task index that Storm gives it", () => {
  for (const { key, indexes } of java.keys) {
    const values = fromWritten(key) as unknown[];
    const all = values.map((_, index) => index);
    const got = java.taskCounts.map((taskCount) => fieldsTaskIndex(values, all, taskCount));
    assert.deepEqual(got, indexes, JSON.stringify(key));
  }
});

test("only the fields of the grouping count, in their order", () => {
  for (const { key, indexes } of java.keys) {
    const values = fromWritten(key) as unknown[];
    const among = ["before", ...values, Symbol.iterator];
    const own = values.map((_, index) => index + 1);
    assert.deepEqual(
      java.taskCounts.map((taskCount) => fieldsTaskIndex(among, own, taskCount)),
      indexes,
    );
  }
  assert.notEqual(fieldsTaskIndex(["a", "b"], [0, 1], 1000), fieldsTaskIndex(["a", "b"], [1, 0], 1000));
});

test("values that are equal in JavaScript hash alike", () => {
  assert.equal(javaHash(-0), 0);
  assert.equal(javaHash(7n), javaHash(7));
  assert.equal(javaHash(-(2n ** 40n)), javaHash(-(2 ** 40)));
  assert.equal(
    javaHash({ a: 1, b: [2] }),
    javaHash(
      new Map<string, unknown>([
        ["b", [2]],
        ["a", 1],
      ]),
    ),
  );
  assert.equal(javaHash(Buffer.from("ab")), javaHash(new Uint8Array([97, 98])));
  assert.equal(javaHash(undefined), javaHash(null));
});

test("a hash is a 32-bit integer and an index is one of the tasks, whatever the value", () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
  });
  fc.assert(
    fc.property(fc.array(anything, { maxLength: 4 }), fc.integer({ min: 1, max: 10_000 }), (values, taskCount) => {
      for (const value of values) assert.equal(javaHash(value), javaHash(value) | 0);
      const index = fieldsTaskIndex(values, [...values.keys()], taskCount);
      assert.ok(Number.isInteger(index) && index >= 0 && index < taskCount);
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (head, tail) => {
      let power = 1;
      for (let i = 0; i < tail.length; i++) power = Math.imul(power, 31);
      assert.equal(stringHash(head + tail), (Math.imul(stringHash(head), power) + stringHash(tail)) | 0);
    }),
  );
});
