/**
 * A topology as data, and the way to make its components. The description is plain data, so that nimbus can store it and
 * Storm's Thrift can carry it; the components are made again wherever their tasks run.
 */
import type { AnyComponent, ComponentKind } from "./components.ts";
import type { Conf, ConfLike } from "./config.ts";
import type { CustomStreamGrouping, GroupingSpec, StreamId } from "./groupings.ts";
import type { StreamSpec } from "./streams.ts";

export interface InputSpec extends StreamId {
  readonly grouping: GroupingSpec;
}

export interface ComponentSpec {
  readonly id: string;
  readonly kind: ComponentKind;
  /** Number of executors (threads in Storm). */
  readonly parallelismHint: number;
  /** In order of declaration. */
  readonly streams: Readonly<Record<string, StreamSpec>>;
  readonly inputs: readonly InputSpec[];
  /** On top of the topology's conf; may hold `topology.tasks`. */
  readonly conf: Conf;
}

export interface TopologyDescription {
  /** By id, sorted: task ids are given in this order. */
  readonly components: readonly ComponentSpec[];
  /** What is legal but probably not meant, such as a cycle; one sentence each. */
  readonly warnings: readonly string[];
}

export interface StormTopology {
  readonly description: TopologyDescription;
  /** A component for one more task. Never the same object twice when the component has more than one task. */
  makeComponent(componentId: string): AnyComponent;
  /** The custom grouping at `description…inputs[inputIndex]` of a component, for one more emitting task. */
  makeGrouping(componentId: string, inputIndex: number): CustomStreamGrouping;
}

/** What a topology module's default export returns. */
export interface TopologyDefinition {
  /** Any characters but `/ . : \`. */
  readonly name: string;
  readonly conf?: ConfLike;
  readonly topology: StormTopology;
}

/**
 * A topology module's default export: arguments that `storm-lab` does not know → the topology. Called again for every task: it must be
 * quick and without side effects.
 */
export type TopologyFunction = (args: readonly string[]) => TopologyDefinition | Promise<TopologyDefinition>;

/**
 * A topology whose components come from building it anew for each task, which is what a worker does with a module. Members
 * of any kind work then (closures, private fields, open handles made in a constructor).
 */
export function rebuiltPerTask(first: StormTopology, build: () => StormTopology): StormTopology {
  return {
    description: first.description,
    makeComponent: (id) => build().makeComponent(id),
    makeGrouping: (id, inputIndex) => build().makeGrouping(id, inputIndex),
  };
}
