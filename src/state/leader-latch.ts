/**
 * One nimbus leads: Curator's LeaderLatch, node by node, so that nimbuses of Apache Storm queue in the same line. Each candidate
 * has an ephemeral sequential node that holds its id; the lowest leads, every other one watches its predecessor.
 *
 * Whoever leads may be paused for a minute and not know that its session ended. So leadership is a fence: what it writes goes
 * through the session that owns the node, in one transaction with a check that the node stands.
 * Source: LeaderLatch and StandardLockInternalsDriver of Curator 5, as Storm 2.8 uses them.
 */
import { isStormLabError, messageOf, type Runtime, type Timer } from "../base/index.ts";
import type { ZooKeeperClient, ZooKeeperSession } from "../zookeeper/index.ts";
import { newUuid } from "./uuid.ts";
import type { WriteBarrier, Znodes } from "./znodes.ts";

/** From the moment it was gained until it is lost; never regained: the next one is another object. */
export interface Leadership {
  readonly barrier: WriteBarrier;
  /** Whether nobody else can lead at this moment, by what the ZooKeeper servers have confirmed. */
  readonly held: boolean;
  /** Aborted when it is lost. */
  readonly lost: AbortSignal;
}

export interface LeaderLatch {
  /** Null: another one leads, or nobody. */
  readonly leadership: Leadership | null;
  /** Ids in the order of the line, the leader's first. */
  participants(): Promise<string[]>;
  /** Leaves the line and queues up again after this long: Storm's way when the code of a topology is missing. */
  quitFor(delayMs: number): void;
  /** Leaves the line. */
  close(): Promise<void>;
}

export interface LeaderLatchOptions {
  /** `leader-lock`, under Storm's root. */
  readonly path: string;
  /** `host:port:tlsPort`. The caller must listen there already: nobody else may have this id. */
  readonly id: string;
  readonly onGained: (leadership: Leadership) => void;
}

/** Watches are not relied on: the line is looked at this often, too. */
const lookMs = 5000;
const troubleMs = 1000;
const nodeName = /^(?:_c_[0-9a-f-]{36}-)?latch-(\d{10})$/;

export function joinLeaderLatch(
  runtime: Runtime,
  client: ZooKeeperClient,
  znodes: Znodes,
  options: LeaderLatchOptions,
): LeaderLatch {
  const latch = new Latch(runtime, client, znodes, options);
  void latch.run();
  return latch;
}

/** Those who queue for the lock at `path`; the first one leads. */
export async function latchParticipants(znodes: Znodes, path: string, watch?: () => void): Promise<string[]> {
  const ids: string[] = [];
  for (const name of inLine(await znodes.children(path, watch))) {
    const node = await znodes.read(`${path}/${name}`);
    if (node !== null) ids.push(node.data?.toString("utf8") ?? "");
  }
  return ids;
}

class Latch implements LeaderLatch {
  readonly #runtime: Runtime;
  readonly #client: ZooKeeperClient;
  readonly #znodes: Znodes;
  readonly #options: LeaderLatchOptions;
  readonly #closing = new AbortController();
  readonly #ended = Promise.withResolvers<void>();
  #leadership: HeldLeadership | null = null;
  #quitMs = 0;
  #first = true;
  #wake: () => void = () => {};
  /** One function for all reads, so that the client arms it once. */
  readonly #watch = () => this.#wake();

  constructor(runtime: Runtime, client: ZooKeeperClient, znodes: Znodes, options: LeaderLatchOptions) {
    this.#runtime = runtime;
    this.#client = client;
    this.#znodes = znodes;
    this.#options = options;
  }

  get leadership(): Leadership | null {
    return this.#leadership;
  }

