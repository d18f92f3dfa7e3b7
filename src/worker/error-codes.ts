/** The codes of this room's errors. */
import type { ErrorCodes } from "../base/index.ts";

export const workerErrorCodes: ErrorCodes = {
  "SL-COMPONENT-FAILED": {
    meaning:
      "A spout or bolt threw, or its promise was rejected. In Storm its worker dies of it; in local mode the run stops.",
    hint: "Mend the component; to fail only the tuple, throw FailedException in a basic bolt or call collector.fail.",
  },
  "SL-COMPONENT-REPORTED": {
    meaning: "A spout or bolt told of an error with reportError. The run goes on.",
    hint: "Its author knows what it means.",
  },
  "SL-FRAMES-LOST": {
    meaning:
      "Frames of tuples that another worker sent did not arrive: it died, or the network between the workers failed.",
    hint: "Nothing to do: tracked tuples among them time out and are replayed by their spout.",
  },
  "SL-TUPLES-STRAY": {
    meaning:
      "Tuples came for tasks that this worker does not run: another worker has not yet heard of a new assignment.",
    hint: "Nothing to do: tracked tuples among them time out and are replayed by their spout.",
  },
  "SL-PEER-NUMBER": {
    meaning: "Two workers of a topology have the same number, which is a hash of their node and port.",
    hint: "Give one of the two supervisors another slot port, or rebalance the topology.",
  },
  "SL-WORKER-UNWANTED": {
    meaning: "A worker process found its folder below storm.local.dir gone: its supervisor has given it up.",
    hint: "Nothing to do: the supervisor starts the workers that the assignment wants.",
  },
  "SL-WORKER-CODE": {
    meaning: "What the supervisor downloaded of a topology cannot be read by its worker.",
    hint: "End the supervisor, remove supervisor/stormdist below storm.local.dir, and start it again.",
  },
  "SL-WORKER-PORT": {
    meaning: "A worker cannot listen on the port of its slot.",
    hint: "See which process has the port; the supervisor starts the worker again.",
  },
};
