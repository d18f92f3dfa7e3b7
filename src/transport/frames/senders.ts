/** Whose frames came and whose are missing: tells a new life and a new connection of a sender from lost frames. */
import type { FrameHeader } from "../../wire/tuple/index.ts";

/** `late`: of a connection that a newer one has replaced, or overtaken within its own. */
export type Arrival = "next" | "late";

/** A sender's process from its start to its end. */
interface Life {
  readonly session: number;
  connection: number;
  nextSequence: number;
}

export interface SenderEvents {
  /** The first frame of a process. */
  appeared(peer: number): void;
  /** The peer is another process than before. */
  restarted(peer: number): void;
  lost(peer: number, frames: number): void;
}

/**
 * Frames of a dead process may still come out of a buffer, even after the first ones of its successor and even if none of it was
 * seen before: from here the two cannot be told apart. So the lives of a sender count side by side, each in its own order, and
 * as many are remembered as can have frames under way.
 */
const livesMax = 4;

export class Senders {
  readonly #events: SenderEvents;
  readonly #lives = new Map<number, Life[]>();

  constructor(events: SenderEvents) {
    this.#events = events;
  }

  /** To be called for every frame of the topology, in order of arrival. */
  arrive(header: FrameHeader): Arrival {
    const { sender: peer, session, connection, sequence, kind } = header;
    const carries = kind === "tuples" ? 1 : 0;
    const lives = this.#lives.get(peer);
    if (lives === undefined) {
      // Also a receiver that was restarted: what was lost before it, it cannot know.
      this.#lives.set(peer, [{ session, connection, nextSequence: sequence + carries }]);
      this.#events.appeared(peer);
      return "next";
    }
    const life = lives.find((known) => known.session === session) ?? this.#begin(peer, lives, session, connection);
    if (connection !== life.connection) {
      if (!isAfter(connection, life.connection)) return "late";
      life.connection = connection;
      life.nextSequence = 0;
    }
    const missing = (sequence - life.nextSequence) | 0;
    if (missing < 0) return kind === "tuples" ? "late" : "next";
    if (missing > 0) this.#events.lost(peer, missing);
    life.nextSequence = (sequence + carries) >>> 0;
    return "next";
  }

  #begin(peer: number, lives: Life[], session: number, connection: number): Life {
    const life = { session, connection, nextSequence: 0 };
    lives.push(life);
    if (lives.length > livesMax) lives.shift();
    this.#events.restarted(peer);
    this.#events.appeared(peer);
    return life;
  }
}

/** In a counter that wraps at 32 bits. */
function isAfter(a: number, b: number): boolean {
  return ((a - b) | 0) > 0;
}
