/** Runs spouts and bolts without an executor: what a component sees of its task, and a record of what it did. */
import type {
  BoltComponent,
  IRichBolt,
  IRichSpout,
  OutputCollector,
  Published,
  SpoutOutputCollector,
  TopologyContext,
  Tuple,
} from "storm-lab";

export interface Emitted {
  readonly values: readonly unknown[];
  readonly messageId: unknown;
}

export interface SpoutByHand<S extends IRichSpout> {
  readonly spout: S;
  readonly emitted: Emitted[];
  readonly errors: Error[];
  readonly published: ReadonlyMap<string, Published | (() => Published)>;
  /** Calls `nextTuple` until it says that it is exhausted; `onEmit` sees each emit. */
  drain(onEmit?: (emitted: Emitted) => void): Promise<void>;
}

export interface BoltByHand {
  readonly emitted: Array<{ readonly anchors: unknown; readonly values: readonly unknown[] }>;
  readonly acked: Tuple[];
  readonly resets: Tuple[];
  readonly published: ReadonlyMap<string, Published | (() => Published)>;
  execute(tuple: Tuple): void;
  /** The end of the last `execute`, when it returned a promise. */
  settled(): Promise<void>;
}

/** More calls than any of these tests needs: a spout that never ends fails its test instead of hanging. */
const callsMax = 10_000_000;

export async function openSpout<S extends IRichSpout>(spout: S, taskIndex = 0, taskCount = 1): Promise<SpoutByHand<S>> {
  const published = new Map<string, Published | (() => Published)>();
  const emitted: Emitted[] = [];
  const errors: Error[] = [];
  let exhausted = false;
  const collector = {
    emit(values: readonly unknown[], messageId?: unknown) {
      exhausted = false;
      emitted.push({ values, messageId });
      return [1];
    },
    reportError: (error: Error) => void errors.push(error),
    exhausted: () => {
      exhausted = true;
    },
  } as unknown as SpoutOutputCollector;
  await spout.open({}, contextOf(published, taskIndex, taskCount), collector);
  const drain = async (onEmit?: (emitted: Emitted) => void): Promise<void> => {
    exhausted = false;
    let seen = emitted.length;
    for (let calls = 0; calls < callsMax && !exhausted; calls++) {
      const promise = spout.nextTuple();
      if (promise !== undefined) await promise;
      for (; onEmit !== undefined && seen < emitted.length; seen++) onEmit(emitted[seen] as Emitted);
    }
    if (!exhausted) throw new Error("the spout never said that it is exhausted");
  };
  return { spout, emitted, errors, published, drain };
}

export async function prepareBolt(bolt: BoltComponent): Promise<BoltByHand> {
  const published = new Map<string, Published | (() => Published)>();
  const emitted: Array<{ anchors: unknown; values: readonly unknown[] }> = [];
  const acked: Tuple[] = [];
  const resets: Tuple[] = [];
  const collector = {
    emit(first: unknown, second?: readonly unknown[]) {
      if (second === undefined) emitted.push({ anchors: undefined, values: first as readonly unknown[] });
      else emitted.push({ anchors: first, values: second });
      return [1];
    },
    ack: (tuple: Tuple) => void acked.push(tuple),
    resetTimeout: (tuple: Tuple) => void resets.push(tuple),
  } as unknown as OutputCollector;
  const rich = bolt as IRichBolt;
  await rich.prepare({}, contextOf(published, 0, 1), collector);
  let last: void | Promise<void>;
  const execute = (tuple: Tuple): void => {
    last = rich.execute(tuple);
  };
  return { emitted, acked, resets, published, execute, settled: async () => last };
}

export function publishedValue(source: { readonly published: SpoutByHand<IRichSpout>["published"] }, name: string) {
  const value = source.published.get(name);
  return typeof value === "function" ? value() : value;
}

function contextOf(published: Map<string, Published | (() => Published)>, taskIndex: number, taskCount: number) {
  const tasks = Array.from({ length: taskCount }, (_, index) => index + 1);
  return {
    thisTaskIndex: taskIndex,
    thisTaskId: taskIndex + 1,
    thisComponentId: "component",
    getComponentTasks: () => tasks,
    publish: (name: string, value: Published | (() => Published)) => void published.set(name, value),
  } as unknown as TopologyContext;
}

export function tupleOf(values: readonly unknown[], ...fields: readonly string[]): Tuple {
  return {
    getString: (index: number) => values[index] as string,
    getNumber: (index: number) => values[index] as number,
    getStringByField: (field: string) => values[fields.indexOf(field)] as string,
  } as unknown as Tuple;
}
