/** Runs a batch bolt inside a CoordinatedBolt: an object of it for each id. Source: BatchBoltExecutor of Storm 2.8. */
import {
  type Conf,
  copyComponent,
  type IRichBolt,
  isFailedException,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
} from "../topology/index.ts";
import type { BatchOutputCollector, IBatchBolt } from "./batch-bolt.ts";
import type { FinishedCallback, TimeoutCallback } from "./callbacks.ts";

export class BatchBoltExecutor implements IRichBolt, FinishedCallback, TimeoutCallback {
  /** Copied for each batch; or a function that makes one. */
  private readonly bolt: IBatchBolt | (() => IBatchBolt);
  private open!: Map<unknown, IBatchBolt>;
  private begin!: (id: unknown) => IBatchBolt;
  private collector!: OutputCollector;

  constructor(bolt: IBatchBolt | (() => IBatchBolt)) {
    this.bolt = bolt;
  }

  get componentKind(): "rich-bolt" {
    return "rich-bolt";
  }

  declareOutputFields(declarer: OutputFieldsDeclarer): unknown {
    return this.example().declareOutputFields(declarer);
  }

  getComponentConfiguration(): Conf | null {
    return this.example().getComponentConfiguration?.() ?? null;
  }

  prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): void {
    this.open = new Map();
    this.collector = collector;
    const { bolt } = this;
    this.begin = (id) => {
      const begun = typeof bolt === "function" ? bolt() : copyComponent(bolt, context.thisComponentId);
      begun.prepare(conf, context, collector as BatchOutputCollector, id);
      this.open.set(id, begun);
      return begun;
    };
  }

  execute(tuple: Tuple): void | Promise<void> {
    const id = tuple.getValue(0);
    try {
      const executed = (this.open.get(id) ?? this.begin(id)).execute(tuple);
      if (executed === undefined) {
        this.collector.ack(tuple);
        return undefined;
      }
      return executed.then(
        () => this.collector.ack(tuple),
        (thrown: unknown) => this.failed(tuple, thrown),
      );
    } catch (thrown) {
      this.failed(tuple, thrown);
      return undefined;
    }
  }

  /** Of a batch without tuples too: its bolt is made, and told that this is all. */
  finishedId(id: unknown): void | Promise<void> {
    const bolt = this.open.get(id) ?? this.begin(id);
    this.open.delete(id);
    return bolt.finishBatch();
  }

  timeoutId(id: unknown): void {
    this.open.delete(id);
  }

  cleanup(): void {}

  private example(): IBatchBolt {
    return typeof this.bolt === "function" ? this.bolt() : this.bolt;
  }

  private failed(tuple: Tuple, thrown: unknown): void {
    if (!isFailedException(thrown)) throw thrown;
    if (thrown.name === "ReportedFailedException") this.collector.reportError(thrown);
    this.collector.fail(tuple);
  }
}
