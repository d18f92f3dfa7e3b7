/** Jute: what is written is read, and what cannot be is refused without harm. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { JuteError, JuteReader, JuteUnderflow, JuteWriter } from "../../../../src/wire/zookeeper/index.ts";

describe("jute", () => {
  it("reads back every kind of value", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.maxSafeInteger(),
        fc.option(text),
        fc.option(fc.uint8Array()),
        fc.array(text),
        (int, long, number, string, bytes, strings) => {
          const writer = new JuteWriter(1);
          writer.int(int).long(long).number(number).ustring(string).boolean(true);
          writer.buffer(bytes === null ? null : Buffer.from(bytes)).vector(strings, (into, each) => into.ustring(each));
          const reader = new JuteReader(writer.take());
          assert.equal(reader.int(), int);
          assert.equal(reader.long(), long);
          assert.equal(reader.number(), number);
          assert.equal(reader.ustring(), string);
          assert.equal(reader.boolean(), true);
          assert.deepEqual(reader.buffer(), bytes === null ? null : Buffer.from(bytes));
          assert.deepEqual(
            reader.vector(4, (from) => from.string("text")),
            strings,
          );
          assert.equal(reader.remaining, 0);
        },
      ),
    );
  });

  it("writes longs and numbers alike", () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (number) => {
        assert.deepEqual(new JuteWriter().number(number).take(), new JuteWriter().long(BigInt(number)).take());
      }),
    );
  });

  it("never reads past its bytes, whatever they are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.array(fc.nat(7), { maxLength: 12 }), (bytes, steps) => {
        const reader = new JuteReader(Buffer.from(bytes), 0, 1024);
        const reads = [
          () => reader.int(),
          () => reader.long(),
          () => reader.number(),
          () => reader.ustring(),
          () => reader.buffer(),
          () => reader.boolean(),
          () => reader.vector(4, (from) => from.ustring()),
          () => reader.count(12),
        ];
        try {
          for (const step of steps) reads[step]?.();
        } catch (error) {
          assert.ok(error instanceof JuteError, String(error));
        }
        assert.ok(reader.offset <= bytes.length);
      }),
    );
  });

  it("refuses huge and negative lengths before it allocates", () => {
    const huge = new JuteWriter().int(0x7fff_ffff).take();
    assert.throws(() => new JuteReader(huge).buffer(), /Unreasonable length = 2147483647/);
    assert.throws(() => new JuteReader(new JuteWriter().int(-2).take()).ustring(), /Unreasonable length = -2/);
    assert.throws(() => new JuteReader(huge).vector(4, (from) => from.int()), JuteUnderflow);
    assert.throws(() => new JuteReader(new JuteWriter().long(2n ** 60n).take()).number(), /out of range/);
  });

  it("gives copies that the packet's buffer cannot change", () => {
    const bytes = new JuteWriter().buffer(Buffer.from("abc")).take();
    const copy = new JuteReader(bytes).buffer();
    bytes.fill(0);
    assert.equal(copy?.toString(), "abc");
  });
});
