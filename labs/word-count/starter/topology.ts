/** The tutorial's word count as it stands there. Run it, compare the counts with the text, and find out what is wrong. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { Config, TopologyBuilder, type TopologyDefinition } from "storm-lab";
import { ReadFileSpout } from "./read-file-spout.ts";
import { SplitBolt } from "./split-bolt.ts";
import { WordCountBolt } from "./word-count-bolt.ts";

/**
 * Arguments: `--input FILE`; without it the few lines that come with the lab are counted. Its last bolt prints its whole map for
 * each word: a long text makes very much of it.
 */
export default function wordCount(args: readonly string[]): TopologyDefinition {
  const { input } = parseArgs({ args: [...args], options: { input: { type: "string" } } }).values;
  const path = input === undefined ? sampleText() : resolve(input);

  const builder = new TopologyBuilder();
  builder.setSpout("readfilesspout", new ReadFileSpout(path), 2);
  builder.setBolt("splitbolt", new SplitBolt(), 4).shuffleGrouping("readfilesspout");
  builder.setBolt("wordcountbolt", new WordCountBolt(), 2).shuffleGrouping("splitbolt");

  const conf = new Config().setNumWorkers(2);
  return { name: "wordcount2", conf, topology: builder.createTopology() };
}

/** Beside this lab; else, when the code was copied alone, in the installed package. */
function sampleText(): string {
  const beside = fileURLToPath(new URL("../text/sample.txt", import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL("labs/word-count/text/sample.txt", import.meta.resolve("storm-lab/package.json")));
}
