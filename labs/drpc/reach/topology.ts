/**
 * Storm's second example of DRPC: how many people have a page before their eyes? One call asks for hundreds of people's followers and
 * counts thousands of them, each once, on as many tasks as you like.
 *
 *   storm-lab submit labs/drpc/reach/topology.ts --tasks 4 --workers 2
 *   storm-lab drpc call reach http://baidu.com
 *
 * DRPC 的第二个例子：有多少人看到了某个网址？一次调用要取几百人的粉丝，再对几千上万个粉丝去重计数，由任意多个任务分担。
 */
import { parseArgs } from "node:util";
import { LinearDRPCTopologyBuilder, type TopologyDefinition } from "storm-lab";
import { CountAggregator } from "./count-aggregator.ts";
import { GetFollowers } from "./get-followers.ts";
import { GetTweeters } from "./get-tweeters.ts";
import { PartialUniquer } from "./partial-uniquer.ts";

/** `tasks`: of each bolt. */
export function reachFunction(tasks: number): LinearDRPCTopologyBuilder {
  const builder = new LinearDRPCTopologyBuilder("reach");
  builder.addBolt(new GetTweeters(), tasks);
  builder.addBolt(new GetFollowers(), tasks).shuffleGrouping();
  builder.addBolt(new PartialUniquer(), tasks).fieldsGrouping(["id", "follower"]);
  builder.addBolt(new CountAggregator(), tasks).fieldsGrouping(["id"]);
  return builder;
}

export default (args: readonly string[]): TopologyDefinition => {
  const { values } = parseArgs({
    args: [...args],
    options: { tasks: { type: "string", default: "4" }, workers: { type: "string", default: "2" } },
  });
  const conf = { "topology.workers": Number(values.workers) };
  return { name: "reach-drpc", conf, topology: reachFunction(Number(values.tasks)).createRemoteTopology() };
};
