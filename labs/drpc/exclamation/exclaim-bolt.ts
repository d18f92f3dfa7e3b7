/**
 * Puts a mark behind the argument. The request id comes first in every tuple, so that the result finds its call.
 *
 * 在参数后面加一个感叹号。每个元组的第一个值都是请求 id，结果靠它找到对应的调用。
 */
import { BaseBasicBolt, type BasicOutputCollector, type OutputFieldsDeclarer, type Tuple } from "storm-lab";

export class ExclaimBolt extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    collector.emit([tuple.getValue(0), `${tuple.getString(1)}!`]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "result"]);
  }
}
