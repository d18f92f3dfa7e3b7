/**
 * Whether the code still makes the topology that was submitted. Conf and parallelism are nimbus' to change; components, streams and
 * groupings are not, and workers that disagree on them would send tuples to the wrong tasks.
 */
import type { ComponentSpec, TopologyDescription } from "../topology/index.ts";

/** The first difference, in words; null when there is none. */
export function differenceBetween(submitted: TopologyDescription, made: TopologyDescription): string | null {
  const before = byId(submitted);
  const after = byId(made);
  for (const id of before.keys()) if (!after.has(id)) return `component "${id}" is missing`;
  for (const [id, spec] of after) {
    const wanted = before.get(id);
    if (wanted === undefined) return `component "${id}" is new`;
    const changed = differenceOf(wanted, spec);
    if (changed !== null) return `component "${id}" has other ${changed}`;
  }
  return null;
}

/** Those of the system, such as ackers, come from no code. */
function byId({ components }: TopologyDescription): Map<string, ComponentSpec> {
  return new Map(components.filter(({ id }) => !id.startsWith("__")).map((spec) => [spec.id, spec]));
}

function differenceOf(a: ComponentSpec, b: ComponentSpec): string | null {
  if ((a.kind === "spout") !== (b.kind === "spout")) return "work: one is a spout, one a bolt";
  if (streamsText(a) !== streamsText(b)) return "streams";
  return inputsText(a) === inputsText(b) ? null : "groupings";
}

function streamsText({ streams }: ComponentSpec): string {
  const listed = Object.entries(streams).map(([id, { fields, direct }]) => JSON.stringify([id, fields, direct]));
  return listed.sort().join();
}

function inputsText({ inputs }: ComponentSpec): string {
  const listed = inputs.map(({ componentId, streamId, grouping }) => {
    const fields = "fields" in grouping ? grouping.fields : [];
    // Fields grouping by no field is Storm's word for global grouping.
    const type = grouping.type === "fields" && fields.length === 0 ? "global" : grouping.type;
    return JSON.stringify([componentId, streamId, type, fields]);
  });
  return listed.sort().join();
}
