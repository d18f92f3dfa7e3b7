/** What makes a topology legal, checked before anything runs. Source: Storm's topology validation and Concepts. */
import { exitCodes, StormLabError } from "../base/index.ts";
import type { AnyComponent } from "./components.ts";
import { type Conf, mergeConf, toConf, validateConf } from "./config.ts";
import { cyclesOf } from "./cycles.ts";
import { StreamCollector, type StreamSpec } from "./streams.ts";
import type { ComponentSpec, InputSpec, TopologyDescription } from "./topology.ts";

/** As many executors or tasks as one component may have: far above any cluster of ours, far below what a slip such as 1e9 asks for. */
export const parallelismMax = 10_000;

/** A component as the builder collected it, nothing checked. */
export interface DraftComponent {
  readonly call: "setSpout" | "setBolt";
  readonly id: string;
  readonly component: AnyComponent;
  readonly parallelismHint: number;
  readonly conf: Conf;
  readonly inputs: readonly InputSpec[];
}

export function describeTopology(drafts: readonly DraftComponent[]): TopologyDescription {
  const components = drafts.map(describeComponent).sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const [index, component] of components.entries()) {
    if (component.id === components[index + 1]?.id) throw duplicate(component.id);
  }
  if (!components.some((component) => component.kind === "spout")) {
    throw usage("SL-NO-SPOUT", "the topology has no spout", "nothing would ever be emitted", "add one with setSpout");
  }
  const byId = new Map(components.map((component) => [component.id, component]));
  for (const component of components) validateInputs(component, byId);
  const warnings = cyclesOf(components).map((cycle) => `the components ${cycle.join(" → ")} form a cycle`);
  return Object.freeze({ components: Object.freeze(components), warnings });
}

/** Throws SL-TOPOLOGY-NAME. Rule: Storm's `^[^/.:\\]+$`. */
export function validateTopologyName(name: unknown): asserts name is string {
  if (typeof name === "string" && /^[^/.:\\]+$/.test(name)) return;
  const what = `the topology's name is ${JSON.stringify(name)}`;
  throw usage(
    "SL-TOPOLOGY-NAME",
    what,
    "a name must not be empty nor have any of / . : \\ in it",
    "give it a plain name, such as word-count",
  );
}

function describeComponent(draft: DraftComponent): ComponentSpec {
  validateId(draft.id);
  validateKind(draft);
  const conf = mergeConf(toConf(draft.component.getComponentConfiguration?.()), draft.conf);
  validateConf(conf, `the conf of component "${draft.id}"`);
  validateParallelism(draft.id, "parallelism", draft.parallelismHint);
  const tasks = conf["topology.tasks"];
  if (tasks !== undefined && tasks !== null) validateParallelism(draft.id, "number of tasks", tasks);
  const collector = new StreamCollector();
  draft.component.declareOutputFields(collector);
  return Object.freeze({
    id: draft.id,
    kind: draft.component.componentKind,
    parallelismHint: draft.parallelismHint,
    streams: streamsOf(draft.id, collector),
    inputs: Object.freeze([...draft.inputs]),
    conf,
  });
}

function validateId(id: unknown): void {
  if (typeof id !== "string" || id === "") {
    throw usage(
      "SL-COMPONENT-ID",
      `a component's id is ${JSON.stringify(id)}`,
      "an id is a text with at least one character",
      "name it after what it does, such as split",
    );
  }
  if (id.startsWith("__")) throw reserved(`component id "${id}"`);
}

function validateKind(draft: DraftComponent): void {
  const kind: unknown = (draft.component as { componentKind?: unknown } | null | undefined)?.componentKind;
  const legal = draft.call === "setSpout" ? kind === "spout" : kind === "rich-bolt" || kind === "basic-bolt";
  if (legal) return;
  const got = kind === undefined ? "something that is no spout and no bolt" : `a ${String(kind)}`;
  const hint = draft.call === "setSpout" ? "pass a spout, or call setBolt" : "pass a bolt, or call setSpout";
  throw wrongKind(draft.call, draft.id, got, hint);
}

/** SL-COMPONENT-KIND for a class given where an object of it was meant. */
export function classGiven(call: DraftComponent["call"], id: string, name: string): StormLabError {
  return wrongKind(call, id, `the class ${name}`, `pass an object: new ${name}(…)`);
}

function wrongKind(call: DraftComponent["call"], id: string, got: string, hint: string): StormLabError {
  return usage(
    "SL-COMPONENT-KIND",
    `${call}("${id}", …) got ${got}`,
    "a spout extends BaseRichSpout; a bolt extends BaseRichBolt or BaseBasicBolt",
    hint,
  );
}

