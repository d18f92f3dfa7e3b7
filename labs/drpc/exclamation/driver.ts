/**
 * The tutorial's second program: a function call answered by a topology. Without a word it calls the function here, with no server and
 * no port; with a name, and perhaps a number of workers, it submits the topology to the cluster, and `storm-lab drpc call exclamation
 * hello` calls it.
 *
 * 教程里的第二个程序：由一个拓扑来回答函数调用。不带参数时就在本进程里调用，不需要服务器和端口；带上名字（以及 worker 数）则提交到集群，
 * 再用 `storm-lab drpc call exclamation hello` 调用。
 */
import { Config, LinearDRPCTopologyBuilder, LocalCluster, LocalDRPC, StormSubmitter } from "storm-lab";
import { ExclaimBolt } from "./exclaim-bolt.ts";

const builder = new LinearDRPCTopologyBuilder("exclamation");
builder.addBolt(new ExclaimBolt(), 3);
const conf = new Config();

const [, , name, workers = "3"] = process.argv;
if (name === undefined) {
  const drpc = new LocalDRPC();
  const cluster = new LocalCluster();
  await cluster.submitTopology("drpc-demo", conf, builder.createLocalTopology(drpc));
  console.log(`Results for 'hello': ${await drpc.execute("exclamation", "hello")}`);
  await cluster.shutdown();
  drpc.shutdown();
} else {
  conf.setNumWorkers(Number(workers));
  await StormSubmitter.submitTopology(name, conf, builder.createRemoteTopology());
}
