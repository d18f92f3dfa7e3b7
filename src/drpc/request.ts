/** A call while it waits. */
import type { FunctionCounts } from "./call-counts.ts";
import type { Failure } from "./failures.ts";
import type { Queued } from "./request-queue.ts";

/** The one who waits for it; one of the two is called, once. */
export interface Waiting {
  answered(result: string): void;
  failed(failure: Failure): void;
}

/** What can be withdrawn. */
export interface Request extends Queued<Request> {
  readonly id: string;
  readonly functionName: string;
  readonly args: string;
  readonly dueMs: number;
  readonly waiting: Waiting;
  readonly counts: FunctionCounts;
  /** `queued` to be fetched; `fetched` by a topology; `over`: answered, failed or withdrawn. */
  state: "queued" | "fetched" | "over";
  /** Whose loss brings it back to the queue. */
  holder: Fetcher | null;
  /** To such as could be lost. */
  deliveries: number;
}

/** A connection of a topology that calls are pushed to: what it holds, and in what it waits for more. */
export class Fetcher {
  readonly requests = new Set<Request>();
  readonly polls = new Set<Poll>();
}

/** A `fetchRequests` that is not answered. */
export interface Poll extends Queued<Poll> {
  readonly functionName: string;
  readonly max: number;
  readonly fetcher: Fetcher;
  /** With what came, perhaps nothing. */
  readonly answer: (requests: readonly Request[]) => void;
  /** No longer waits for its time to pass. */
  forgetTimeout: () => void;
}
