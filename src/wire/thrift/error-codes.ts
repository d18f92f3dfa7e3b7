/** The codes of this language's errors: its own two, and one for each exception that Storm's services declare. */
import type { ErrorCodes } from "../../base/index.ts";

export const thriftErrorCodes: ErrorCodes = {
  "SL-THRIFT-BYTES": {
    meaning: "Bytes that should be Thrift, in a znode, a file or on a connection, are something else, or were cut.",
    hint: "See which program wrote them, and whether it is of Storm 2.8's line.",
  },
  "SL-THRIFT-VALUE": {
    meaning:
      "A value was to be written as Thrift and does not fit its field: missing, of another type, or out of range.",
    hint: "Report it with the command that led to it: the fault is storm-lab's own.",
  },
  "SL-THRIFT-APPLICATION": {
    meaning: "A server could not run a call and says so in Thrift's own words (TApplicationException).",
    hint: "Look into the server's log at this time.",
  },
  "SL-STORM-ALREADY-ALIVE": {
    meaning: "Nimbus has a topology of this name already (AlreadyAliveException).",
    hint: "Kill the running topology first, or submit under another name.",
  },
  "SL-STORM-NOT-ALIVE": {
    meaning: "Nimbus has no such topology (NotAliveException).",
    hint: "Look at the names that `storm-lab list` shows.",
  },
  "SL-STORM-AUTHORIZATION": {
    meaning: "The cluster does not let this user do it (AuthorizationException).",
    hint: "Ask as the owner of the topology, or as an administrator of the cluster.",
  },
  "SL-STORM-INVALID-TOPOLOGY": {
    meaning: "Nimbus refused a topology or its configuration (InvalidTopologyException).",
    hint: "Repair what the message names, and submit again.",
  },
  "SL-STORM-KEY-NOT-FOUND": {
    meaning: "The blob store has no such key (KeyNotFoundException).",
    hint: "Look at the keys that the cluster has.",
  },
  "SL-STORM-KEY-ALREADY-EXISTS": {
    meaning: "The blob store has this key already (KeyAlreadyExistsException).",
    hint: "Update the blob, delete it first, or take another key.",
  },
  "SL-STORM-ILLEGAL-STATE": {
    meaning: "The cluster is not in a state in which this can be done (IllegalStateException).",
    hint: "Do first what the message asks for.",
  },
  "SL-STORM-DRPC-EXECUTION": {
    meaning: "A DRPC call ended without an answer (DRPCExecutionException).",
    hint: "See that a topology serves the function, and what its workers' logs say.",
  },
};
