/** The layout of a frame: golden bytes, order, ids, and what hostile bytes can do (nothing but one clear error). */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { isStormLabError } from "../../../src/base/index.ts";
import {
  FrameReader,
  FrameWriter,
  helloFrame,
  pressureFrame,
  readHeader,
  readPressure,
  stampFrame,
} from "../../../src/wire/tuple/index.ts";

const identity = { topology: 0x11223344, session: 0x55667788, sender: 3 };

type Row = [number, number, number, number, number, number, number, readonly number[] | null, readonly unknown[]];

function frameOf(rows: readonly Row[]): Uint8Array {
  const writer = new FrameWriter(identity);
  for (const row of rows) writer.append(...row);
  assert.equal(writer.count, rows.length);
  const expected = writer.approximateBytes;
  const frame = writer.finish();
  assert.equal(frame.length, expected);
  assert.equal(writer.count, 0);
  return frame;
}

function rowsOf(frame: Uint8Array): Row[] {
  const rows: Row[] = [];
  new FrameReader().read(frame, { tuple: (...row) => rows.push(row) });
  return rows;
}

/** What follows is read off the layout by hand, not made by the writer. */
const golden = [
  "534c 02 01 44332211 88776655 03000000 02000000 05000000 03000000", // header: connection 2, sequence 5, 3 tuples
  "04 08000000 04000000 0100 0200", // target 8, route: task 4, stream 1, 2 values
  "83 666f78 01", // "fox", 1
  "01 09000000 01000000 02000000 03000000 ffffffff", // target 9, tracked, same route
  "c0 c4 e8030000", // null, 1000
  "07 ffffffff 04000000 0000 0100 00000000 00000080 00000000 01000000", // target −1, a new route, tracked
  "0100 07000000 00000000 00000000 05000000", // one more anchor
  "c7 01000000 578b", // "譗", one UTF-16 unit
].join(" ");

const goldenRows: Row[] = [
  [8, 4, 1, 0, 0, 0, 0, null, ["fox", 1]],
  [9, 4, 1, 1, 2, 3, -1, null, [null, 1000]],
  [-1, 4, 0, 0, -(2 ** 31), 0, 1, [7, 0, 0, 5], ["\u8b57"]],
];

test("a frame has the bytes that the layout says", () => {
  const bytes = Buffer.from(golden.replaceAll(" ", ""), "hex");
  const frame = frameOf(goldenRows);
  stampFrame(frame, 2, 5);
  assert.equal(Buffer.from(frame).toString("hex"), bytes.toString("hex"));
  assert.deepEqual(rowsOf(bytes), goldenRows);
  assert.deepEqual(readHeader(bytes), { ...identity, kind: "tuples", connection: 2, sequence: 5, count: 3 });
});

test("tuples come in order with their ids, whatever mixture a frame holds", () => {
  const int = fc.integer();
  const row: fc.Arbitrary<Row> = fc.tuple(
    int,
    fc.nat(3),
    fc.nat(3),
    fc.oneof(fc.constant(0), int),
    fc.oneof(fc.constant(0), int),
    fc.oneof(fc.constant(0), int),
    fc.oneof(fc.constant(0), int),
    fc.option(fc.array(fc.tuple(int, int, int, int), { maxLength: 4 }).map((quads) => quads.flat())),
    fc.array(fc.oneof(fc.string(), fc.integer()), { maxLength: 3 }),
  );
  fc.assert(
    fc.property(fc.array(row, { maxLength: 40 }), (rows) => {
      assert.deepStrictEqual(rowsOf(frameOf(rows)), rows);
    }),
  );
});

test("a frame may lie anywhere in a larger buffer", () => {
  const frame = frameOf(goldenRows);
  const larger = new Uint8Array(frame.length + 10);
  larger.set(frame, 3);
  assert.deepEqual(rowsOf(larger.subarray(3, 3 + frame.length)), goldenRows);
});

test("an untracked tuple costs no room for ids, and a repeated route none for the route", () => {
  const first: Row = [8, 4, 1, 0, 0, 0, 0, null, [1]];
  const tracked: Row = [8, 4, 1, 1, 2, 3, 4, null, [1]];
  const one = frameOf([first]).length;
  assert.equal(frameOf([first, first]).length - one, 6);
  assert.equal(frameOf([first, tracked]).length - one, 22);
});

