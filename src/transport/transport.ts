/**
 * The contract between workers: tuples go to a peer, in order, and nothing is dropped while both live.
 *
 * - One endpoint a worker. What it sends to one peer arrives in the order of the calls.
 * - A peer may be connected before it is there, and may die and come back, at the same address or another: what was under
 *   way to it then may be lost (the receiver counts it, `lost`), what was not yet sent waits.
 * - What waits for a peer is bounded: above the high mark `congestion` tells the producers to stop, below the low mark to go on.
 * - A receiver always reads, so that two workers that send to each other never block each other. A worker whose executors
 *   cannot keep up says so with `sendPressure` instead, and its peers hold back the tuples for those tasks, as in Storm.
 *   That status is repeated while it holds, and a peer that has not heard it for a while asks: a lost status heals.
 */
import type { StormLabError } from "../base/index.ts";
import type { MoreAnchors, TupleSink } from "../wire/tuple/index.ts";

export interface Transport {
  /** Rejects with `NetError` when the address to listen on is taken. */
  open(handlers: TransportHandlers): Promise<Endpoint>;
}

/** Called by the endpoint; none may throw, and what one throws ends the process. */
export interface TransportHandlers extends TupleSink {
  /** These tasks of the peer are under pressure now, and no others; on change only. */
  pressure(peer: number, tasks: readonly number[]): void;
  /** The outbox of the peer has passed its high mark, or has come back to its low mark. May come from within `send`. */
  congestion(peer: number, congested: boolean): void;
  /** So many frames that the peer has sent did not arrive, although later ones did. */
  lost(peer: number, frames: number): void;
  /**
   * The peer's process is there: something of it has come for the first time. Again after each of its restarts; also for a
   * worker of the topology that is not connected.
   */
  appeared(peer: number): void;
  /** Something to report: unreadable or foreign frames (each 1st, 2nd, 4th, 8th … time), or a link that cannot send. */
  problem(error: StormLabError): void;
}

export interface Endpoint {
  /** Where peers reach this endpoint. */
  readonly address: string;
  /**
   * Peers are numbered the same way by all workers of the topology. A worker connects to every worker that it sends tuples
   * to or receives tuples from: statuses go back the same way. At the same address again: nothing happens; at another: what
   * waits goes there.
   */
  connect(peer: number, address: string): void;
  /** Asks a connected peer for a sign of life, which `appeared` tells if it is the first. */
  greet(peer: number): void;
  /** Forgets the peer: what waits for it is dropped, and its pressure is over. */
  disconnect(peer: number): void;
  /**
   * Adds a tuple to the peer's frame; arguments as in `TupleSink.tuple`. The tuple's values must not change afterwards. Throws
   * `SL-TUPLE-VALUE` when they cannot travel, and fails an assertion when the peer is not connected. Ignored after `close`.
   */
  send(
    peer: number,
    targetTask: number,
    sourceTask: number,
    stream: number,
    rootHi: number,
    rootLo: number,
    edgeHi: number,
    edgeLo: number,
    more: MoreAnchors | null,
    values: readonly unknown[],
  ): void;
  /** At the end of a turn of the event loop: lets every frame that was started go. */
  flush(): void;
  /** Whether the producers for this peer should wait; false for an unknown peer. */
  congested(peer: number): boolean;
  /** These tasks of this worker, and no others, are under pressure; all peers are told. */
  sendPressure(tasks: readonly number[]): void;
  stats(): TransportStats;
  /** Gives what waits `lingerMs` to leave, then drops it. Receives nothing from the call on. Idempotent. */
  close(lingerMs: number): Promise<void>;
}

/** Counted since the endpoint was opened. */
export interface TransportStats {
  /** Taken by `send`; they may still wait. */
  readonly tuplesSent: number;
  /** Handed to the handlers. */
  readonly tuplesReceived: number;
  readonly framesSent: number;
  readonly framesReceived: number;
  readonly bytesSent: number;
  readonly bytesReceived: number;
  /** Frames that never came: a gap in a sender's numbers. */
  readonly framesLost: number;
  /** Frames that were refused: of an earlier connection, of another topology, or unreadable. */
  readonly framesRefused: number;
  /** Waiting in all outboxes now. */
  readonly bytesWaiting: number;
}

/** When producers for a peer stop and go on, in bytes that wait for it. */
export interface Marks {
  readonly highMarkBytes: number;
  readonly lowMarkBytes: number;
}

/**
 * Storm's `storm.messaging.netty.buffer.high.watermark` is 16 MiB, for all of a worker's buffers below its transfer queue; here
 * a peer's share is 2 MiB, some 40,000 small tuples: more buys no throughput and costs latency.
 */
export const defaultMarks: Marks = { highMarkBytes: 2 * 1024 * 1024, lowMarkBytes: 1024 * 1024 };
