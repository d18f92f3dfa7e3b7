/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const localErrorCodes: ErrorCodes = {
  "SL-FILE-PIPE": {
    meaning: "The path is a pipe or a device, which cannot be read twice.",
    hint: "Write its contents to a file first.",
  },
  "SL-TOPOLOGY-ARGUMENT": {
    meaning: "The topology's own function does not know an argument.",
    hint: "See the topology's file or its lab.",
  },
  "SL-INPUT-UTF8": {
    meaning: "A text has bytes that are not UTF-8. What could not be read became U+FFFD; the run goes on.",
    hint: "Convert the text, for example with iconv -f GB18030 -t UTF-8.",
  },
  "SL-WORKER-DIED": {
    meaning: "A worker process of a local run ended before the run did.",
    hint: "Look at what it printed; on a cluster its supervisor would start it again.",
  },
  "SL-WORKER-SILENT": {
    meaning:
      "A worker process of a local run did not tell its counters in time: an execute or nextTuple does not come back.",
    hint: "Split long computations, or await between their parts.",
  },
  "SL-CLOSE-LATE": {
    meaning: "A run had ended, but components of it did not close in time. They were not waited for.",
    hint: "Let close and cleanup end by themselves, and quickly.",
  },
  "SL-TOPOLOGY-EXISTS": {
    meaning: "A topology of this name runs already.",
    hint: "Kill it first, or choose another name.",
  },
  "SL-TOPOLOGY-UNKNOWN": { meaning: "No topology of this name runs.", hint: "Submit it first, or correct the name." },
  "SL-DEADLINE": {
    meaning: "What was waited for did not happen in time.",
    hint: "Check that every bolt acks or fails every tuple, or allow more time.",
  },
  "SL-MOCK-SOURCE": { meaning: "A mocked source is no spout of the topology.", hint: "Correct its id." },
};
