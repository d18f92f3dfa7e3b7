/** `TopologyContext` over a plan. */
import { exitCodes, must, type Runtime, StormLabError } from "../base/index.ts";
import type { Conf, Counter, Fields, GroupingSpec, Published, SystemContext, TaskHook } from "../topology/index.ts";
import { componentOf, isSystemKind, type PlannedComponent, type TopologyPlan } from "./plan.ts";

/** What is the same for all tasks of a worker. */
export interface WorkerIdentity {
  readonly topologyId: string;
  readonly topologyName: string;
  readonly port: number;
  /** Ascending. */
  readonly tasks: readonly number[];
  readonly codeDirectory: string;
}

/** What a SystemContext has beyond a TopologyContext. */
export type TaskSystem = Pick<SystemContext, "runtime" | "rouse">;

/** What an author counts and measures, by name; gauges as they read now. */
export interface UserMetrics {
  readonly counters: Readonly<Record<string, number>>;
  readonly gauges: Readonly<Record<string, number>>;
}

export class TaskContext implements SystemContext {
  readonly topologyId: string;
  readonly topologyName: string;
  readonly thisWorkerPort: number;
  readonly thisWorkerTasks: readonly number[];
  readonly codeDirectory: string;
  readonly thisTaskId: number;
  readonly thisComponentId: string;
  readonly thisTaskIndex: number;
  readonly conf: Conf;
  readonly hooks: TaskHook[] = [];
  readonly runtime: Runtime;
  readonly rouse: () => void;
  private readonly plan: TopologyPlan;
  private readonly published = new Map<string, Published | (() => Published)>();
  private readonly counters = new Map<string, number>();
  private readonly gauges = new Map<string, () => number>();

  constructor(plan: TopologyPlan, worker: WorkerIdentity, taskId: number, system: TaskSystem) {
    const component = componentOf(plan, taskId);
    this.plan = plan;
    this.runtime = system.runtime;
    this.rouse = system.rouse;
    this.topologyId = worker.topologyId;
    this.topologyName = worker.topologyName;
    this.thisWorkerPort = worker.port;
    this.thisWorkerTasks = worker.tasks;
    this.codeDirectory = worker.codeDirectory;
    this.thisTaskId = taskId;
    this.thisComponentId = component.id;
    this.thisTaskIndex = component.tasks.indexOf(taskId);
    this.conf = component.conf;
  }

  getComponentIds(): readonly string[] {
    return [...this.plan.components.values()].filter(({ kind }) => !isSystemKind(kind)).map(({ id }) => id);
  }

  getComponentTasks(componentId: string): readonly number[] {
    return this.component(componentId).tasks;
  }

  getComponentId(taskId: number): string {
    return componentOf(this.plan, taskId).id;
  }

  getComponentStreams(componentId: string): readonly string[] {
    return this.component(componentId)
      .streams.filter((stream) => !stream.system)
      .map((stream) => stream.streamId);
  }

  getComponentOutputFields(componentId: string, streamId: string): Fields {
    const component = this.component(componentId);
    return must(
      component.streams.find((stream) => stream.streamId === streamId),
      `stream ${streamId} of ${componentId}`,
    ).fields;
  }

  getSources(componentId: string): ReadonlyMap<string, ReadonlyMap<string, GroupingSpec>> {
    const sources = new Map<string, Map<string, GroupingSpec>>();
    for (const input of this.component(componentId).inputs)
      put(sources, input.componentId, input.streamId, input.grouping);
    return sources;
  }

  getTargets(componentId: string): ReadonlyMap<string, ReadonlyMap<string, GroupingSpec>> {
    const targets = new Map<string, Map<string, GroupingSpec>>();
    for (const component of this.plan.components.values()) {
      if (isSystemKind(component.kind)) continue;
      for (const input of component.inputs) {
        if (input.componentId === componentId) put(targets, input.streamId, component.id, input.grouping);
      }
    }
    return targets;
  }

  publish(name: string, value: Published | (() => Published)): void {
    this.published.set(name, value);
  }

  addTaskHook(hook: TaskHook): void {
    this.hooks.push(hook);
  }

  registerCounter(name: string): Counter {
    this.counters.set(name, this.counters.get(name) ?? 0);
    return { increment: (by = 1) => void this.counters.set(name, (this.counters.get(name) ?? 0) + Number(by)) };
  }

  registerGauge(name: string, read: () => number): void {
    this.gauges.set(name, read);
  }

  /** What has been published, read now. */
  results(): Map<string, Published> {
    return new Map([...this.published].map(([name, value]) => [name, typeof value === "function" ? value() : value]));
  }

  userMetrics(): UserMetrics {
    const gauges = [...this.gauges].map(([name, read]): [string, number] => [name, Number(read())]);
    return { counters: Object.fromEntries(this.counters), gauges: Object.fromEntries(gauges) };
  }

  private component(componentId: string): PlannedComponent {
    const component = this.plan.components.get(componentId);
    if (component !== undefined) return component;
    throw new StormLabError({
      code: "SL-COMPONENT-UNKNOWN",
      what: `component "${this.thisComponentId}" asked for "${componentId}", which does not exist`,
      why: `the topology has: ${this.getComponentIds().join(", ")}`,
      hint: "correct the id",
      exitCode: exitCodes.refused,
    });
  }
}

function put(map: Map<string, Map<string, GroupingSpec>>, first: string, second: string, grouping: GroupingSpec): void {
  const inner = map.get(first) ?? new Map<string, GroupingSpec>();
  inner.set(second, grouping);
  map.set(first, inner);
}
