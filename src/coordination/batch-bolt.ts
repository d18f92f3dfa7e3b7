/** Bolts over the finite set of tuples of one batch, such as those of one DRPC request. Source: IBatchBolt of Storm 2.8. */
import type { Conf, OutputFieldsDeclarer, TopologyContext, Tuple, Values } from "../topology/index.ts";

type MaybeAsync = void | Promise<void>;

/** Emits of a batch bolt are not anchored: the batch as a whole succeeds or fails. */
export interface BatchOutputCollector {
  emit(values: Values): readonly number[];
  emit(streamId: string, values: Values): readonly number[];
  emitDirect(taskId: number, values: Values): void;
  emitDirect(taskId: number, streamId: string, values: Values): void;
  reportError(error: Error): void;
}

/** One object for each batch and task: `prepare` → `execute` for every tuple of it → `finishBatch`. */
export interface IBatchBolt {
  readonly componentKind: "batch-bolt";
  declareOutputFields(declarer: OutputFieldsDeclarer): unknown;
  getComponentConfiguration?(): Conf | null;
  /** `id`: of the batch; the first value of each of its tuples, and of each tuple that is emitted for it. */
  prepare(conf: Conf, context: TopologyContext, collector: BatchOutputCollector, id: unknown): void;
  /** The tuple is acked afterwards. A `FailedException` fails the batch. */
  execute(tuple: Tuple): MaybeAsync;
  /** There is no more of this batch. */
  finishBatch(): MaybeAsync;
}

export abstract class BaseBatchBolt implements IBatchBolt {
  get componentKind(): "batch-bolt" {
    return "batch-bolt";
  }
  declareOutputFields(_declarer: OutputFieldsDeclarer): unknown {
    return undefined;
  }
  abstract prepare(conf: Conf, context: TopologyContext, collector: BatchOutputCollector, id: unknown): void;
  abstract execute(tuple: Tuple): MaybeAsync;
  abstract finishBatch(): MaybeAsync;
}
