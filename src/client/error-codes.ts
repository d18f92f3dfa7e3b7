/** The codes of this room's errors. What nimbus itself answers has a code of wire/thrift. */
import type { ErrorCodes } from "../base/index.ts";

export const clientErrorCodes: ErrorCodes = {
  "SL-NIMBUS-LEADER-NOT-FOUND": {
    meaning:
      "None of the hosts of nimbus.seeds told of a leading nimbus that can be reached: none runs, none leads yet, or the name " +
      "under which the leader registered does not lead to it from here.",
    hint:
      "Start the cluster; or name its nimbus in nimbus.seeds and nimbus.thrift.port (-c, or --config FILE); on the leader, " +
      "set storm.local.hostname to a name that all nodes know.",
  },
  "SL-DRPC-NO-SERVER": {
    meaning:
      "None of the DRPC servers that a client knows answered a call: none is named, none runs there, or all have ended.",
    hint: "Start a DRPC server (storm-lab drpc), and name it in drpc.servers or with --server HOST:PORT.",
  },
  "SL-DRPC-DEADLINE": {
    meaning: "A DRPC call was not answered in the time that its client gave it.",
    hint: "See that a topology serves the function, or allow more time.",
  },
  "SL-UI-AWAY": {
    meaning: "The ui daemon did not answer: none runs there, or it is busy or frozen.",
    hint: "`storm-lab status` tells whether it runs, `storm-lab start ui1` starts it.",
  },
  "SL-UI-REFUSED": {
    meaning:
      "The ui daemon answered with an error: nimbus does not lead, there is no such thing, or whoever asked may not.",
    hint: "Its reason is told with it; docs/ui.md says who may ask what.",
  },
  "SL-UI-ABORTED": {
    meaning: "A question to the ui daemon was given up by whoever asked it.",
    hint: "Ask again.",
  },
  "SL-BLOB-CUT": {
    meaning: "A blob came with another length than nimbus had said.",
    hint: "Fetch it again; if it stays so, look at nimbus' log and disk.",
  },
};
