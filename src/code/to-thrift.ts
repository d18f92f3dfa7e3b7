/** A topology's description as Storm's Thrift has it, which is what nimbus stores and what every Storm reads. */
import type { ComponentSpec, TopologyDescription } from "../topology/index.ts";
import type {
  ComponentCommon,
  ComponentObject,
  GlobalStreamId,
  Grouping,
  ShellComponent,
  StormTopology,
} from "../wire/thrift/index.ts";
import { subscribedTwice } from "./code-errors.ts";
import { jsonConf } from "./json-conf.ts";
import { groupingToThrift } from "./thrift-grouping.ts";

/** Each component is a ShellComponent: `storm-lab`, with the words by which the archive's module makes it. */
const shellCommand = "storm-lab";
const scriptWord = "component ";

/** `entry`: the module in the archive, as the archive's manifest names it. Throws SL-CONF-JSON and SL-SUBSCRIBED-TWICE. */
export function topologyToThrift(description: TopologyDescription, entry: string): StormTopology {
  const byId = new Map(description.components.map((component) => [component.id, component]));
  const spouts: StormTopology["spouts"] = new Map(
    description.components
      .filter(({ kind }) => kind === "spout")
      .map((spec) => [spec.id, { spout_object: objectOf(spec, entry), common: commonOf(spec, byId) }]),
  );
  const bolts: StormTopology["bolts"] = new Map(
    description.components
      .filter(({ kind }) => kind !== "spout")
      .map((spec) => [spec.id, { bolt_object: objectOf(spec, entry), common: commonOf(spec, byId) }]),
  );
  return { spouts, bolts, state_spouts: new Map() };
}

/** Whether a ShellComponent is one of ours. */
export function isOurComponent({ execution_command = "", script = "" }: ShellComponent, id: string): boolean {
  return execution_command === shellCommand && script.startsWith(scriptWord) && script.endsWith(`#${id}`);
}

function objectOf({ id }: ComponentSpec, entry: string): ComponentObject {
  return { shell: { execution_command: shellCommand, script: `${scriptWord}${entry}#${id}` } };
}

function commonOf(spec: ComponentSpec, byId: ReadonlyMap<string, ComponentSpec>): ComponentCommon {
  const streams = Object.entries(spec.streams).map(
    ([id, { fields, direct }]) => [id, { output_fields: fields, direct }] as const,
  );
  return {
    inputs: inputsOf(spec, byId),
    streams: new Map(streams),
    parallelism_hint: spec.parallelismHint,
    json_conf: jsonConf(spec.conf, `the conf of component "${spec.id}"`),
  };
}

function inputsOf(
  { id, inputs }: ComponentSpec,
  byId: ReadonlyMap<string, ComponentSpec>,
): (readonly [GlobalStreamId, Grouping])[] {
  const seen = new Set<string>();
  return inputs.map(({ componentId, streamId, grouping }) => {
    const key = JSON.stringify([componentId, streamId]);
    // Storm keeps one grouping for a stream: the last one would silently replace the others.
    if (seen.has(key)) throw subscribedTwice(id, componentId, streamId);
    seen.add(key);
    const sourceFields = byId.get(componentId)?.streams[streamId]?.fields ?? [];
    return [{ componentId, streamId }, groupingToThrift(grouping, sourceFields)] as const;
  });
}
