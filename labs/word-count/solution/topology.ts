/** The word count, repaired: each line is read once, a word is counted in one place, and nothing is lost silently. */
import { Config, TopologyBuilder, type TopologyDefinition } from "storm-lab";
import { CountBolt } from "./count-bolt.ts";
import { FileSpout } from "./file-spout.ts";
import { inputFile } from "./input-file.ts";
import { SplitBolt } from "./split-bolt.ts";

export default function wordCount(args: readonly string[]): TopologyDefinition {
  const builder = new TopologyBuilder();
  const lines = builder.setSpout("spout", new FileSpout(inputFile(args)), 2);
  const words = builder.setBolt("split", new SplitBolt(), 4).shuffleGrouping(lines);
  builder.setBolt("count", new CountBolt(), 2).fieldsGrouping(words, ["word"]);

  // How many lines each spout task may have on the way: it bounds memory, and the time that a line waits.
  const conf = new Config().setNumWorkers(2).setMaxSpoutPending(1000);
  return { name: "word-count", conf, topology: builder.createTopology() };
}
