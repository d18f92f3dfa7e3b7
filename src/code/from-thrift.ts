/** A description out of Storm's Thrift: what nimbus and the workers know of a topology without its code. */
import {
  type ComponentKind,
  type ComponentSpec,
  type Conf,
  cyclesOf,
  type StreamSpec,
  type TopologyDescription,
} from "../topology/index.ts";
import type { Bolt, ComponentCommon, ComponentObject, SpoutSpec, StormTopology } from "../wire/thrift/index.ts";
import { foreignComponent } from "./code-errors.ts";
import { confFromJson } from "./json-conf.ts";
import { groupingFromThrift } from "./thrift-grouping.ts";
import { isOurComponent } from "./to-thrift.ts";

/**
 * Bolts come back as rich ones: only their code knows whether they are basic. Throws SL-TOPOLOGY-FOREIGN for a component or
 * grouping that is no storm-lab code.
 */
export function topologyFromThrift(topology: StormTopology): TopologyDescription {
  const all = new Map<string, ComponentCommon>();
  for (const [id, { common }] of [...topology.spouts, ...topology.bolts]) all.set(id, common);
  const spouts = [...topology.spouts].map(([id, { spout_object, common }]: [string, SpoutSpec]) =>
    specOf(id, "spout", spout_object, common, all),
  );
  const bolts = [...topology.bolts].map(([id, { bolt_object, common }]: [string, Bolt]) =>
    specOf(id, "rich-bolt", bolt_object, common, all),
  );
  const components = [...spouts, ...bolts].sort((a, b) => (a.id < b.id ? -1 : 1));
  const warnings = cyclesOf(components).map((cycle) => `the components ${cycle.join(" → ")} form a cycle`);
  return Object.freeze({ components: Object.freeze(components), warnings });
}

function specOf(
  id: string,
  kind: ComponentKind,
  object: ComponentObject,
  common: ComponentCommon,
  all: ReadonlyMap<string, ComponentCommon>,
): ComponentSpec {
  refuseForeign(id, object);
  const inputs = common.inputs.map(([{ componentId, streamId }, grouping]) => {
    const sourceFields = all.get(componentId)?.streams.get(streamId)?.output_fields ?? [];
    return { componentId, streamId, grouping: groupingFromThrift(grouping, sourceFields, id) };
  });
  const streams = [...common.streams].map(([streamId, { output_fields: fields, direct }]): [string, StreamSpec] => [
    streamId,
    Object.freeze({ fields, direct }),
  ]);
  return Object.freeze({
    id,
    kind,
    parallelismHint: common.parallelism_hint ?? 1,
    streams: Object.freeze(Object.fromEntries(streams)),
    inputs: Object.freeze(inputs),
    conf: confOf(id, common),
  });
}

function confOf(id: string, { json_conf }: ComponentCommon): Conf {
  return json_conf === undefined || json_conf === "" ? {} : confFromJson(json_conf, `the conf of component "${id}"`);
}

function refuseForeign(id: string, object: ComponentObject): void {
  if (object.serialized_java !== undefined) throw foreignComponent(id, "a serialised Java object");
  if (object.java_object !== undefined)
    throw foreignComponent(id, `the Java class ${object.java_object.full_class_name}`);
  const { shell } = object;
  if (!isOurComponent(shell, id))
    throw foreignComponent(id, `the command "${shell.execution_command ?? ""} ${shell.script ?? ""}"`);
}
