import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BlobChecksum } from "../../../src/state/index.ts";

describe("the checksum of a blob", () => {
  it("is CRC-32C, with the check value of RFC 3720", () => {
    assert.equal(new BlobChecksum().value, 0);
    assert.equal(new BlobChecksum().update(Buffer.from("123456789")).value, 0xe306_9283);
    assert.equal(new BlobChecksum().update(new Uint8Array(32)).value, 0x8a91_36aa);
  });

  it("does not depend on how the bytes are cut", () => {
    const cut = new BlobChecksum().update(Buffer.from("1234")).update(Buffer.from("")).update(Buffer.from("56789"));
    assert.equal(cut.value, 0xe306_9283);
  });
});
