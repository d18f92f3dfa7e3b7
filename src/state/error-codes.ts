/** The codes of this room's errors. */
import { type ErrorCodes, type ExitCode, exitCodes } from "../base/index.ts";

interface CodeText {
  readonly meaning: string;
  readonly hint: string;
  readonly exitCode: ExitCode;
  readonly retriable: boolean;
}

export const stateErrorCodes = {
  "SL-STATE-NOT-LEADER": {
    meaning: "Only the nimbus that leads writes the cluster's state, and another one leads now.",
    hint: "Ask the nimbus that leads: its name is in the answer to getLeader.",
    exitCode: exitCodes.conflict,
    retriable: false,
  },
  "SL-STATE-VALUE": {
    meaning: "A znode does not hold the struct that Storm keeps there: somebody else wrote it, or it was cut short.",
    hint: "Look at it with storm-lab zk get; delete it if nobody needs it.",
    exitCode: exitCodes.refused,
    retriable: false,
  },
  "SL-STATE-CONTENDED": {
    meaning:
      "Other writers changed the same znodes every time, so that the change never found them as it had read them.",
    hint: "See who else writes there: two clusters may share one storm.zookeeper.root.",
    exitCode: exitCodes.conflict,
    retriable: true,
  },
  "SL-STATE-REFUSED": {
    meaning: "ZooKeeper refused a write that it should have taken.",
    hint: "See the ACL of the node with storm-lab zk and the servers' logs.",
    exitCode: exitCodes.refused,
    retriable: false,
  },
} as const satisfies ErrorCodes & Readonly<Record<string, CodeText>>;
