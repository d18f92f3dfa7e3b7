/** The source: one sentence every 50 ms. 数据源：每 50 毫秒一个句子。 */
import { scheduler } from "node:timers/promises";
import {
  BaseRichSpout,
  type Conf,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  type TopologyContext,
} from "storm-lab";

const sentences = [
  "the cow jumped over the moon",
  "an apple a day keeps the doctor away",
  "four score and seven years ago",
  "snow white and the seven dwarfs",
];

export class SentenceSpout extends BaseRichSpout {
  private collector!: SpoutOutputCollector;
  private next = 0;

  override open(_conf: Conf, _context: TopologyContext, collector: SpoutOutputCollector): void {
    this.collector = collector;
  }

  override async nextTuple(): Promise<void> {
    await scheduler.wait(50);
    this.collector.emit([sentences[this.next % sentences.length]], this.next);
    this.next++;
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["sentence"]);
  }
}
