/** What shapes refuse, and how Storm writes times. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decimals, uptimeText, urlEncoded, windowText } from "../../../src/ui/rest/pretty.ts";
import { pathParams } from "../../../src/ui/rest/route.ts";
import {
  either,
  list,
  nullable,
  number,
  object,
  oneOf,
  optional,
  record,
  text,
  whole,
} from "../../../src/ui/rest/shape.ts";

describe("a shape", () => {
  const shape = object({
    name: text,
    size: optional(whole),
    tags: list(oneOf("a", "b")),
    more: record(nullable(number)),
  });

  it("names the place and what must be there", () => {
    const fault = (value: unknown) => shape.fault(value, "it");
    assert.equal(fault({ name: "x", tags: ["a"], more: { k: null, l: 1.5 } }), null);
    assert.equal(fault({ name: "x", size: 2, tags: [], more: {} }), null);
    assert.equal(fault({ tags: [], more: {} }), "it.name is not there");
    assert.equal(fault({ name: 1, tags: [], more: {} }), "it.name must be a text");
    assert.equal(fault({ name: "x", size: 1.5, tags: [], more: {} }), "it.size must be a whole number");
    assert.equal(fault({ name: "x", tags: ["c"], more: {} }), 'it.tags[0] must be "a" or "b"');
    assert.equal(fault({ name: "x", tags: [], more: { k: "v" } }), "it.more.k must be a number");
    assert.equal(fault({ name: "x", tags: [], more: {}, extra: 1 }), "it has no extra");
    assert.equal(fault(JSON.parse('{"name":"x","tags":[],"more":{},"__proto__":1}')), "it has no __proto__");
    assert.equal(fault([]), "it must be an object");
    assert.equal(either(number, oneOf("N/A")).fault("n/a", "it"), 'it must be "N/A"');
  });

  it("is a JSON Schema too", () => {
    assert.deepEqual(shape.schema, {
      type: "object",
      properties: {
        name: { type: "string" },
        size: { type: "integer" },
        tags: { type: "array", items: { type: "string", enum: ["a", "b"] } },
        more: { type: "object", additionalProperties: { anyOf: [{ type: "number" }, { type: "null" }] } },
      },
      required: ["name", "tags", "more"],
      additionalProperties: false,
    });
  });
});

describe("a path", () => {
  it("is found by its words, its parts are never empty", () => {
    assert.deepEqual(pathParams("topology/{id}/kill/{wait}", ["topology", "a/b", "kill", "0"]), {
      id: "a/b",
      wait: "0",
    });
    assert.equal(pathParams("topology/{id}", ["topology", ""]), null);
    assert.equal(pathParams("topology/{id}", ["topology", "x", "y"]), null);
  });
});

describe("Storm's words for numbers", () => {
  it("are those of its UI", () => {
    const texts = [0, 5, 60, 3600, 93_784, 86_400].map(uptimeText);
    assert.deepEqual(texts, ["", "5s", "1m 0s", "1h 0m 0s", "1d 2h 3m 4s", "1d 0h 0m 0s"]);
    assert.deepEqual([windowText("600"), windowText(":all-time")], ["10m 0s", "All time"]);
    assert.deepEqual([decimals(1.23456), decimals(undefined)], ["1.235", "0"]);
    assert.equal(urlEncoded("a b/ü(~)*-._"), "a+b%2F%C3%BC%28%7E%29*-._");
  });
});
