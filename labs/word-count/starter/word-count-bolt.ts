/** Adds up the numbers of each word, and prints them all each time. */
import { BaseRichBolt, type Conf, type OutputCollector, type TopologyContext, type Tuple } from "storm-lab";

export class WordCountBolt extends BaseRichBolt {
  private readonly map = new Map<string, number>();

  override prepare(_conf: Conf, context: TopologyContext, _collector: OutputCollector): void {
    // What the last line of `--output json` and the table show; the tutorial only prints.
    context.publish("counts", this.map);
  }

  override execute(tuple: Tuple): void {
    const word = tuple.getStringByField("word");
    const num = Number.parseInt(tuple.getStringByField("num"), 10);
    this.map.set(word, (this.map.get(word) ?? 0) + num);
    console.log(`{${[...this.map].map(([key, value]) => `${key}=${value}`).join(", ")}}`);
  }
}
