/** Adds up what the tasks before have counted for a request. 把各任务对同一请求的计数相加。 */
import {
  BaseBatchBolt,
  type BatchOutputCollector,
  type Conf,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
} from "storm-lab";

export class CountAggregator extends BaseBatchBolt {
  private count = 0;
  private collector!: BatchOutputCollector;
  private id: unknown;

  override prepare(_conf: Conf, _context: TopologyContext, collector: BatchOutputCollector, id: unknown): void {
    this.collector = collector;
    this.id = id;
  }

  override execute(tuple: Tuple): void {
    this.count += tuple.getNumber(1);
  }

  override finishBatch(): void {
    this.collector.emit([this.id, this.count]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "reach"]);
  }
}
