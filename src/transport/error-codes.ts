/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const transportErrorCodes: ErrorCodes = {
  "SL-TRANSPORT-FOREIGN": {
    meaning: "A worker of another topology sends tuples to this worker's port; they are refused and counted.",
    hint: "It ends when that worker reads the new assignment; if it goes on, look whether two clusters share a port.",
  },
  "SL-TRANSPORT-LINK": {
    meaning: "A link to another worker cannot send, for another reason than that worker's absence.",
    hint: "Let the worker restart, and look at the cause in its log.",
  },
  "SL-ZEROMQ-LOAD": {
    meaning: "ZeroMQ's native part cannot be loaded, so that two workers cannot exchange tuples.",
    hint: "Run on Linux with glibc 2.25 or newer (or macOS), or keep the topology in one worker.",
  },
};
