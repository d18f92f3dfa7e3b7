/** From a sentence to its words. 把句子拆成单词。 */
import { BaseBasicBolt, type BasicOutputCollector, type OutputFieldsDeclarer, type Tuple } from "storm-lab";

export class SplitBolt extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    for (const word of tuple.getString(0).split(" ")) collector.emit([word]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["word"]);
  }
}
