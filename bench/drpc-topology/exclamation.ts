/** The exclamation of the lab, with its workers by a word. */
import { parseArgs } from "node:util";
import { LinearDRPCTopologyBuilder, type TopologyDefinition } from "storm-lab";
import { ExclaimBolt } from "../../labs/drpc/exclamation/exclaim-bolt.ts";

export default (args: readonly string[]): TopologyDefinition => {
  const { values } = parseArgs({ args: [...args], options: { workers: { type: "string", default: "1" } } });
  const builder = new LinearDRPCTopologyBuilder("exclamation");
  builder.addBolt(new ExclaimBolt(), 3);
  const conf = { "topology.workers": Number(values.workers) };
  return { name: "exclamation-drpc", conf, topology: builder.createRemoteTopology() };
};