function validateParallelism(id: string, what: string, value: unknown): void {
  if (Number.isInteger(value) && (value as number) >= 1 && (value as number) <= parallelismMax) return;
  throw usage(
    "SL-PARALLELISM",
    `the ${what} of "${id}" is ${String(value)}`,
    `it must be a whole number from 1 to ${parallelismMax}`,
    "start with 1 and raise it when the component's capacity comes near 1.0",
  );
}

function streamsOf(componentId: string, collector: StreamCollector): Readonly<Record<string, StreamSpec>> {
  const streams: Record<string, StreamSpec> = {};
  for (const { id, fields, direct } of collector.declared) {
    if (typeof id !== "string" || id === "") {
      throw badStream(`component "${componentId}" declares a stream whose id is ${JSON.stringify(id)}`);
    }
    const where = `stream "${id}" of component "${componentId}"`;
    if (id.startsWith("__")) throw reserved(where);
    if (Object.hasOwn(streams, id)) throw badStream(`${where} is declared twice`);
    if (!Array.isArray(fields)) {
      throw badStream(`${where} is declared with ${JSON.stringify(fields)}, which is no list of field names`);
    }
    if (!fields.every((field) => typeof field === "string" && field !== ""))
      throw badStream(`${where} has a field without a name`);
    if (new Set(fields).size !== fields.length) throw badStream(`${where} names a field twice: ${fields.join(", ")}`);
    streams[id] = Object.freeze({ fields: Object.freeze([...fields]), direct });
  }
  return Object.freeze(streams);
}

function validateInputs(component: ComponentSpec, byId: ReadonlyMap<string, ComponentSpec>): void {
  if (component.kind !== "spout" && component.inputs.length === 0) {
    throw usage(
      "SL-NO-INPUT",
      `bolt "${component.id}" subscribes to nothing`,
      "it would never receive a tuple",
      "add a grouping, such as .shuffleGrouping(source)",
    );
  }
  for (const input of component.inputs) validateInput(component.id, input, byId);
}

function validateInput(id: string, input: InputSpec, byId: ReadonlyMap<string, ComponentSpec>): void {
  const source = byId.get(input.componentId);
  if (source === undefined) {
    const known = [...byId.keys()].join(", ");
    throw usage(
      "SL-COMPONENT-UNKNOWN",
      `bolt "${id}" subscribes to "${input.componentId}", which does not exist`,
      `the topology has: ${known}`,
      "correct the id, or pass what setSpout or setBolt returned",
    );
  }
  const stream = Object.hasOwn(source.streams, input.streamId) ? source.streams[input.streamId] : undefined;
  if (stream === undefined) {
    const known = Object.keys(source.streams).join(", ") || "no stream at all";
    throw usage(
      "SL-STREAM-UNKNOWN",
      `bolt "${id}" subscribes to stream "${input.streamId}" of "${source.id}", which it does not declare`,
      `"${source.id}" declares: ${known}`,
      "declare it in declareOutputFields, or correct the stream's id",
    );
  }
  if ((input.grouping.type === "direct") !== stream.direct) throw directMismatch(id, input, stream.direct);
  if (input.grouping.type !== "fields" && input.grouping.type !== "partial-key") return;
  for (const field of input.grouping.fields) {
    if (stream.fields.includes(field)) continue;
    throw usage(
      "SL-FIELD-UNKNOWN",
      `bolt "${id}" groups by field "${field}", which stream "${input.streamId}" of "${source.id}" does not have`,
      `its fields are: ${stream.fields.join(", ") || "none"}`,
      "correct the field's name",
    );
  }
}

function directMismatch(id: string, input: InputSpec, direct: boolean): StormLabError {
  const stream = `stream "${input.streamId}" of "${input.componentId}"`;
  const what = direct
    ? `bolt "${id}" subscribes to the direct ${stream} by ${input.grouping.type} grouping`
    : `bolt "${id}" subscribes to ${stream} by direct grouping, but it is not direct`;
  return usage(
    "SL-GROUPING-DIRECT",
    what,
    "only emitDirect names its task, so a direct stream and a direct grouping need each other",
    direct ? "use directGrouping" : "declare the stream direct, or choose another grouping",
  );
}

function duplicate(id: string): StormLabError {
  return usage(
    "SL-COMPONENT-DUPLICATE",
    `two components have the id "${id}"`,
    "ids are unique over spouts and bolts",
    "rename one of them",
  );
}

function reserved(what: string): StormLabError {
  return usage(
    "SL-ID-RESERVED",
    `${what} begins with __`,
    "such ids belong to the system (__acker, __system, __tick …)",
    "choose an id without the leading underscores",
  );
}

function badStream(what: string): StormLabError {
  return usage(
    "SL-STREAM-DECLARED",
    what,
    "a stream is declared once, with distinct field names",
    "correct declareOutputFields",
  );
}

function usage(code: string, what: string, why: string, hint: string): StormLabError {
  return new StormLabError({ code, what, why, hint, exitCode: exitCodes.usage });
}
