/**
 * The election as the server runs it: the pure state machine with its connections and its timer. It listens as long as
 * the server lives, because servers that look for a leader ask the settled ones.
 */
import type { Runtime, Timer } from "../../../base/index.ts";
import { decodeNotification, encodeNotification } from "../../../wire/zookeeper/quorum/index.ts";
import { ElectionConnections } from "./election-connections.ts";
import type { Ensemble } from "./ensemble.ts";
import { type ElectionEffect, FastLeaderElection, type Notification } from "./fast-leader-election.ts";
import type { ServerState, Vote } from "./vote.ts";

export interface ElectionResult {
  readonly state: Exclude<ServerState, "LOOKING">;
  readonly vote: Vote;
}

const stateNumbers: readonly ServerState[] = ["LOOKING", "FOLLOWING", "LEADING", "OBSERVING"];

export class Election {
  readonly #runtime: Runtime;
  readonly #ensemble: Ensemble;
  readonly #machine: FastLeaderElection;
  readonly #connections: ElectionConnections;
  #timer: Timer | null = null;
  #lookingSinceMs = 0;
  #decided: ((result: ElectionResult) => void) | null = null;

  constructor(runtime: Runtime, ensemble: Ensemble) {
    this.#runtime = runtime;
    this.#ensemble = ensemble;
    this.#machine = new FastLeaderElection({
      myId: ensemble.myId,
      verifier: ensemble.verifier,
      minNotificationIntervalMs: ensemble.minNotificationMs,
      maxNotificationIntervalMs: ensemble.maxNotificationMs,
    });
    this.#connections = new ElectionConnections(runtime, ensemble, {
      onMessage: (sid, payload) => this.#received(sid, payload),
    });
  }

  /** Binds the election port. */
  listen(): Promise<void> {
    return this.#connections.listen();
  }

  /** Runs until a leader is found. `zxid` is the last one logged, `epoch` the current epoch on disk. */
  lookForLeader(zxid: number, epoch: number): Promise<ElectionResult> {
    return new Promise((resolve) => {
      this.#decided = resolve;
      this.#lookingSinceMs = this.#runtime.clock.monotonicMs();
      this.#perform(this.#machine.look(zxid, epoch));
    });
  }

  /** The epoch in which this server now serves, for those who ask. */
  serving(epoch: number): void {
    this.#machine.serving(epoch);
  }

  async close(): Promise<void> {
    this.#decided = null;
    this.#perform(this.#machine.stop());
    await this.#connections.close();
  }

  #received(sid: number, payload: Uint8Array): void {
    const message = decodeNotification(payload);
    const state = message === null ? undefined : stateNumbers[message.state];
    if (message === null) this.#runtime.log.warn(`Got a short response from ${sid}: ${payload.length}`);
    if (message === null || state === undefined) return;
    const notification: Notification = {
      sid,
      state,
      leader: Number(message.leader),
      zxid: Number(message.zxid),
      electionEpoch: Number(message.electionEpoch),
      peerEpoch: Number(message.peerEpoch),
      version: message.version,
      configVersion: configVersion(message.config),
    };
    if (!isExact(notification)) {
      this.#runtime.log.warn(`Skipping the processing of a partial / malformed response message sent by sid=${sid}`);
      return;
    }
    this.#perform(this.#machine.receive(notification));
  }

  #perform(effects: readonly ElectionEffect[]): void {
    for (const effect of effects) {
      switch (effect.kind) {
        case "send":
          this.#connections.send(effect.to, this.#encoded(effect.state, effect.vote));
          break;
        case "arm":
          this.#timer?.cancel();
          this.#timer = this.#runtime.timers.after(effect.delayMs, () => this.#timeout());
          break;
        case "disarm":
          this.#timer?.cancel();
          this.#timer = null;
          break;
        case "connect-all":
          this.#connections.connectAll();
          break;
        case "log":
          this.#runtime.log.info(effect.message);
          break;
        case "decided":
          this.#decided?.({ state: effect.state, vote: effect.vote });
          this.#decided = null;
          break;
      }
    }
  }

  #timeout(): void {
    this.#connections.renewSilent(this.#lookingSinceMs);
    this.#perform(this.#machine.timeout(this.#connections.haveDelivered()));
  }

  #encoded(state: ServerState, vote: Vote): Uint8Array {
    return encodeNotification({
      state: stateNumbers.indexOf(state),
      leader: BigInt(vote.leader),
      zxid: BigInt(vote.zxid),
      electionEpoch: BigInt(vote.electionEpoch),
      peerEpoch: BigInt(vote.peerEpoch),
      config: this.#ensemble.configText,
    });
  }
}

/** Ids, zxids and epochs beyond 2⁵³ exist only as Long.MIN_VALUE, the vote of an observer. */
function isExact(notification: Notification): boolean {
  const { leader, zxid, electionEpoch, peerEpoch } = notification;
  return [leader, zxid, electionEpoch, peerEpoch].every((value) => Number.isSafeInteger(value) || value === -(2 ** 63));
}

function configVersion(config: string): number {
  const match = /^version=([0-9a-fA-F]+)$/m.exec(config);
  return match === null ? 0 : Number.parseInt(match[1]!, 16);
}
