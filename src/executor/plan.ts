/**
 * A topology description and its conf → tasks, executors and numbered streams, system components included. Pure and deterministic:
 * every worker makes the same plan, so numbers can travel instead of names. Source of the numbering: Storm's StormCommon
 * (components in sorted order, tasks from 1, an executor owns a contiguous range).
 */
import { assert, must } from "../base/index.ts";
import {
  type ComponentKind,
  type ComponentSpec,
  type Conf,
  Fields,
  type InputSpec,
  mergeConf,
  partitionFixed,
  type TopologyDescription,
  taskCount,
  topologyDefaults,
} from "../topology/index.ts";

export const ackerId = "__acker";
export const eventLoggerId = "__eventlogger";
const systemId = "__system";
export const systemTask = -1;

/** System streams, by Storm's names. */
export const ackInit = "__ack_init";
export const ackAck = "__ack_ack";
export const ackFail = "__ack_fail";
export const ackResetTimeout = "__ack_reset_timeout";
export const tickStream = "__tick";
/** To the event logger. */
export const eventLogStream = "__eventlog";

/** One stream of one component; `index` is its number in this topology. */
export class StreamInfo {
  readonly index: number;
  readonly componentId: string;
  readonly streamId: string;
  readonly fields: Fields;
  readonly direct: boolean;
  /** Carries acks, ticks or samples: not counted as the author's. */
  readonly system: boolean;
  /** Carries acks: all its values are integers, a root's two halves first. */
  readonly acks: boolean;

  constructor(index: number, componentId: string, streamId: string, fields: readonly string[], direct: boolean) {
    this.index = index;
    this.componentId = componentId;
    this.streamId = streamId;
    this.fields = new Fields(...fields);
    this.direct = direct;
    this.system = streamId.startsWith("__");
    this.acks = streamId.startsWith("__ack");
  }
}

export interface PlannedComponent {
  readonly id: string;
  readonly kind: ComponentKind | "acker" | "event-logger";
  readonly conf: Conf;
  readonly inputs: readonly InputSpec[];
  /** Ascending. */
  readonly tasks: readonly number[];
  readonly streams: readonly StreamInfo[];
}

export interface ExecutorPlan {
  readonly componentId: string;
  /** Contiguous, ascending. */
  readonly tasks: readonly number[];
}

export interface TopologyPlan {
  readonly conf: Conf;
  readonly components: ReadonlyMap<string, PlannedComponent>;
  /** By task id − 1. */
  readonly componentOfTask: readonly string[];
  readonly streams: readonly StreamInfo[];
  /** In task order. */
  readonly executors: readonly ExecutorPlan[];
  readonly ackerTasks: readonly number[];
  readonly tick: StreamInfo;
}

/** First and last task of an executor. */
export type ExecutorRange = readonly [first: number, last: number];

/**
 * `conf` on top of the defaults; per-component conf on top of that. `ranges`: the executors as a rebalance may have cut them anew;
 * default: as the parallelism hints say. The tasks are the same either way.
 */
export function planTopology(
  description: TopologyDescription,
  topologyConf: Conf,
  ranges?: readonly ExecutorRange[],
): TopologyPlan {
  const conf = mergeConf(topologyDefaults, topologyConf);
  const ackers = (conf["topology.acker.executors"] ?? conf["topology.workers"]) as number;
  const eventLoggers = eventLoggersOf(conf);
  const streams = new StreamNumbers();
  const components = new Map<string, PlannedComponent>();
  const executors: ExecutorPlan[] = [];
  const componentOfTask: string[] = [];
  const drafts: Draft[] = [...description.components];
  if (ackers > 0) drafts.push(ackerDraft(ackers, description));
  if (eventLoggers > 0) drafts.push(eventLoggerDraft(eventLoggers, description));
  for (const draft of drafts.sort((a, b) => (a.id < b.id ? -1 : 1))) {
    const componentConf = mergeConf(conf, draft.conf);
    const count = counts(draft.parallelismHint, componentConf, isSystemKind(draft.kind));
    const tasks = Array.from({ length: count.tasks }, () => componentOfTask.push(draft.id));
    for (const range of partitionFixed(tasks, count.executors)) executors.push({ componentId: draft.id, tasks: range });
    components.set(draft.id, {
      id: draft.id,
      kind: draft.kind,
      conf: componentConf,
      inputs: draft.inputs,
      tasks,
      streams: streams.add(draft.id, draft.streams, [
        ...(ackers > 0 ? ackStreams[draft.kind] : []),
        ...(eventLoggers > 0 && !isSystemKind(draft.kind) ? [eventStream] : []),
      ]),
    });
  }
  const tick = streams.next(systemId, tickStream, ["rate_secs"], false);
  const ackerTasks = components.get(ackerId)?.tasks ?? [];
  return {
    conf,
    components,
    componentOfTask,
    streams: streams.all,
    executors: ranges === undefined ? executors : ranges.map((range) => executorOf(range, componentOfTask)),
    ackerTasks,
    tick,
  };
}

