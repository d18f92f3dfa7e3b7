/** Sentences, split into words, counted: for ever. 句子拆成单词，单词计数，永不停止。 */
import { Config, TopologyBuilder, type TopologyDefinition } from "storm-lab";
import { CountBolt } from "./count-bolt.ts";
import { SentenceSpout } from "./sentence-spout.ts";
import { SplitBolt } from "./split-bolt.ts";

export default function fiveMinutes(): TopologyDefinition {
  const builder = new TopologyBuilder();
  builder.setSpout("sentences", new SentenceSpout(), 1);
  builder.setBolt("split", new SplitBolt(), 2).shuffleGrouping("sentences");
  builder.setBolt("count", new CountBolt(), 2).fieldsGrouping("split", ["word"]);
  return { name: "five-minutes", conf: new Config().setNumWorkers(2), topology: builder.createTopology() };
}
