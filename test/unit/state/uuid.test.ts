import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../../src/base/index.ts";
import { newUuid } from "../../../src/state/index.ts";

describe("a new uuid", () => {
  it("looks as Java's random ones do", () => {
    const random = new SeededRandom(1);
    const made = Array.from({ length: 100 }, () => newUuid(random));
    for (const each of made)
      assert.match(each, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(new Set(made).size, made.length);
  });
});
