/** Whose frames came and whose are missing: tells a new life and a new connection of a sender from late and lost frames. */
import type { FrameHeader } from "../../wire/tuple/index.ts";

/** `late`: of a life or a connection that a newer one has replaced. */
export type Arrival = "next" | "late";

interface Sender {
  session: number;
  /** The life before; its last frames may still come out of a buffer. */
  formerSession: number | null;
  connection: number;
  nextSequence: number;
}

export interface SenderEvents {
  /** The peer is another process than before. */
  restarted(peer: number): void;
  lost(peer: number, frames: number): void;
}

export class Senders {
  readonly #events: SenderEvents;
  readonly #senders = new Map<number, Sender>();

  constructor(events: SenderEvents) {
    this.#events = events;
  }

  /** To be called for every frame of the topology, in order of arrival. */
  arrive(header: FrameHeader): Arrival {
    const { sender: peer, session, connection, sequence, kind } = header;
    const carries = kind === "tuples" ? 1 : 0;
    const known = this.#senders.get(peer);
    if (known === undefined) {
      // Also a receiver that was restarted: what was lost before it, it cannot know.
      this.#senders.set(peer, { session, formerSession: null, connection, nextSequence: sequence + carries });
      return "next";
    }
    if (session === known.formerSession) return "late";
    if (session !== known.session) {
      known.formerSession = known.session;
      known.session = session;
      known.connection = connection;
      known.nextSequence = 0;
      this.#events.restarted(peer);
    } else if (connection !== known.connection) {
      if (!isAfter(connection, known.connection)) return "late";
      known.connection = connection;
      known.nextSequence = 0;
    }
    const missing = (sequence - known.nextSequence) | 0;
    if (missing < 0) return kind === "tuples" ? "late" : "next";
    if (missing > 0) this.#events.lost(peer, missing);
    known.nextSequence = (sequence + carries) >>> 0;
    return "next";
  }
}

/** In a counter that wraps at 32 bits. */
function isAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}
