import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { FrameReader } from "../../../../src/zookeeper/client/frame-reader.ts";

function framed(bodies: readonly Uint8Array[]): Buffer {
  return Buffer.concat(
    bodies.flatMap((body) => {
      const length = Buffer.alloc(4);
      length.writeInt32BE(body.length);
      return [length, body];
    }),
  );
}

describe("the reader of frames", () => {
  it("gives the packets that were sent, however the bytes arrive", () => {
    const bodies = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    const cuts = fc.array(fc.nat({ max: 400 }), { maxLength: 12 });
    fc.assert(
      fc.property(bodies, cuts, (sent, at) => {
        const stream = framed(sent);
        const edges = [0, ...at.map((cut) => cut % (stream.length + 1)).sort((a, b) => a - b), stream.length];
        const reader = new FrameReader(40);
        const got: Buffer[] = [];
        for (let index = 1; index < edges.length; index++) {
          reader.push(stream.subarray(edges[index - 1], edges[index]), (body) => got.push(Buffer.from(body)));
        }
        assert.deepEqual(
          got,
          sent.map((body) => Buffer.from(body)),
        );
      }),
    );
  });

  it("refuses a length that no packet has", () => {
    for (const length of [-1, 41, 0x7fffffff]) {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(length);
      assert.throws(() => new FrameReader(40).push(bytes, () => {}), /Packet len/);
    }
  });
});
