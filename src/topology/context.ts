/** What a component can ask about the topology it runs in. */
import type { Conf } from "./config.ts";
import type { Fields } from "./fields.ts";
import type { GroupingSpec } from "./groupings.ts";
import type { TaskHook } from "./hooks.ts";

/** What all tasks of a worker share. */
export interface WorkerTopologyContext {
  readonly topologyId: string;
  readonly topologyName: string;
  /** Port of the worker's slot; 0 when it has none (local mode). */
  readonly thisWorkerPort: number;
  readonly thisWorkerTasks: readonly number[];
  /** Folder of the topology's code: the module's own in local mode. */
  readonly codeDirectory: string;
  getComponentIds(): readonly string[];
  /** Sorted; throws SL-COMPONENT-UNKNOWN for an unknown component. */
  getComponentTasks(componentId: string): readonly number[];
  getComponentId(taskId: number): string;
  getComponentStreams(componentId: string): readonly string[];
  getComponentOutputFields(componentId: string, streamId: string): Fields;
  /** Source component → stream → grouping. */
  getSources(componentId: string): ReadonlyMap<string, ReadonlyMap<string, GroupingSpec>>;
  /** Stream → target component → grouping. */
  getTargets(componentId: string): ReadonlyMap<string, ReadonlyMap<string, GroupingSpec>>;
}

/** A value that `publish` may carry: what JSON has, and `Map` (an object in the result). */
export type Published =
  | null
  | boolean
  | number
  | string
  | readonly Published[]
  | ReadonlyMap<string, Published>
  | { readonly [key: string]: Published };

export interface TopologyContext extends WorkerTopologyContext {
  readonly thisTaskId: number;
  readonly thisComponentId: string;
  /** 0 … number of the component's tasks − 1. */
  readonly thisTaskIndex: number;
  /** The topology's conf with this component's own on top. */
  readonly conf: Conf;
  /**
   * Shows a result of this task under a name. The value is read when a result is wanted (while a live table is
   * drawn, and at the end), so a `Map` that goes on growing may be published once, in `prepare`. Tasks
   * that publish under the same name are merged: numbers add, lists are joined, maps and objects merge key by key.
   * `storm-lab local --output json` prints the merged values by name.
   */
  publish(name: string, value: Published | (() => Published)): void;
  addTaskHook(hook: TaskHook): void;
  /** A counter of this task under the topology's metrics. */
  registerCounter(name: string): Counter;
  registerGauge(name: string, read: () => number): void;
}

export interface Counter {
  increment(by?: number): void;
}
