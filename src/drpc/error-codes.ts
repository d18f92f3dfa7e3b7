/** The codes of this room's errors. How a call fails is a DRPCExecutionException, which has a code of wire/thrift. */
import type { ErrorCodes } from "../base/index.ts";

export const drpcErrorCodes: ErrorCodes = {
  "SL-DRPC-TOPOLOGY-BOLT": {
    meaning: "`addBolt` of a LinearDRPCTopologyBuilder got something that is no bolt.",
    hint: "Pass an object, or a function that makes one.",
  },
  "SL-DRPC-TOPOLOGY-EMPTY": {
    meaning: "A LinearDRPCTopologyBuilder has no bolt.",
    hint: "`addBolt(new ExclaimBolt(), 3)`.",
  },
  "SL-DRPC-TOPOLOGY-RESULT": {
    meaning:
      "The last bolt of a DRPC function does not declare exactly one stream with two fields, the request id and the result.",
    hint: '`declarer.declare(["id", "result"])`.',
  },
  "SL-DRPC-TOPOLOGY-SERVERS": {
    meaning: "A DRPCSpout has no server to fetch calls from.",
    hint: "Set `drpc.servers` in storm.yaml or in the topology's conf, or give it a LocalDRPC.",
  },
};
