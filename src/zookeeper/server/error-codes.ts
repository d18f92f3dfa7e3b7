/** The codes of a server's errors, each with its meaning and the way out. */
import type { ErrorCodes } from "../../base/index.ts";

export const zooKeeperServerErrorCodes: ErrorCodes = {
  "SL-ZK-CONFIG-READ": {
    meaning:
      "The server's configuration file is not there or cannot be read. ZooKeeper ships zoo_sample.cfg and reads zoo.cfg.",
    hint: "Copy zoo_sample.cfg to zoo.cfg, or name another file with --config.",
  },
  "SL-ZK-CONFIG-MISSING": {
    meaning: "A key that the server cannot do without is not in zoo.cfg.",
    hint: "Add the line that the message shows.",
  },
  "SL-ZK-CONFIG-VALUE": {
    meaning: "A key of zoo.cfg has a value of the wrong kind or outside its range.",
    hint: "Correct the value; the administrator's guide of Apache ZooKeeper lists them.",
  },
  "SL-ZK-CONFIG-TWICE": {
    meaning: "Two lines of zoo.cfg set the same key to different values; ZooKeeper would silently use the last.",
    hint: "Remove one of the two lines.",
  },
  "SL-ZK-CONFIG-UNKNOWN": {
    meaning: "A key of zoo.cfg is not one of ZooKeeper's; ZooKeeper would silently do nothing with it.",
    hint: "Correct its spelling or remove the line.",
  },
  "SL-ZK-CONFIG-REFUSED": {
    meaning: "A key of zoo.cfg asks for something that this server does not do, such as encryption.",
    hint: "Remove the line, or run Apache ZooKeeper where it is needed.",
  },
  "SL-ZK-CONFIG-SERVER": {
    meaning: "A server.N line is malformed, or two of them claim the same address and port.",
    hint: "Write server.N=host:quorumPort:electionPort, with ports of its own for every server on one machine.",
  },
  "SL-ZK-CONFIG-WINDOWS-PATH": {
    meaning: "A folder in zoo.cfg is a Windows path, and the server does not run on Windows.",
    hint: "Write a path of this machine.",
  },
  "SL-ZK-MYID": {
    meaning:
      "The file myid in dataDir is missing, or its number is on no server line: the server cannot know which one it is.",
    hint: "Write the server's number into dataDir/myid.",
  },
  "SL-ZK-PORT-BUSY": {
    meaning: "A port that the server must listen on is in use, often by an earlier server.",
    hint: "Stop the other process, or choose another port in zoo.cfg.",
  },
  "SL-ZK-PORT": {
    meaning: "The server may not listen on a port: it needs privileges, or the address is not this machine's.",
    hint: "Choose a port from 1024 up and an address of this machine.",
  },
  "SL-ZK-LOG-DAMAGED": {
    meaning:
      "A transaction log is damaged in its middle, or transactions are missing between files. A torn last write is repaired " +
      "by itself; this is none. Nothing on disk was changed.",
    hint: "Restore the file, or empty this server's data folders and let it copy from the rest of the ensemble.",
  },
  "SL-ZK-NO-SNAPSHOT": {
    meaning: "There are transaction logs and no snapshot that can be read; every data folder begins with one.",
    hint: "Restore a snapshot, or set snapshot.trust.empty=true for one start to replay the logs alone.",
  },
  "SL-ZK-FOLDERS": {
    meaning:
      "There are logs in the folder of snapshots, or snapshots in that of logs: dataDir or dataLogDir was changed after the " +
      "server had run, and it would start without part of its data.",
    hint: "Set the keys as they were, or move the files to where the keys point.",
  },
  "SL-ZK-EPOCH": {
    meaning: "The file acceptedEpoch is behind currentEpoch, which no server writes.",
    hint: "Restore both from one backup, or empty this server's data folders.",
  },
  "SL-ZK-DISK-FULL": {
    meaning: "The disk of dataDir or dataLogDir is full. The server stopped; what it acknowledged is on disk.",
    hint: "Free space, set autopurge.purgeInterval=1, start the server again.",
  },
  "SL-ZK-DISK-ACCESS": {
    meaning: "The server may not write its data folders.",
    hint: "Start it as their owner, or change the owner.",
  },
  "SL-ZK-DISK": {
    meaning: "The operating system refused to read or write the data folders; the message says why.",
    hint: "Look at the disk and its file system.",
  },
};
