/** Values keep their type and identity of content between workers, and what cannot travel is refused by name and place. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isStormLabError } from "../../../src/base/index.ts";
import { FrameReader, FrameWriter } from "../../../src/wire/tuple/index.ts";

const identity = { topology: 7, session: 8, sender: 9 };

function roundTrip(values: readonly unknown[]): readonly unknown[] {
  const writer = new FrameWriter(identity);
  writer.append(1, 2, 3, 0, 0, 0, 0, null, values);
  let received: readonly unknown[] | undefined;
  new FrameReader().read(writer.finish(), {
    tuple: (...args) => {
      received = args[8];
    },
  });
  assert.ok(received !== undefined, "the tuple arrives");
  return received;
}

function refusal(values: readonly unknown[]): string {
  const writer = new FrameWriter(identity);
  try {
    writer.append(1, 2, 3, 0, 0, 0, 0, null, values);
  } catch (thrown) {
    assert.ok(isStormLabError(thrown, "SL-TUPLE-VALUE"), String(thrown));
    assert.equal(writer.count, 0);
    return thrown.message;
  }
  assert.fail("the value is refused");
}

const leaf: fc.Arbitrary<unknown> = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme", maxLength: 100 }),
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 40 }),
  fc.string({ unit: fc.nat(0xff).map((unit) => String.fromCharCode(unit)), minLength: 20, maxLength: 6000 }),
  fc.integer(),
  fc.double(),
  fc.maxSafeInteger(),
  fc.constantFrom(0, -0, 127, 128, -1, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -(2 ** 31) - 1, NaN, Infinity, -Infinity),
  fc.bigInt(),
  fc.constantFrom(2n ** 63n, 2n ** 63n - 1n, -(2n ** 63n), -(2n ** 63n) - 1n, 2n ** 64n, -(2n ** 200n), 0n),
  fc.boolean(),
  fc.constantFrom(null, undefined),
  fc.uint8Array({ maxLength: 300 }),
  fc.date({ noInvalidDate: false }),
);

const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    leaf,
    fc.array(tie("value"), { maxLength: 5 }),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("__proto__", "constructor", "键")), tie("value"), {
      maxKeys: 5,
      noNullPrototype: true,
    }),
    fc.array(fc.tuple(tie("value"), tie("value")), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie("value"), { maxLength: 4 }).map((members) => new Set(members)),
  ),
}));

test("any plain value comes back deeply and strictly equal", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 6 }), (values) => {
      assert.deepStrictEqual(roundTrip(values), values);
    }),
    { numRuns: 500 },
  );
});

test("the numbers that equality confuses keep their identity", () => {
  for (const number of [0, -0, NaN, Infinity, -Infinity, 2 ** 53, Number.MIN_VALUE]) {
    const [back] = roundTrip([number]);
    assert.ok(Object.is(back, number), `${number} came back as ${String(back)}`);
  }
});

test("a string of a million characters comes back, in each width", () => {
  for (const unit of ["a", "é", "字"]) {
    const long = unit.repeat(1_000_000);
    assert.ok(roundTrip([long, 1, long])[2] === long);
  }
});

test("a Buffer comes back as the plain bytes that it holds", () => {
  const [back] = roundTrip([Buffer.from("abc")]);
  assert.ok(back instanceof Uint8Array);
  assert.deepEqual([...back], [97, 98, 99]);
});

test("received bytes are the receiver's own", () => {
  const sent = Uint8Array.from({ length: 50 }, (_, i) => i);
  const [small, pad] = roundTrip([sent, "x".repeat(200)]);
  assert.ok(small instanceof Uint8Array && pad !== undefined);
  sent.fill(0);
  assert.equal(small[49], 49);
  assert.equal(small.buffer.byteLength, 50, "a small array does not keep its frame alive");
});

test("what cannot travel is refused, naming its kind and its place", () => {
  class Point {
    x = 1;
  }
  function handler(): void {}
  const circle: unknown[] = [];
  circle.push([circle]);
  const cases: [unknown[], RegExp][] = [
    [[1, handler], /value 1 is a function \(handler\)/],
    [[Symbol("s")], /value 0 is a symbol \(Symbol\(s\)\)/],
    [["a", "b", new Point()], /value 2 is an instance of Point/],
    [[{ list: [1, { point: new Point() }] }], /value 0 at \.list\[1\]\.point is an instance of Point/],
    [[new Map([["k", [Symbol("deep")]]])], /value 0 at \.get\("k"\)\[0\] is a symbol/],
    [[new Map([[handler, 1]])], /value 0 at \.key is a function/],
    [[new Set([new Error("no")])], /value 0 at \.member is an instance of Error/],
    [[new Int32Array(3)], /value 0 is an instance of Int32Array/],
    [[Promise.resolve(1)], /value 0 is an instance of Promise/],
    [[circle], /value 0 at .* is nested more than 64 deep, or contains itself/],
    [[2n ** 600_000n], /value 0 is a bigint of more than 65536 bytes/],
    [new Array<number>(65_536).fill(1), /65536 values, more than 65535/],
  ];
  for (const [values, expected] of cases) assert.match(refusal(values), expected);
});

test("a refused tuple leaves the frame as it was", () => {
  const writer = new FrameWriter(identity);
  writer.append(1, 2, 3, 0, 0, 0, 0, null, ["kept"]);
  const before = writer.approximateBytes;
  assert.throws(() => writer.append(5, 6, 7, 1, 2, 3, 4, null, ["x".repeat(100_000), () => 0]));
  assert.equal(writer.approximateBytes, before);
  writer.append(9, 2, 3, 0, 0, 0, 0, null, ["after"]);
  const seen: unknown[] = [];
  new FrameReader().read(writer.finish(), { tuple: (target, source, ...rest) => seen.push([target, source, rest[6]]) });
  assert.deepEqual(seen, [
    [1, 2, ["kept"]],
    [9, 2, ["after"]],
  ]);
});
