/** From a page to those who tweeted it. 从网址到转发它的人。 */
import { BaseBasicBolt, type BasicOutputCollector, type OutputFieldsDeclarer, type Tuple } from "storm-lab";
import { tweetersOf } from "./follower-graph.ts";

export class GetTweeters extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    const id = tuple.getValue(0);
    for (const tweeter of tweetersOf(tuple.getString(1))) collector.emit([id, tweeter]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "tweeter"]);
  }
}
