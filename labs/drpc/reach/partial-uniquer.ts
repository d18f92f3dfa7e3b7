/**
 * Counts followers, each once. Many tasks share the work: fields grouping by request and follower brings the same follower of a request
 * always to the same task, so what each of them has counted may be added.
 *
 * 对粉丝去重计数。多个任务分担：按（请求, 粉丝）分组，同一请求的同一粉丝总到同一个任务，因此各任务的结果可以相加。
 */
import {
  BaseBatchBolt,
  type BatchOutputCollector,
  type Conf,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
} from "storm-lab";

export class PartialUniquer extends BaseBatchBolt {
  private readonly followers = new Set<number>();
  private collector!: BatchOutputCollector;
  private id: unknown;

  override prepare(_conf: Conf, _context: TopologyContext, collector: BatchOutputCollector, id: unknown): void {
    this.collector = collector;
    this.id = id;
  }

  override execute(tuple: Tuple): void {
    this.followers.add(tuple.getNumber(1));
  }

  /** Every follower of this request has come. 这个请求的所有粉丝都到齐了。 */
  override finishBatch(): void {
    this.collector.emit([this.id, this.followers.size]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "partial-count"]);
  }
}
