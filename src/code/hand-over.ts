/**
 * Who gets the topology that a program submits: nobody in a program that was started by itself, which then submits it; the
 * process that loads the program otherwise, be it to submit it, to run it locally, or to run its share on a worker.
 */
import type { ConfLike, StormTopology } from "../topology/index.ts";

export interface Submission {
  readonly name: string;
  readonly conf: ConfLike | null;
  readonly topology: StormTopology;
  /** Storm's `submitTopologyWithProgressBar`. */
  readonly progressBar: boolean;
}

/** Its promise is what the program waits for: one that never settles stops the program there. */
export type SubmissionReceiver = (submission: Submission) => Promise<void>;

let receiver: SubmissionReceiver | null = null;

/** From here on, for the life of the process: a late call must not submit for real. */
export function receiveSubmissions(next: SubmissionReceiver): void {
  receiver = next;
}

export function submissionReceiver(): SubmissionReceiver | null {
  return receiver;
}
