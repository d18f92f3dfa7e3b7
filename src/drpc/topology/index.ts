/** What answers DRPC calls inside a topology, and DRPC without a server. */
export { DRPCSpout } from "./drpc-spout.ts";
export { JoinResult } from "./join-result.ts";
export { KeyedFairBolt } from "./keyed-fair-bolt.ts";
export {
  type LinearBolt,
  LinearDRPCInputDeclarer,
  LinearDRPCTopologyBuilder,
} from "./linear-drpc-topology-builder.ts";
export { LocalDRPC, type LocalDRPCOptions } from "./local-drpc.ts";
export { PrepareRequest } from "./prepare-request.ts";
export { ReturnResults } from "./return-results.ts";
