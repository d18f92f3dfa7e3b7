/** From the plan to routes: which queues and remote tasks each task of this worker feeds. */
import { cyclesOf, type InputSpec, type StormTopology } from "../topology/index.ts";
import type { EdgeIds } from "./edge-ids.ts";
import type { Executor } from "./executor.ts";
import { LoadAwareShuffleRoute } from "./load-aware-shuffle.ts";
import { OutStream } from "./outputs.ts";
import { ackerId, type PlannedComponent, type StreamInfo, type TopologyPlan } from "./plan.ts";
import {
  AllRoute,
  CustomRoute,
  FieldsRoute,
  GlobalRoute,
  NoneRoute,
  PartialKeyRoute,
  type Route,
  ShuffleRoute,
  type Target,
} from "./routes.ts";
import type { TaskContext } from "./task-context.ts";

export interface WiringOptions {
  readonly plan: TopologyPlan;
  readonly topology: StormTopology;
  readonly ids: EdgeIds;
  /** The executor of a task of this worker. */
  executorOf(taskId: number): Executor | undefined;
}

export class Wiring {
  private readonly options: WiringOptions;
  private readonly targets = new Map<number, Target>();
  private readonly cycleOf = new Map<string, number>();

  constructor(options: WiringOptions) {
    this.options = options;
    const components = [...options.topology.description.components];
    for (const [number, cycle] of cyclesOf(components).entries()) for (const id of cycle) this.cycleOf.set(id, number);
  }

  target(taskId: number): Target {
    const known = this.targets.get(taskId);
    if (known !== undefined) return known;
    const target = { taskId, queue: this.options.executorOf(taskId)?.queue ?? null, only: Object.freeze([taskId]) };
    this.targets.set(taskId, target);
    return target;
  }

  /** The streams of a task with their routes. */
  outStreams(component: PlannedComponent, context: TaskContext): OutStream[] {
    return component.streams.map((info) => {
      const routes: Route[] = [];
      const directTargets = new Map<number, Target>();
      for (const { consumer, input, inputIndex } of this.subscriptions(info)) {
        const targets = consumer.tasks.map((taskId) => this.target(taskId));
        if (input.grouping.type === "direct") for (const target of targets) directTargets.set(target.taskId, target);
        else routes.push(this.route(info, consumer, input, inputIndex, targets, context));
      }
      if (component.kind === "acker")
        for (const target of this.spoutTargets()) directTargets.set(target.taskId, target);
      return new OutStream(info, routes, directTargets);
    });
  }

  /** Makes each executor wait for the queues it feeds, cycles excepted. Returns: task of another worker → executors here that feed it. */
  connectBackpressure(executors: readonly Executor[]): Map<number, Executor[]> {
    const feeders = new Map<number, Executor[]>();
    for (const executor of executors) {
      for (const taskId of this.fedTasks(executor.componentId)) {
        const consumer = this.options.executorOf(taskId);
        if (consumer === undefined) feeders.set(taskId, [...(feeders.get(taskId) ?? []), executor]);
        else if (!consumer.producers.includes(executor)) consumer.producers.push(executor);
      }
    }
    return feeders;
  }

  private fedTasks(componentId: string): number[] {
    const tasks = new Set<number>();
    for (const consumer of this.options.plan.components.values()) {
      if (consumer.id === ackerId || this.onOneCycle(componentId, consumer.id)) continue;
      if (!consumer.inputs.some((input) => input.componentId === componentId)) continue;
      for (const taskId of consumer.tasks) tasks.add(taskId);
    }
    return [...tasks];
  }

  private onOneCycle(a: string, b: string): boolean {
    const cycle = this.cycleOf.get(a);
    return cycle !== undefined && cycle === this.cycleOf.get(b);
  }

  private subscriptions(info: StreamInfo) {
    const found: Array<{ consumer: PlannedComponent; input: InputSpec; inputIndex: number }> = [];
    // Acks and inits reach the ackers through `Acks`, folded, not as emits of the task.
    if (info.acks) return found;
    for (const consumer of this.options.plan.components.values()) {
      for (const [inputIndex, input] of consumer.inputs.entries()) {
        if (input.componentId === info.componentId && input.streamId === info.streamId)
          found.push({ consumer, input, inputIndex });
      }
    }
    return found;
  }

  private spoutTargets(): Target[] {
    const spouts = [...this.options.plan.components.values()].filter((component) => component.kind === "spout");
    return spouts.flatMap((spout) => spout.tasks.map((taskId) => this.target(taskId)));
  }

  private route(
    info: StreamInfo,
    consumer: PlannedComponent,
    input: InputSpec,
    inputIndex: number,
    targets: readonly Target[],
    context: TaskContext,
  ): Route {
    const { grouping } = input;
    const { ids, topology } = this.options;
    const local = targets.filter((target) => target.queue !== null);
    switch (grouping.type) {
      case "fields":
        // In Storm's Thrift a fields grouping on no field is the global grouping.
        if (grouping.fields.length === 0) return new GlobalRoute(targets);
        return new FieldsRoute(targets, indexesOf(info, grouping.fields));
      case "partial-key":
        return new PartialKeyRoute(targets, indexesOf(info, grouping.fields));
      case "all":
        return new AllRoute(targets);
      case "global":
        return new GlobalRoute(targets);
      case "none":
        return new NoneRoute(targets, ids);
      case "local-or-shuffle":
        return this.shuffle(local.length > 0 ? local : targets, context);
      case "custom": {
        const custom = topology.makeGrouping(consumer.id, inputIndex);
        custom.prepare(context, { componentId: info.componentId, streamId: info.streamId }, consumer.tasks);
        return new CustomRoute(targets, custom, context.thisTaskId);
      }
      default:
        return this.shuffle(targets, context);
    }
  }

  private shuffle(targets: readonly Target[], context: TaskContext): Route {
    const { conf } = context;
    const { ids } = this.options;
    if (conf["topology.disable.loadaware.messaging"] === true) return new ShuffleRoute(targets, ids);
    return new LoadAwareShuffleRoute(targets, ids, {
      higher: conf["topology.localityaware.higher.bound"] as number,
      lower: conf["topology.localityaware.lower.bound"] as number,
    });
  }
}

function indexesOf(info: StreamInfo, fields: readonly string[]): number[] {
  return fields.map((field) => info.fields.indexOf(field));
}
