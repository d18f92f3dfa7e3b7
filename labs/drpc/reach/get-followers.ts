/** From one who tweeted to all who follow. 从转发者到他的所有粉丝。 */
import { BaseBasicBolt, type BasicOutputCollector, type OutputFieldsDeclarer, type Tuple } from "storm-lab";
import { followersOf } from "./follower-graph.ts";

export class GetFollowers extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    const id = tuple.getValue(0);
    for (const follower of followersOf(tuple.getNumber(1))) collector.emit([id, follower]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "follower"]);
  }
}
