/**
 * Ephemeral nodes that stand as long as the process wants them: written anew by each session that follows one that ended, taken
 * over from a session that this process had before it was killed, and made again when somebody deletes them.
 */
import { isStormLabError, messageOf, type Runtime, type Timer } from "../base/index.ts";
import type { ZooKeeperClient, ZooKeeperSession } from "../zookeeper/index.ts";
import { stateError } from "./state-errors.ts";
import { parentOf, type Znodes } from "./znodes.ts";

export interface KeptNode {
  /** Writes the value of the moment; when it resolves the node stands. */
  refresh(): Promise<void>;
  /** Deletes it, if it is this process's. */
  close(): Promise<void>;
}

/** Races with the end of an older session, and lost answers. */
const attemptsMax = 8;
const troubleMs = 1000;

export class KeptNodes {
  readonly #runtime: Runtime;
  readonly #client: ZooKeeperClient;
  readonly #znodes: Znodes;
  readonly #kept = new Set<Keeper>();
  readonly #stopListening: () => void;

  constructor(runtime: Runtime, client: ZooKeeperClient, znodes: Znodes) {
    this.#runtime = runtime;
    this.#client = client;
    this.#znodes = znodes;
    this.#stopListening = client.onState((state) => {
      if (state === "connected") for (const each of this.#kept) each.soon();
    });
  }

  /** `bytes` is asked for every time it is written: at once, every `everyMs` and in every new session. */
  keep(path: string, everyMs: number, bytes: () => Uint8Array): KeptNode {
    const keeper: Keeper = new Keeper(this.#runtime, {
      everyMs,
      path,
      write: () => putEphemeral(this.#client, this.#znodes, path, bytes()),
      remove: async () => {
        this.#kept.delete(keeper);
        await deleteOwn(this.#client, path);
      },
    });
    this.#kept.add(keeper);
    keeper.soon();
    return keeper;
  }

  /** The nodes stand until the session ends. */
  stop(): void {
    this.#stopListening();
    for (const each of this.#kept) each.stop();
    this.#kept.clear();
  }
}

interface Keeping {
  readonly path: string;
  readonly everyMs: number;
  readonly write: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

class Keeper implements KeptNode {
  readonly #runtime: Runtime;
  readonly #keeping: Keeping;
  #timer: Timer | null = null;
  #writing: Promise<void> | null = null;
  #stopped = false;
  #inTrouble = false;

  constructor(runtime: Runtime, keeping: Keeping) {
    this.#runtime = runtime;
    this.#keeping = keeping;
  }

  soon(): void {
    this.refresh().catch(() => undefined);
  }

  async refresh(): Promise<void> {
    // A write that is on its way may carry the older value, or belong to the session before.
    while (this.#writing !== null) await this.#writing.catch(() => undefined);
    if (this.#stopped) return;
    const writing = this.#write();
    this.#writing = writing;
    try {
      await writing;
    } finally {
      // Not in the write itself: one that fails before its first await would be over before it is noted, and waited for for ever.
      if (this.#writing === writing) this.#writing = null;
    }
  }

  async close(): Promise<void> {
    this.stop();
    await this.#writing?.catch(() => undefined);
    await this.#keeping.remove();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  async #write(): Promise<void> {
    this.#timer?.cancel();
    let nextMs = this.#keeping.everyMs;
    try {
      await this.#keeping.write();
      this.#inTrouble = false;
    } catch (error) {
      nextMs = Math.min(nextMs, troubleMs);
      if (!this.#inTrouble && !this.#stopped) {
        this.#runtime.log.warn(`Could not write ${this.#keeping.path}: ${messageOf(error)}`);
      }
      this.#inTrouble = true;
      throw error;
    } finally {
      if (!this.#stopped) this.#timer = this.#runtime.timers.after(nextMs, () => this.soon());
    }
  }
}

async function putEphemeral(client: ZooKeeperClient, znodes: Znodes, path: string, data: Uint8Array): Promise<void> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const session = await client.session();
    try {
      if (await writeOwn(session, znodes, path, data)) return;
    } catch (error) {
      const passing = ["SL-ZK-CONNECTION-LOSS", "SL-ZK-SESSION-EXPIRED", "SL-ZK-NO-NODE", "SL-ZK-NODE-EXISTS"];
      if (!passing.some((code) => isStormLabError(error, code))) throw error;
    }
  }
  throw stateError("SL-STATE-CONTENDED", `${path} was written by others again and again`);
}

/** False: somebody was faster. */
async function writeOwn(session: ZooKeeperSession, znodes: Znodes, path: string, data: Uint8Array): Promise<boolean> {
  const stat = await session.exists(path);
  if (stat === null) {
    await znodes.makePath(parentOf(path));
    await session.create(path, data, { mode: "ephemeral" });
    return true;
  }
  if (stat.ephemeralOwner === session.id) {
    await session.setData(path, data);
    return true;
  }
  const outcome = await session.multi([
    { op: "delete", path },
    { op: "create", path, data, options: { mode: "ephemeral" } },
  ]);
  return outcome.done;
}

async function deleteOwn(client: ZooKeeperClient, path: string): Promise<void> {
  const session = await client.session();
  const stat = await session.exists(path);
  if (stat?.ephemeralOwner === session.id) await session.delete(path, stat.version);
}
