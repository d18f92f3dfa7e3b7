/**
 * The tutorial's driver: one program for both modes. As it is, it counts here, in a LocalCluster, and ends with the text; with the word
 * `cluster` it submits the topology. Another file is counted by `--input FILE`.
 *
 *   storm-lab local labs/word-count/starter/driver.ts
 *   storm-lab submit labs/word-count/starter/driver.ts cluster
 *
 * 教程的驱动程序：同一个程序，两种运行方式。默认在本进程的 LocalCluster 里统计，读完文本就结束；带上 `cluster` 则提交到集群。
 */
import { LocalCluster, StormSubmitter } from "storm-lab";
import wordCount from "./topology.ts";

const words = process.argv.slice(2);
const onCluster = words[0] === "cluster";
const { conf = null, topology } = wordCount(onCluster ? words.slice(1) : words);

if (onCluster) await StormSubmitter.submitTopology("wordcount2", conf, topology);
else {
  const cluster = new LocalCluster();
  await cluster.submitTopology("wordcount", conf, topology);
  await cluster.waitForCompletion("wordcount");
  await cluster.shutdown();
}
