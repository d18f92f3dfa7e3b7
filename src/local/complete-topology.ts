/**
 * Runs a topology on mocked spouts to completion and returns what every component emitted: a bolt's test in five lines.
 * Source: Storm's `Testing.completeTopology`.
 */
import { exitCodes, type Runtime, realRuntime, StormLabError } from "../base/index.ts";
import {
  BaseRichSpout,
  type Conf,
  type ConfLike,
  type EmitInfo,
  type SpoutOutputCollector,
  type StormTopology,
  type TaskHook,
  type TopologyContext,
  toConf,
  validateConf,
} from "../topology/index.ts";
import type { TopologyReport } from "../worker/index.ts";
import { completeWithin } from "./deadline.ts";
import { InProcessTopology } from "./in-process.ts";

/** One tuple of a mocked spout. */
export type MockedTuple = readonly unknown[] | { readonly stream: string; readonly values: readonly unknown[] };

export interface CompleteTopologyOptions {
  /**
   * Spout id → tuples that it emits instead of its own, in order, tracked; replayed when they fail. Spouts that are not
   * named run as they are.
   */
  readonly mockSources: Readonly<Record<string, readonly MockedTuple[]>>;
  readonly conf?: ConfLike;
  /** Default: the real world. */
  readonly runtime?: Runtime;
  /** Default 30,000. */
  readonly deadlineMs?: number;
}

export interface EmittedTuple {
  readonly stream: string;
  readonly taskId: number;
  readonly values: readonly unknown[];
}

export interface CompletedTopology {
  /** What a component emitted, in order, on one stream (default `default`). */
  emitted(componentId: string, stream?: string): readonly EmittedTuple[];
  readonly report: TopologyReport;
}

/** Errors: SL-MOCK-SOURCE, SL-DEADLINE, and what user code threw. */
export async function completeTopology(
  topology: StormTopology,
  options: CompleteTopologyOptions,
): Promise<CompletedTopology> {
  const runtime = options.runtime ?? realRuntime({ name: "complete-topology", self: { command: [] } });
  const recorder = new Recorder();
  const conf = toConf(options.conf);
  validateConf(conf, "the topology's conf");
  const running = await InProcessTopology.start({
    runtime,
    topologyId: "complete-topology",
    name: "complete-topology",
    conf,
    topology: mocked(topology, options.mockSources),
    workers: (conf["topology.workers"] as number | undefined) ?? 1,
    codeDirectory: ".",
    hooks: [recorder],
  });
  try {
    await completeWithin(runtime, running.completed, "complete-topology", options.deadlineMs ?? 30_000);
    return { emitted: (id, stream = "default") => recorder.of(id, stream), report: running.report() };
  } finally {
    await running.stop();
  }
}

/** Sees every emit of every task. */
class Recorder implements TaskHook {
  private readonly emits: Array<EmittedTuple & { readonly componentId: string }> = [];
  private readonly componentOfTask = new Map<number, string>();

  prepare(_conf: Conf, context: TopologyContext): void {
    this.componentOfTask.set(context.thisTaskId, context.thisComponentId);
  }

  emit({ taskId, stream, values }: EmitInfo): void {
    this.emits.push({ componentId: this.componentOfTask.get(taskId) ?? "", taskId, stream, values });
  }

  of(componentId: string, stream: string): EmittedTuple[] {
    return this.emits
      .filter((emit) => emit.componentId === componentId && emit.stream === stream)
      .map(({ taskId, values }) => ({ stream, taskId, values }));
  }
}

class MockedSpout extends BaseRichSpout {
  private readonly queue: Array<readonly [number, MockedTuple]>;
  private readonly tuples: readonly MockedTuple[];
  private collector!: SpoutOutputCollector;

  constructor(tuples: readonly MockedTuple[]) {
    super();
    this.tuples = tuples;
    this.queue = [...tuples.entries()];
  }

  override open(_conf: Conf, context: TopologyContext, collector: SpoutOutputCollector): void {
    this.collector = collector;
    // The first task emits them all: with several tasks the tuples still come once, in their order.
    if (context.thisTaskIndex > 0) this.queue.length = 0;
  }

  override nextTuple(): void {
    const next = this.queue.shift();
    if (next === undefined) {
      this.collector.exhausted();
      return;
    }
    const [index, tuple] = next;
    if ("stream" in tuple) this.collector.emit(tuple.stream, tuple.values, index);
    else this.collector.emit(tuple, index);
  }

  override fail(messageId: unknown): void {
    const index = messageId as number;
    this.queue.push([index, this.tuples[index] as MockedTuple]);
  }
}

function mocked(topology: StormTopology, mockSources: CompleteTopologyOptions["mockSources"]): StormTopology {
  const spouts = topology.description.components
    .filter((component) => component.kind === "spout")
    .map((spout) => spout.id);
  for (const id of Object.keys(mockSources)) if (!spouts.includes(id)) throw noSuchSpout(id, spouts);
  return {
    ...topology,
    makeComponent: (id) => {
      const tuples = Object.hasOwn(mockSources, id) ? mockSources[id] : undefined;
      return tuples === undefined ? topology.makeComponent(id) : new MockedSpout(tuples);
    },
  };
}

function noSuchSpout(id: string, spouts: readonly string[]): StormLabError {
  return new StormLabError({
    code: "SL-MOCK-SOURCE",
    what: `mockSources names "${id}", which is no spout of the topology`,
    why: `its spouts are: ${spouts.join(", ")}`,
    hint: "correct the id",
    exitCode: exitCodes.usage,
  });
}
