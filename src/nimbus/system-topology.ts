/**
 * The topology as it runs: what the author wrote, and the components and streams that the system adds. From it come the numbers of
 * tasks and the ranges of executors, the same in nimbus, workers and Storm's own tools. Source: StormCommon of Storm 2.8.
 */
import { partitionFixed } from "../topology/index.ts";
import type {
  Bolt,
  ComponentCommon,
  GlobalStreamId,
  Grouping,
  SpoutSpec,
  StormTopology,
  StreamInfo,
} from "../wire/thrift/index.ts";
import { type ConfObject, jsonObject, numberOf } from "./conf-values.ts";

const ackerId = "__acker";
export const eventLoggerId = "__eventlogger";
export const systemId = "__system";

/** `[first task, last task]`. */
export type Executor = readonly [first: number, last: number];

type Component = SpoutSpec | Bolt;
interface WithCommon {
  readonly common: ComponentCommon;
}

export function isSystemId(id: string): boolean {
  return id.startsWith("__");
}

/** Spouts and bolts by id. */
export function allComponents(topology: StormTopology): Map<string, Component> {
  return new Map<string, Component>([...topology.bolts, ...topology.spouts]);
}

export function componentConf({ common }: WithCommon): ConfObject {
  return common.json_conf === undefined || common.json_conf === "" ? {} : jsonObject(common.json_conf);
}

/** As many executors as it starts with. */
export function parallelismHint({ common }: WithCommon): number {
  return common.parallelism_hint ?? 1;
}

/** `topologyConf` on top of the cluster's. */
export function systemTopology(topologyConf: ConfObject, topology: StormTopology): StormTopology {
  const timeoutSecs = numberOf(topologyConf, "topology.message.timeout.secs", 30);
  const eventLoggers = numberOf(topologyConf, "topology.eventlogger.executors", 0);
  const logged = <C extends Component>(component: C): C => (eventLoggers > 0 ? withEventStream(component) : component);
  const spouts = [...topology.spouts].map(([id, spout]) => [id, logged(ackedSpout(spout, timeoutSecs))] as const);
  const bolts = [...topology.bolts].map(([id, bolt]) => [id, logged(ackedBolt(bolt))] as const);
  const added: [string, Bolt][] = [
    [ackerId, acker(topologyConf, topology, timeoutSecs)],
    ...(eventLoggers > 0 ? [[eventLoggerId, eventLogger(eventLoggers, topology)] as [string, Bolt]] : []),
    [systemId, system()],
  ];
  return {
    ...topology,
    spouts: withSystemStreams(new Map(spouts)),
    bolts: withSystemStreams(new Map<string, Bolt>([...bolts, ...added])),
  };
}

/** Component by task: components in the order of their ids, tasks from 1. */
export function taskComponents(topologyConf: ConfObject, topology: StormTopology): Map<number, string> {
  const components = [...allComponents(systemTopology(topologyConf, topology))].sort(([a], [b]) => (a < b ? -1 : 1));
  const tasks = new Map<number, string>();
  for (const [id, component] of components) {
    const count = numberOf(componentConf(component), "topology.tasks", 0);
    for (let each = 0; each < count; each++) tasks.set(tasks.size + 1, id);
  }
  return tasks;
}

/** In the order of their tasks. `counts`: how many executors each component has. */
export function executorsOf(counts: ReadonlyMap<string, number>, components: ReadonlyMap<number, string>): Executor[] {
  const tasksOf = new Map<string, number[]>();
  for (const [task, id] of components) tasksOf.set(id, [...(tasksOf.get(id) ?? []), task]);
  return [...tasksOf].flatMap(([id, tasks]) =>
    partitionFixed(tasks, counts.get(id) ?? 0).map((part): Executor => [part[0] ?? 0, part.at(-1) ?? 0]),
  );
}

/** How many executors each component of the running topology starts with. */
export function startExecutors(topologyConf: ConfObject, topology: StormTopology): Map<string, number> {
  const components = allComponents(systemTopology(topologyConf, topology));
  return new Map([...components].map(([id, component]) => [id, parallelismHint(component)]));
}

