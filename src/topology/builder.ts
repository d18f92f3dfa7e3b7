/** `TopologyBuilder`, as Storm's: components, parallelism, groupings. */
import { copyComponent } from "./component-copy.ts";
import type { AnyComponent, BoltComponent, SpoutComponent } from "./components.ts";
import { type Conf, type ConfLike, toConf } from "./config.ts";
import { type FieldList, fieldNames } from "./fields.ts";
import type { CustomStreamGrouping, GroupingSpec } from "./groupings.ts";
import { defaultStreamId, type StreamFields, type StreamsOf } from "./streams.ts";
import type { StormTopology } from "./topology.ts";
import { classGiven, type DraftComponent, describeTopology } from "./validate.ts";

/** What `setSpout` and `setBolt` return names the component in groupings; its type knows the fields. */
export interface ComponentHandle<S extends StreamFields> {
  readonly id: string;
  readonly streamFields?: S;
}

/** A component to subscribe to: a handle (checked by the compiler) or an id (checked by `createTopology`). */
export type Source<S extends StreamFields> = ComponentHandle<S> | string;

type StreamOf<S extends StreamFields> = keyof S & string;
type FieldOf<S extends StreamFields, Id extends string> = Id extends keyof S ? S[Id] : string;

interface Draft extends DraftComponent {
  conf: Conf;
  readonly inputs: Array<{ componentId: string; streamId: string; grouping: GroupingSpec }>;
  readonly groupings: Map<number, CustomStreamGrouping | (() => CustomStreamGrouping)>;
  readonly make: (() => AnyComponent) | undefined;
}

export class TopologyBuilder {
  private readonly drafts: Draft[] = [];

  /** `spout`: the object, or a function that makes one for each task. `parallelismHint`: executors, default 1. */
  setSpout<C extends SpoutComponent>(
    id: string,
    spout: C | (() => C),
    parallelismHint = 1,
  ): SpoutDeclarer<StreamsOf<C>> {
    return new SpoutDeclarer(this.add("setSpout", id, spout, parallelismHint));
  }

  setBolt<C extends BoltComponent>(id: string, bolt: C | (() => C), parallelismHint = 1): BoltDeclarer<StreamsOf<C>> {
    return new BoltDeclarer(this.add("setBolt", id, bolt, parallelismHint));
  }

  /**
   * Checks the whole and freezes it. Errors: SL-NO-SPOUT, SL-COMPONENT-ID, SL-COMPONENT-DUPLICATE, SL-COMPONENT-KIND, SL-COMPONENT-UNKNOWN,
   * SL-STREAM-UNKNOWN, SL-STREAM-DECLARED, SL-FIELD-UNKNOWN, SL-GROUPING-DIRECT, SL-NO-INPUT, SL-PARALLELISM, SL-CONF-VALUE.
   */
  createTopology(): StormTopology {
    const drafts = new Map(this.drafts.map((draft) => [draft.id, draft]));
    const given = new Set<string>();
    return {
      description: describeTopology(this.drafts),
      makeComponent: (id) => {
        const draft = drafts.get(id) as Draft;
        if (draft.make !== undefined) return draft.make();
        return copyOnSecondUse(draft.component, id, given, id);
      },
      makeGrouping: (id, inputIndex) => {
        const grouping = drafts.get(id)?.groupings.get(inputIndex) as
          | CustomStreamGrouping
          | (() => CustomStreamGrouping);
        if (typeof grouping === "function") return grouping();
        return copyOnSecondUse(grouping, `${id} (its custom grouping)`, given, `${id} ${inputIndex}`);
      },
    };
  }

  private add(
    call: DraftComponent["call"],
    id: string,
    component: AnyComponent | (() => AnyComponent),
    hint: number,
  ): Draft {
    const make = typeof component === "function" ? component : undefined;
    if (make !== undefined && isClass(make)) throw classGiven(call, id, make.name);
    const draft: Draft = {
      call,
      id,
      component: typeof component === "function" ? component() : component,
      make,
      parallelismHint: hint,
      conf: {},
      inputs: [],
      groupings: new Map(),
    };
    this.drafts.push(draft);
    return draft;
  }
}

/** The first task may have the author's own object: then nothing needs to be copyable as long as there is one task. */
function copyOnSecondUse<T extends AnyComponent | CustomStreamGrouping>(
  object: T,
  owner: string,
  given: Set<string>,
  key: string,
): T {
  if (given.has(key)) return copyComponent(object, owner);
  given.add(key);
  return object;
}

/** `setSpout("a", MySpout)` is easily written where `new MySpout()` was meant, and calling a class throws. */
function isClass(made: () => unknown): boolean {
  return Function.prototype.toString.call(made).startsWith("class");
}

class ComponentDeclarer<S extends StreamFields> implements ComponentHandle<S> {
  declare readonly streamFields?: S;
  protected readonly draft: Draft;

  constructor(draft: Draft) {
    this.draft = draft;
  }

  get id(): string {
    return this.draft.id;
  }