test("statuses and greetings keep what they say", () => {
  for (const tasks of [[], [5], [1, -1, 2 ** 31 - 1]])
    assert.deepEqual(readPressure(pressureFrame(identity, tasks)), tasks);
  const hello = helloFrame(identity);
  stampFrame(hello, 9, 10);
  assert.deepEqual(readHeader(hello), { ...identity, kind: "hello", connection: 9, sequence: 10, count: 0 });
});

/** Reads as a receiver does; anything but success or SL-TUPLE-FRAME fails the test. */
function receive(bytes: Uint8Array): "read" | "refused" {
  try {
    if (readHeader(bytes).kind === "pressure") readPressure(bytes);
    else rowsOf(bytes);
    return "read";
  } catch (thrown) {
    if (isStormLabError(thrown, "SL-TUPLE-FRAME")) return "refused";
    throw thrown;
  }
}

const rich: Row = [
  1,
  2,
  3,
  4,
  5,
  6,
  7,
  [1, 2, 3, 4],
  [
    "a",
    "x".repeat(70),
    "字",
    1.5,
    10n,
    -(2n ** 70n),
    new Date(0),
    new Uint8Array(9),
    [1, [2]],
    { k: 1 },
    new Map([[1, 2]]),
    new Set([1]),
  ],
];

test("a frame that is cut anywhere is refused", () => {
  const frame = frameOf([rich, [1, 2, 3, 0, 0, 0, 0, null, ["end"]]]);
  for (let length = 0; length < frame.length; length++) assert.equal(receive(frame.subarray(0, length)), "refused");
  assert.equal(receive(Buffer.concat([frame, Buffer.from([0])])), "refused", "bytes after the end");
});

test("any bytes, and any damage to a good frame, are read or refused", () => {
  const frame = frameOf([rich, rich]);
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(frame.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }), (damage) => {
      const bytes = Uint8Array.from(frame);
      for (const [position, byte] of damage) bytes[position] = byte;
      receive(bytes);
    }),
    { numRuns: 3000 },
  );
  const header = frame.subarray(0, 28);
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
      receive(body);
      receive(Buffer.concat([header, body]));
    }),
    { numRuns: 2000 },
  );
});

test("a length that claims gigabytes costs nothing", () => {
  const route = "04 01000000 01000000 0000 0100";
  const header = "534c 02 01 00000000 00000000 00000000 00000000 00000000 01000000";
  for (const value of [
    "c6 ffffffff",
    "c7 ffffffff",
    "ca ffffffff",
    "cc ffffffff",
    "cd ffffffff",
    "ce ffffffff",
    "cf ffffffff",
    "c900 ffffffff",
  ]) {
    const bytes = Buffer.from(`${header}${route}${value}`.replaceAll(" ", ""), "hex");
    const before = process.memoryUsage();
    assert.equal(receive(bytes), "refused");
    const after = process.memoryUsage();
    assert.ok(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers < 1e6, value);
  }
});

test("containers nested without end are refused, not followed", () => {
  const header = "534c 02 01 00000000 00000000 00000000 00000000 00000000 01000000";
  const bytes = Buffer.concat([
    Buffer.from(`${header}04 01000000 01000000 0000 0100`.replaceAll(" ", ""), "hex"),
    Buffer.from("cc01000000".repeat(100_000), "hex"),
  ]);
  assert.equal(receive(bytes), "refused");
});

test("an object from elsewhere cannot change a prototype", () => {
  const evil: unknown = JSON.parse('{"__proto__": {"polluted": true}}');
  const [row] = rowsOf(frameOf([[1, 2, 3, 0, 0, 0, 0, null, [evil]]]));
  const received = row?.[8][0];
  assert.ok(typeof received === "object" && received !== null);
  assert.equal(Object.getPrototypeOf(received), Object.prototype);
  assert.ok(Object.hasOwn(received, "__proto__"));
  assert.equal("polluted" in {}, false);
});

test("what a sink throws passes through as it is", () => {
  const mine = new Error("mine");
  assert.throws(
    () =>
      new FrameReader().read(frameOf(goldenRows), {
        tuple: () => {
          throw mine;
        },
      }),
    mine,
  );
});