function ackedSpout(spout: SpoutSpec, timeoutSecs: number): SpoutSpec {
  const conf = { ...componentConf(spout), "topology.tick.tuple.freq.secs": timeoutSecs };
  const fromAcker = ["__ack_ack", "__ack_fail", "__ack_reset_timeout"].map(
    (streamId) => [{ componentId: ackerId, streamId }, { direct: {} }] as const,
  );
  const common: ComponentCommon = {
    ...spout.common,
    inputs: [...spout.common.inputs, ...fromAcker],
    streams: new Map([...spout.common.streams, ["__ack_init", stream("id", "init-val", "spout-task")]]),
    json_conf: JSON.stringify(conf),
  };
  return { ...spout, common };
}

function ackedBolt(bolt: Bolt): Bolt {
  const streams = new Map<string, StreamInfo>([
    ...bolt.common.streams,
    ["__ack_ack", stream("id", "ack-val")],
    ["__ack_fail", stream("id")],
    ["__ack_reset_timeout", stream("id")],
  ]);
  return { ...bolt, common: { ...bolt.common, streams } };
}

function acker(topologyConf: ConfObject, topology: StormTopology, timeoutSecs: number): Bolt {
  const workers = numberOf(topologyConf, "topology.workers", 1);
  const count = numberOf(topologyConf, "topology.acker.executors", workers);
  const byId = { fields: ["id"] };
  const inputs: (readonly [GlobalStreamId, Grouping])[] = [];
  for (const componentId of topology.spouts.keys()) inputs.push([{ componentId, streamId: "__ack_init" }, byId]);
  for (const componentId of topology.bolts.keys()) {
    for (const streamId of ["__ack_ack", "__ack_fail", "__ack_reset_timeout"]) {
      inputs.push([{ componentId, streamId }, byId]);
    }
  }
  const answer = { ...stream("id", "time-delta-ms"), direct: true };
  return builtIn("org.apache.storm.daemon.Acker", {
    inputs,
    streams: new Map([
      ["__ack_ack", answer],
      ["__ack_fail", answer],
      ["__ack_reset_timeout", answer],
    ]),
    parallelism_hint: count,
    json_conf: JSON.stringify({ "topology.tasks": count, "topology.tick.tuple.freq.secs": timeoutSecs }),
  });
}

function eventLogger(count: number, topology: StormTopology): Bolt {
  return builtIn("org.apache.storm.metric.EventLoggerBolt", {
    inputs: [...allComponents(topology).keys()].map((componentId) => [
      { componentId, streamId: "__eventlog" },
      { fields: ["component-id"] },
    ]),
    streams: new Map(),
    parallelism_hint: count,
    json_conf: JSON.stringify({ "topology.tasks": count }),
  });
}

function withEventStream<C extends Component>(component: C): C {
  const streams = new Map([
    ...component.common.streams,
    ["__eventlog", stream("component-id", "message-id", "ts", "values")] as const,
  ]);
  return { ...component, common: { ...component.common, streams } };
}

/** Its one task is −1 in every worker, so it has none here. */
function system(): Bolt {
  return builtIn("org.apache.storm.metric.SystemBolt", {
    inputs: [],
    streams: new Map([
      ["__tick", stream("rate_secs")],
      ["__flush", stream()],
      ["__metrics_tick", stream("interval")],
    ]),
    parallelism_hint: 0,
    json_conf: JSON.stringify({ "topology.tasks": 0 }),
  });
}

function builtIn(className: string, common: ComponentCommon): Bolt {
  return { bolt_object: { java_object: { full_class_name: className, args_list: [] } }, common };
}

function withSystemStreams<C extends Component>(components: ReadonlyMap<string, C>): Map<string, C> {
  const added = new Map<string, C>();
  for (const [id, component] of components) {
    const streams = new Map([
      ...component.common.streams,
      ["__metrics", stream("task-info", "data-points")] as const,
      ["__system", stream("event")] as const,
    ]);
    added.set(id, { ...component, common: { ...component.common, streams } });
  }
  return added;
}

function stream(...fields: readonly string[]): StreamInfo {
  return { output_fields: fields, direct: false };
}