function executorOf([first, last]: ExecutorRange, componentOfTask: readonly string[]): ExecutorPlan {
  const componentId = must(componentOfTask[first - 1], `task ${first}`);
  assert(first <= last && componentOfTask[last - 1] === componentId, `tasks ${first} to ${last} are of one component`);
  return { componentId, tasks: Array.from({ length: last - first + 1 }, (_, index) => first + index) };
}

export function componentOf(plan: TopologyPlan, taskId: number): PlannedComponent {
  return must(
    plan.components.get(must(plan.componentOfTask[taskId - 1], `task ${taskId}`)),
    `component of task ${taskId}`,
  );
}

/**
 * Steps from a spout on the longest way, by component id; on a cycle no more than there are components. Executors take their turns
 * in this order: then a tuple can pass the whole topology in one step, and the XORs of its tree fold into nothing before an
 * acker hears of it.
 */
export function depths(plan: TopologyPlan): Map<string, number> {
  const components = [...plan.components.values()];
  const found = new Map(components.map(({ id }) => [id, 0]));
  for (let round = 1; round < components.length; round++) {
    for (const { id, inputs } of components) {
      for (const { componentId } of inputs)
        found.set(id, Math.max(found.get(id) ?? 0, Math.min(round, (found.get(componentId) ?? 0) + 1)));
    }
  }
  return found;
}

/** Of the system's own, not the author's. */
export function isSystemKind(kind: PlannedComponent["kind"]): kind is "acker" | "event-logger" {
  return kind === "acker" || kind === "event-logger";
}

/** Null: one for each worker, as in Storm. */
function eventLoggersOf(conf: Conf): number {
  const count = conf["topology.eventlogger.executors"];
  return (count === null ? conf["topology.workers"] : (count ?? 0)) as number;
}

function counts(hint: number, conf: Conf, ofSystem: boolean): { tasks: number; executors: number } {
  const tasks = ofSystem ? hint : taskCount(hint, conf);
  return { tasks, executors: Math.min(hint, tasks) };
}

type Draft = Omit<ComponentSpec, "kind"> & { readonly kind: PlannedComponent["kind"] };

function ackerDraft(parallelismHint: number, description: TopologyDescription): Draft {
  const inputs: InputSpec[] = description.components.flatMap((component) => {
    const streams = component.kind === "spout" ? [ackInit] : [ackAck, ackFail, ackResetTimeout];
    return streams.map((streamId) => ({
      componentId: component.id,
      streamId,
      grouping: { type: "fields" as const, fields: ["root_hi", "root_lo"] },
    }));
  });
  return { id: ackerId, kind: "acker" as const, parallelismHint, inputs, conf: {}, streams: {} };
}

/** Source: StormCommon.addEventLogger of Storm 2.8. */
function eventLoggerDraft(parallelismHint: number, description: TopologyDescription): Draft {
  const inputs = description.components.map(({ id }): InputSpec => {
    return { componentId: id, streamId: eventLogStream, grouping: { type: "fields", fields: ["component-id"] } };
  });
  return { id: eventLoggerId, kind: "event-logger" as const, parallelismHint, inputs, conf: {}, streams: {} };
}

/** Gives each stream its number, in the order in which components are added. */
class StreamNumbers {
  readonly all: StreamInfo[] = [];

  next(componentId: string, streamId: string, fields: readonly string[], direct: boolean): StreamInfo {
    const stream = new StreamInfo(this.all.length, componentId, streamId, fields, direct);
    this.all.push(stream);
    return stream;
  }

  add(
    id: string,
    declared: Readonly<Record<string, { fields: readonly string[]; direct: boolean }>>,
    ofSystem: readonly SystemStream[],
  ): StreamInfo[] {
    const streams = Object.entries(declared).map(([streamId, spec]) =>
      this.next(id, streamId, spec.fields, spec.direct),
    );
    for (const [streamId, fields, direct] of ofSystem) streams.push(this.next(id, streamId, fields, direct));
    return streams;
  }
}

const root = ["root_hi", "root_lo"] as const;
type SystemStream = readonly [streamId: string, fields: readonly string[], direct: boolean];
const eventStream: SystemStream = [eventLogStream, ["component-id", "message-id", "ts", "values"], false];
const boltStreams: readonly SystemStream[] = [
  [ackAck, [...root, "xor_hi", "xor_lo"], false],
  [ackFail, root, false],
  [ackResetTimeout, root, false],
];
const ackStreams: Readonly<Record<PlannedComponent["kind"], readonly SystemStream[]>> = {
  spout: [[ackInit, [...root, "xor_hi", "xor_lo", "spout_task"], false]],
  "rich-bolt": boltStreams,
  "basic-bolt": boltStreams,
  "event-logger": [],
  acker: [
    [ackAck, [...root, "elapsed_ms"], true],
    [ackFail, [...root, "elapsed_ms"], true],
    [ackResetTimeout, [...root, "elapsed_ms"], true],
  ],
};
