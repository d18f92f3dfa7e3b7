/**
 * Looks at the cluster's memory whenever something of it changes, and once a second for what no watch tells of; keeps what has happened.
 * What comes and goes between two looks is not told.
 */
import type { Runtime } from "../../base/index.ts";
import { type ClusterState, type Following, follow } from "../../state/index.ts";
import { type ClusterPicture, emptyPicture, takePicture } from "./cluster-picture.ts";
import { differences } from "./differences.ts";
import { EventLog } from "./event-log.ts";

const lookEveryMs = 1000;

export class ClusterWatch {
  readonly log: EventLog;
  #picture: ClusterPicture = emptyPicture;
  #isFirst = true;
  readonly #following: Following;

  constructor(runtime: Runtime, state: ClusterState) {
    this.log = new EventLog(runtime.clock);
    this.#following = follow(runtime, {
      name: "cluster",
      pollMs: lookEveryMs,
      read: (watch) => takePicture(state, watch),
      onValue: (picture) => this.#seen(picture),
    });
  }

  /** As last seen. */
  get picture(): ClusterPicture {
    return this.#picture;
  }

  stop(): void {
    this.#following.stop();
  }

  #seen(picture: ClusterPicture): void {
    const before = this.#picture;
    this.#picture = picture;
    // What stood when it began to look did not happen then.
    if (!this.#isFirst) this.log.add(differences(before, picture));
    this.#isFirst = false;
  }
}