  participants(): Promise<string[]> {
    return latchParticipants(this.#znodes, this.#options.path);
  }

  quitFor(delayMs: number): void {
    this.#quitMs = Math.max(1, delayMs);
    this.#lose();
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    this.#lose();
    this.#wake();
    await this.#ended.promise;
  }

  async run(): Promise<void> {
    let inTrouble = false;
    while (!this.#closing.signal.aborted) {
      try {
        await this.#candidacy();
        inTrouble = false;
      } catch (error) {
        if (isStormLabError(error, "SL-ZK-CLOSED")) break;
        if (!inTrouble && !this.#closing.signal.aborted) {
          this.#runtime.log.warn(`Could not queue for the leader lock: ${messageOf(error)}`);
        }
        inTrouble = true;
        await this.#pause(troubleMs);
      }
      const quitMs = this.#quitMs;
      this.#quitMs = 0;
      if (quitMs > 0) await this.#pause(quitMs);
    }
    this.#ended.resolve();
  }

  /** One node in the line, from its creation to its end. */
  async #candidacy(): Promise<void> {
    const session = await this.#client.session();
    await this.#znodes.makePath(this.#options.path);
    if (this.#first) await this.#removeFormerSelf();
    this.#first = false;
    const node = await this.#enqueue(session);
    try {
      while (!this.#closing.signal.aborted && this.#quitMs === 0) {
        const line = inLine((await session.getChildren(this.#options.path))?.children ?? []);
        const place = line.indexOf(node);
        if (place < 0) return;
        // The leader watches itself: somebody may delete its node.
        const watched = line[Math.max(0, place - 1)] as string;
        const woken = this.#woken(session);
        try {
          const there = await session.exists(this.#path(watched), { watch: this.#watch });
          if (there === null) continue;
          if (place === 0) this.#lead(session, node);
          await woken;
        } finally {
          this.#wake();
        }
      }
    } finally {
      this.#lose();
      await this.#leave(session, node);
    }
  }

  /**
   * After kill -9 the node of the life before would hold the line until its session ends. Only once: were there two of one id,
   * they would throw each other out for ever.
   */
  async #removeFormerSelf(): Promise<void> {
    const { path, id } = this.#options;
    for (const name of inLine(await this.#znodes.children(path))) {
      const node = await this.#znodes.read(this.#path(name));
      if (node?.data?.toString("utf8") === id) await this.#client.delete(this.#path(name));
    }
  }

  /** The create may be done though its answer is lost: the uuid finds it again, as Curator's protection does. */
  async #enqueue(session: ZooKeeperSession): Promise<string> {
    const prefix = `_c_${newUuid(this.#runtime.random)}-latch-`;
    for (;;) {
      try {
        const data = Buffer.from(this.#options.id);
        const path = await session.create(this.#path(prefix), data, { mode: "ephemeralSequential" });
        return path.slice(path.lastIndexOf("/") + 1);
      } catch (error) {
        if (!isStormLabError(error, "SL-ZK-CONNECTION-LOSS")) throw error;
        const line = (await session.getChildren(this.#options.path))?.children ?? [];
        const done = line.find((name) => name.startsWith(prefix));
        if (done !== undefined) return done;
      }
    }
  }

  /** Ephemeral: what cannot be deleted goes with the session. */
  async #leave(session: ZooKeeperSession, node: string): Promise<void> {
    try {
      await session.delete(this.#path(node));
    } catch (error) {
      if (!isStormLabError(error)) throw error;
    }
  }

  #lead(session: ZooKeeperSession, node: string): void {
    if (this.#leadership !== null) return;
    this.#leadership = new HeldLeadership(session, this.#path(node));
    this.#options.onGained(this.#leadership);
  }

  #lose(): void {
    this.#leadership?.lose();
    this.#leadership = null;
  }

  /** Resolves when the watch fires, when the session ends, when the line has to be left, or after a while. */
  #woken(session: ZooKeeperSession): Promise<void> {
    return new Promise((resolve) => {
      const timers: Timer[] = [];
      const wake = () => {
        for (const timer of timers) timer.cancel();
        session.ended.removeEventListener("abort", wake);
        resolve();
      };
      this.#wake = wake;
      timers.push(this.#runtime.timers.after(lookMs, wake));
      session.ended.addEventListener("abort", wake, { once: true });
    });
  }

  #pause(delayMs: number): Promise<void> {
    if (this.#closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#runtime.timers.after(delayMs, () => this.#wake());
      this.#wake = () => {
        timer.cancel();
        resolve();
      };
    });
  }

  #path(node: string): string {
    return `${this.#options.path}/${node}`;
  }
}

class HeldLeadership implements Leadership {
  readonly barrier: WriteBarrier;
  readonly #session: ZooKeeperSession;
  readonly #lost = new AbortController();
  /** Not `AbortSignal.any`: Node keeps its signals, and all that listens to them, until they are aborted: in a simulated crash never. */
  readonly #sessionEnded = () => this.#lost.abort();

  constructor(session: ZooKeeperSession, node: string) {
    this.#session = session;
    this.barrier = { operations: session, guards: [{ op: "check", path: node }] };
    session.ended.addEventListener("abort", this.#sessionEnded, { once: true });
    if (session.ended.aborted) this.#lost.abort();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  get held(): boolean {
    return !this.lost.aborted && this.#session.assuredMs() > 0;
  }

  lose(): void {
    this.#session.ended.removeEventListener("abort", this.#sessionEnded);
    this.#lost.abort();
  }
}

/** In the order of their numbers. Names of others are no candidates. */
function inLine(names: readonly string[]): string[] {
  const numbered = names.flatMap((name) => {
    const number = nodeName.exec(name)?.[1];
    return number === undefined ? [] : [{ name, number }];
  });
  return numbered.sort((a, b) => (a.number < b.number ? -1 : 1)).map(({ name }) => name);
}
