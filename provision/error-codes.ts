/** The codes of this room's errors. */
import type { ErrorCodes } from "../src/base/index.ts";

export const provisionErrorCodes: ErrorCodes = {
  "SL-CLUSTER-FILE": {
    meaning: "A cluster file is not YAML, has a key that there is not, or a value that its key cannot have.",
    hint: "Correct the line that is named; storm-lab init --non-interactive --file other.yaml writes one with every key explained.",
  },
  "SL-CLUSTER-FILE-MISSING": {
    meaning: "The cluster file that was named is not there.",
    hint: "Write one with storm-lab init, or leave --file out: up then makes a cluster of the usual size.",
  },
  "SL-CLUSTER-NONE": {
    meaning: "The cluster that a command means is not on this machine.",
    hint: "storm-lab clusters lists those that are; storm-lab up makes one.",
  },
  "SL-CLUSTER-WHICH": {
    meaning: "There are several clusters on this machine, and the command does not say which one is meant.",
    hint: "Name it with --cluster, or set STORM_LAB_CLUSTER.",
  },
  "SL-CLUSTER-BUSY": {
    meaning: "Another command is changing the cluster.",
    hint: "Wait until it has ended. A command that was killed leaves no lock behind: the next one takes it over.",
  },
  "SL-CLUSTER-FOLDER": {
    meaning: "The folder of a cluster cannot be written: permissions, a full disk, or a file in its place.",
    hint: "Choose another folder with STORM_LAB_HOME, or mend what the error names.",
  },
  "SL-CLUSTER-TARGET": {
    meaning: "The cluster has no node, role or process of this name.",
    hint: "storm-lab ps shows every process with its node and role.",
  },
  "SL-DAEMON-ENDED": {
    meaning:
      "A daemon ended while the cluster was coming up: its configuration, its ports or its data do not allow it to run.",
    hint: "Read the end of the log that is named.",
  },
  "SL-PORT-BUSY": {
    meaning: "A port that a daemon needs is taken by another program.",
    hint: "Choose other ports with storm-lab up --ports free, or end the other program.",
  },
  "SL-PORTS-TAKEN": {
    meaning: "No block of free ports was found.",
    hint: "End other clusters, or name the first port of a block with storm-lab up --ports 40000.",
  },
  "SL-UP-DEADLINE": {
    meaning: "The processes of a cluster run, but it does not work within half a minute.",
    hint: "Read the logs of its nodes; they say what each daemon waits for.",
  },
  "SL-UP-INTERRUPTED": {
    meaning: "up was interrupted; it has undone what it had done.",
    hint: "Run it again.",
  },
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
