/** The codes of this room's errors. */
import type { ErrorCodes } from "../src/base/index.ts";

export const provisionErrorCodes: ErrorCodes = {
  "SL-ZK-ENSEMBLE-NONE": {
    meaning: "The folder holds no ensemble, or not the server that was named.",
    hint: "Write one with storm-lab zookeeper ensemble --servers 3, or name the right folder with --dir.",
  },
  "SL-ZK-ENSEMBLE-EXISTS": {
    meaning:
      "The folder holds an ensemble with other servers or other ports; it may hold data, so it is left as it is.",
    hint: "Start it with storm-lab zookeeper ensemble start, or choose another folder with --dir.",
  },
  "SL-ZK-ENSEMBLE-START": {
    meaning: "A server ended while it started: its configuration, its ports or its data do not allow it to run.",
    hint: "Read the end of zk-cluster/800N/logs/zookeeper.out.",
  },
  "SL-ZK-ENSEMBLE-QUORUM": {
    meaning: "The servers run, but no majority of them agrees on a leader.",
    hint: "Read zk-cluster/800N/logs/zookeeper.out of each server.",
  },
};
