/** Any description that a builder could make, for properties. */
import fc from "fast-check";
import type { ComponentSpec, GroupingSpec, StreamSpec, TopologyDescription } from "../../../src/topology/index.ts";

const word = fc.string({ unit: "grapheme", minLength: 1, maxLength: 8 }).filter((text) => text !== "__proto__");
const value = fc.jsonValue({ maxDepth: 2 });

const streams: fc.Arbitrary<Record<string, StreamSpec>> = fc
  .uniqueArray(fc.record({ id: word, fields: fc.uniqueArray(word, { maxLength: 4 }), direct: fc.boolean() }), {
    selector: ({ id }) => id,
    maxLength: 3,
  })
  .map((list) => Object.fromEntries(list.map(({ id, fields, direct }) => [id, { fields, direct }])));

const draft = fc.record({
  id: word,
  isSpout: fc.boolean(),
  parallelismHint: fc.integer({ min: 1, max: 10_000 }),
  streams,
  conf: fc.dictionary(word, value, { maxKeys: 4 }),
});
type Draft = typeof draft extends fc.Arbitrary<infer D> ? D : never;

function grouping(fields: readonly string[]): fc.Arbitrary<GroupingSpec> {
  const simple = fc.constantFrom("shuffle", "all", "global", "none", "direct", "local-or-shuffle");
  const plain = simple.map((type) => ({ type }) as GroupingSpec);
  const custom = word.map((className): GroupingSpec => ({ type: "custom", className }));
  if (fields.length === 0) return fc.oneof(plain, custom);
  const some = fc.shuffledSubarray([...fields], { minLength: 1 });
  const byFields = some.map((chosen): GroupingSpec => ({ type: "fields", fields: chosen }));
  const byKey = some.map((chosen): GroupingSpec => ({ type: "partial-key", fields: chosen }));
  return fc.oneof(plain, custom, byFields, byKey);
}

/** Every stream of every component is subscribed to, or not, by the given bolt. */
function inputs(drafts: readonly Draft[]): fc.Arbitrary<ComponentSpec["inputs"]> {
  const ids = drafts.flatMap((from) => Object.keys(from.streams).map((streamId) => ({ from, streamId })));
  const each = ids.map(({ from, streamId }) =>
    fc.option(
      grouping(from.streams[streamId]?.fields ?? []).map((spec) => ({
        componentId: from.id,
        streamId,
        grouping: spec,
      })),
    ),
  );
  return fc.tuple(...each).map((list) => list.filter((input) => input !== null));
}

export const anyDescription: fc.Arbitrary<TopologyDescription> = fc
  .uniqueArray(draft, { selector: ({ id }) => id, minLength: 1, maxLength: 5 })
  .chain((drafts) => {
    const specs = drafts.map(({ isSpout, ...rest }) =>
      (isSpout ? fc.constant([]) : inputs(drafts)).map(
        (wired): ComponentSpec => ({ ...rest, kind: isSpout ? "spout" : "rich-bolt", inputs: wired }),
      ),
    );
    return fc.tuple(...specs);
  })
  .map((components) => ({ components: components.sort((a, b) => (a.id < b.id ? -1 : 1)), warnings: [] }));
