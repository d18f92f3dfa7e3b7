/** A word count as Storm's Thrift has it, for tests of what takes topologies without running them. */
import { topologyToThrift } from "../../src/code/index.ts";
import type { TopologyDescription } from "../../src/topology/index.ts";
import type { StormTopology } from "../../src/wire/thrift/index.ts";

/** Sentences → split → count. */
export function wordCountThrift(hints: { readonly split?: number; readonly count?: number } = {}): StormTopology {
  const stream = (...fields: string[]) => ({ default: { fields, direct: false } });
  const description: TopologyDescription = {
    warnings: [],
    components: [
      {
        id: "count",
        kind: "rich-bolt",
        parallelismHint: hints.count ?? 2,
        conf: {},
        streams: {},
        inputs: [{ componentId: "split", streamId: "default", grouping: { type: "fields", fields: ["word"] } }],
      },
      { id: "sentences", kind: "spout", parallelismHint: 1, conf: {}, inputs: [], streams: stream("sentence") },
      {
        id: "split",
        kind: "rich-bolt",
        parallelismHint: hints.split ?? 2,
        conf: {},
        streams: stream("word"),
        inputs: [{ componentId: "sentences", streamId: "default", grouping: { type: "shuffle" } }],
      },
    ],
  };
  return topologyToThrift(description, "topology.ts");
}
