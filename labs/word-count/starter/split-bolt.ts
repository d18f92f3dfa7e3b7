/** Splits lines into words, each with the number 1 as a text. */
import {
  BaseRichBolt,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
  Values,
} from "storm-lab";

export class SplitBolt extends BaseRichBolt {
  private collector!: OutputCollector;

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override execute(tuple: Tuple): void {
    const line = tuple.getStringByField("line");
    for (const word of line.split(" ")) {
      if (word !== "") this.collector.emit(new Values(word, "1"));
    }
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["word", "num"]);
  }
}
