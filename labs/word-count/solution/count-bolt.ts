/** Counts words. Its input must be grouped by word: then all of a word's tuples come to the same task. */
import { BaseRichBolt, type Conf, type OutputCollector, type TopologyContext, type Tuple } from "storm-lab";

export class CountBolt extends BaseRichBolt {
  private readonly counts = new Map<string, number>();
  private collector!: OutputCollector;

  override prepare(_conf: Conf, context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
    context.publish("counts", this.counts);
  }

  override execute(tuple: Tuple): void {
    const word = tuple.getString(0);
    this.counts.set(word, (this.counts.get(word) ?? 0) + tuple.getNumber(1));
    this.collector.ack(tuple);
  }
}