  /** Number of tasks, fixed for the life of the topology. Default: the parallelism hint. */
  setNumTasks(tasks: number): this {
    return this.addConfiguration("topology.tasks", tasks);
  }

  setMaxTaskParallelism(tasks: number): this {
    return this.addConfiguration("topology.max.task.parallelism", tasks);
  }

  setMaxSpoutPending(tuples: number): this {
    return this.addConfiguration("topology.max.spout.pending", tuples);
  }

  setDebug(on: boolean): this {
    return this.addConfiguration("topology.debug", on);
  }

  /** MB an executor needs, for the resource-aware scheduler. */
  setMemoryLoad(onHeapMb: number, offHeapMb = 0): this {
    this.addConfiguration("topology.component.resources.offheap.memory.mb", offHeapMb);
    return this.addConfiguration("topology.component.resources.onheap.memory.mb", onHeapMb);
  }

  /** Percent of a core an executor needs. */
  setCPULoad(percent: number): this {
    return this.addConfiguration("topology.component.cpu.pcore.percent", percent);
  }

  addResource(name: string, amount: number): this {
    const key = "topology.component.resources.map";
    return this.addConfiguration(key, { ...(this.draft.conf[key] as object | undefined), [name]: amount });
  }

  addConfiguration(key: string, value: unknown): this {
    return this.addConfigurations({ [key]: value });
  }

  addConfigurations(conf: ConfLike): this {
    this.draft.conf = { ...this.draft.conf, ...toConf(conf) };
    return this;
  }
}

export class SpoutDeclarer<S extends StreamFields> extends ComponentDeclarer<S> {}

/** Groupings: the source, then the stream when it is not `default`. Each returns the declarer. */
export class BoltDeclarer<S extends StreamFields> extends ComponentDeclarer<S> {
  shuffleGrouping<T extends StreamFields>(source: Source<T>, streamId?: StreamOf<T>): this {
    return this.subscribe(source, streamId, { type: "shuffle" });
  }

  localOrShuffleGrouping<T extends StreamFields>(source: Source<T>, streamId?: StreamOf<T>): this {
    return this.subscribe(source, streamId, { type: "local-or-shuffle" });
  }

  fieldsGrouping<T extends StreamFields>(source: Source<T>, fields: FieldList<FieldOf<T, "default">>): this;
  fieldsGrouping<T extends StreamFields, Id extends StreamOf<T>>(
    source: Source<T>,
    streamId: Id,
    fields: FieldList<FieldOf<T, Id>>,
  ): this;
  fieldsGrouping(source: Source<StreamFields>, first: string | FieldList, second?: FieldList): this {
    return this.subscribeByFields("fields", source, first, second);
  }

  partialKeyGrouping<T extends StreamFields>(source: Source<T>, fields: FieldList<FieldOf<T, "default">>): this;
  partialKeyGrouping<T extends StreamFields, Id extends StreamOf<T>>(
    source: Source<T>,
    streamId: Id,
    fields: FieldList<FieldOf<T, Id>>,
  ): this;
  partialKeyGrouping(source: Source<StreamFields>, first: string | FieldList, second?: FieldList): this {
    return this.subscribeByFields("partial-key", source, first, second);
  }

  allGrouping<T extends StreamFields>(source: Source<T>, streamId?: StreamOf<T>): this {
    return this.subscribe(source, streamId, { type: "all" });
  }

  globalGrouping<T extends StreamFields>(source: Source<T>, streamId?: StreamOf<T>): this {
    return this.subscribe(source, streamId, { type: "global" });
  }

  noneGrouping<T extends StreamFields>(source: Source<T>, streamId?: StreamOf<T>): this {
    return this.subscribe(source, streamId, { type: "none" });
  }

  directGrouping<T extends StreamFields>(source: Source<T>, streamId?: StreamOf<T>): this {
    return this.subscribe(source, streamId, { type: "direct" });
  }

  /** `grouping`: the object, or a function that makes one for each emitting task. */
  customGrouping<T extends StreamFields>(
    source: Source<T>,
    grouping: CustomStreamGrouping | (() => CustomStreamGrouping),
    streamId?: StreamOf<T>,
  ): this {
    const example = typeof grouping === "function" ? grouping() : grouping;
    this.draft.groupings.set(this.draft.inputs.length, grouping);
    return this.subscribe(source, streamId, { type: "custom", className: example.constructor.name });
  }

  private subscribeByFields(
    type: "fields" | "partial-key",
    source: Source<StreamFields>,
    first: string | FieldList,
    second?: FieldList,
  ): this {
    const streamId = typeof first === "string" ? first : undefined;
    const fields = typeof first === "string" ? (second ?? []) : first;
    return this.subscribe(source, streamId, { type, fields: fieldNames(fields) });
  }

  private subscribe<T extends StreamFields>(
    source: Source<T>,
    streamId: string | undefined,
    grouping: GroupingSpec,
  ): this {
    const componentId = typeof source === "string" ? source : source.id;
    this.draft.inputs.push({ componentId, streamId: streamId ?? defaultStreamId, grouping });
    return this;
  }
}
