/**
 * The tutorial's second program: a function call answered by a topology. Without a word it calls the function here, with no server and
 * no port; with a name it submits the topology to the cluster, and `storm-lab drpc call exclamation hello` calls it.
 */
import { Config, LinearDRPCTopologyBuilder, LocalCluster, LocalDRPC, StormSubmitter } from "storm-lab";
import { ExclaimBolt } from "./exclaim-bolt.ts";

const builder = new LinearDRPCTopologyBuilder("exclamation");
builder.addBolt(new ExclaimBolt(), 3);
const conf = new Config();

const [, , name] = process.argv;
if (name === undefined) {
  const drpc = new LocalDRPC();
  const cluster = new LocalCluster();
  await cluster.submitTopology("drpc-demo", conf, builder.createLocalTopology(drpc));
  console.log(`Results for 'hello': ${await drpc.execute("exclamation", "hello")}`);
  await cluster.shutdown();
  drpc.shutdown();
} else {
  conf.setNumWorkers(3);
  await StormSubmitter.submitTopology(name, conf, builder.createRemoteTopology());
}
