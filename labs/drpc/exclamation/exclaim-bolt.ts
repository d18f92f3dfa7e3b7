/** Puts a mark behind the argument. The request id comes first in every tuple, so that the result finds its call. */
import { BaseBasicBolt, type BasicOutputCollector, type OutputFieldsDeclarer, type Tuple } from "storm-lab";

export class ExclaimBolt extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    collector.emit([tuple.getValue(0), `${tuple.getString(1)}!`]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "result"]);
  }
}
