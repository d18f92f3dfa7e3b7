/** A basic bolt as a rich one: anchors and acks for it. Source: BasicBoltExecutor of Storm 2.8. */
import {
  type BasicOutputCollector,
  type Conf,
  type IBasicBolt,
  type IRichBolt,
  isFailedException,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
  type Values,
} from "../topology/index.ts";

export class BasicBoltExecutor implements IRichBolt {
  private readonly bolt: IBasicBolt;
  private collector!: OutputCollector;

  constructor(bolt: IBasicBolt) {
    this.bolt = bolt;
  }

  get componentKind(): "rich-bolt" {
    return "rich-bolt";
  }

  declareOutputFields(declarer: OutputFieldsDeclarer): unknown {
    return this.bolt.declareOutputFields(declarer);
  }

  getComponentConfiguration(): Conf | null {
    return this.bolt.getComponentConfiguration?.() ?? null;
  }

  prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): void | Promise<void> {
    this.collector = collector;
    return this.bolt.prepare(conf, context);
  }

  execute(tuple: Tuple): void | Promise<void> {
    try {
      const executed = this.bolt.execute(tuple, anchoredTo(tuple, this.collector));
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

  cleanup(): void | Promise<void> {
    return this.bolt.cleanup();
  }

  private failed(tuple: Tuple, thrown: unknown): void {
    if (!isFailedException(thrown)) throw thrown;
    if (thrown.name === "ReportedFailedException") this.collector.reportError(thrown);
    this.collector.fail(tuple);
  }
}

function anchoredTo(tuple: Tuple, collector: OutputCollector): BasicOutputCollector {
  return {
    emit: (first: string | Values, second?: Values) =>
      typeof first === "string" ? collector.emit(first, tuple, second as Values) : collector.emit(tuple, first),
    emitDirect: (taskId: number, first: string | Values, second?: Values) =>
      typeof first === "string"
        ? collector.emitDirect(taskId, first, tuple, second as Values)
        : collector.emitDirect(taskId, tuple, first),
    resetTimeout: () => collector.resetTimeout(tuple),
    reportError: (error) => collector.reportError(error),
  };
}
