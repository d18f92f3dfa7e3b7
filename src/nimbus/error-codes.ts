/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const nimbusErrorCodes: ErrorCodes = {
  "SL-NIMBUS-NOT-READY": {
    meaning: "Nimbus has started and still waits for ZooKeeper, where all it knows is kept.",
    hint: "See that a majority of the ZooKeeper servers run, and what nimbus' log says.",
  },
  "SL-NIMBUS-SESSIONS": {
    meaning: "Clients have begun as many uploads, downloads or lists as nimbus takes, and have not ended them.",
    hint: "End them; each is given up after a time of silence.",
  },
  "SL-NIMBUS-LOST-AUTH": {
    meaning: "ZooKeeper refuses the credentials of nimbus, which then can neither read nor write anything.",
    hint: "Check storm.zookeeper.auth.scheme and storm.zookeeper.auth.payload.",
  },
  "SL-NIMBUS-BLOB-DAMAGED": {
    meaning: "A blob that was copied from another nimbus is not the one that its checksum is of.",
    hint: "Nothing needs to be done: it is copied again.",
  },
};
