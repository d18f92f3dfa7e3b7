/**
 * Whole operations on znodes, of a few requests each, that hold when others write at the same time and when the answer to a
 * write was lost: each may be done twice. Nothing here knows what lies in a node.
 */
import { isStormLabError } from "../base/index.ts";
import type { MultiPart, NodeData, ZooKeeperClient, ZooKeeperOperations } from "../zookeeper/index.ts";
import { stateError } from "./state-errors.ts";

/** Through which session a write goes, and what must hold in the moment it is done. */
export interface WriteBarrier {
  readonly operations: ZooKeeperOperations;
  /** Checked in one transaction with each write; when one fails the write throws SL-STATE-NOT-LEADER. */
  readonly guards: readonly MultiPart[];
}

/** Nothing was done: the part with this index did not hold. */
export interface Failure {
  readonly failed: number;
  readonly error: string;
}

/** What Storm puts into nodes that are only folders. */
const folderBytes = Uint8Array.of(7);
/** For races with other writers, and for answers that were lost. Curator's default in Storm is `storm.zookeeper.retry.times`, 5. */
const attemptsMax = 8;
/** Deletions in one transaction. */
const deletionsMax = 100;

export class Znodes {
  readonly #client: ZooKeeperClient;
  readonly #barrier: WriteBarrier;

  constructor(client: ZooKeeperClient, barrier: WriteBarrier = { operations: client, guards: [] }) {
    this.#client = client;
    this.#barrier = barrier;
  }

  /** `watch` is told of the next change, the node's creation included. */
  async read(path: string, watch?: () => void): Promise<NodeData | null> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const found = await this.#client.getData(path, watched(watch));
      if (found !== null || watch === undefined) return found;
      if ((await this.#client.exists(path, watched(watch))) === null) return null;
    }
    return null;
  }

  /** Sorted; none when there is no such node. */
  async children(path: string, watch?: () => void): Promise<string[]> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const found = await this.#client.getChildren(path, watched(watch));
      if (found !== null) return [...found.children].sort();
      if (watch === undefined || (await this.#client.exists(path, watched(watch))) === null) return [];
    }
    return [];
  }

  /** With its parents; there already is not an error. */
  async makePath(path: string): Promise<void> {
    for (const at of selfAndParents(path)) {
      if ((await this.#client.exists(at)) !== null) continue;
      await this.#do([{ op: "create", path: at, data: folderBytes }], { alreadyDone: "SL-ZK-NODE-EXISTS" });
    }
  }

  /** A persistent node with these bytes, made or overwritten. */
  async put(path: string, data: Uint8Array): Promise<void> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      if (await this.#do([{ op: "setData", path, data }], { otherwise: "SL-ZK-NO-NODE" })) return;
      if (await this.create(path, data)) return;
    }
    throw stateError("SL-STATE-CONTENDED", `${path} was made and deleted by others again and again`);
  }

  /** With its parents. False: there is one with other bytes; the same bytes are those of an answer that was lost. */
  async create(path: string, data: Uint8Array): Promise<boolean> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const failure = await this.#try([{ op: "create", path, data }]);
      if (failure === null) return true;
      if (failure.error === "SL-ZK-NODE-EXISTS") return isSame(await this.read(path), data);
      if (failure.error !== "SL-ZK-NO-NODE") throw unexpected(failure.error, path);
      await this.makePath(parentOf(path));
    }
    throw stateError("SL-STATE-CONTENDED", `the parents of ${path} were deleted by others again and again`);
  }

  /**
   * All of it or nothing. Null: done; else which part did not hold, and why. Done again when the answer is lost: only for what may be
   * done twice.
   */
  transact(parts: readonly MultiPart[]): Promise<Failure | null> {
    return this.#try(parts);
  }

  /** Only over this version of it. False: somebody wrote or deleted it meanwhile. Not repeated when the answer is lost. */
  async replace(path: string, data: Uint8Array, version: number): Promise<boolean> {
    const { operations, guards } = this.#barrier;
    const outcome = await operations.multi([...guards, { op: "setData", path, data, version }]);
    if (outcome.done) return true;
    if (outcome.failed < guards.length) throw notLeader(path);
    if (outcome.error !== "SL-ZK-BAD-VERSION" && outcome.error !== "SL-ZK-NO-NODE") {
      throw unexpected(outcome.error, path);
    }
    return false;
  }

  /** Appends a persistent node to a sequence; if the answer is lost there may be two of it. */
  async append(prefix: string, data: Uint8Array): Promise<string> {
    await this.makePath(parentOf(prefix));
    return await this.#client.create(prefix, data, { mode: "persistentSequential" });
  }

  /** With all below it; nothing there is not an error. */
  async deleteTree(path: string): Promise<void> {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const found = await this.#client.getChildren(path);
      if (found === null) return;
      const names = [...found.children].sort();
      for (let at = 0; at < names.length; at += deletionsMax) {
        const paths = names.slice(at, at + deletionsMax).map((name) => `${path}/${name}`);
        if (await this.#deleteAll(paths)) continue;
        for (const each of paths) await this.deleteTree(each);
      }
      if (await this.#deleteAll([path])) return;
    }
    throw stateError("SL-STATE-CONTENDED", `others write below ${path} while it is deleted`);
  }

  /** False: one of them is gone or has children; then none was deleted. */
  async #deleteAll(paths: readonly string[]): Promise<boolean> {
    const failure = await this.#try(paths.map((path) => ({ op: "delete", path })));
    if (failure === null) return true;
    if (failure.error === "SL-ZK-NOT-EMPTY" || failure.error === "SL-ZK-NO-NODE") return false;
    throw unexpected(failure.error, paths[0] ?? "");
  }

  /** False: the error was `otherwise`. `alreadyDone`: this error means that the work is done. */
  async #do(parts: readonly MultiPart[], expected: { readonly otherwise?: string; readonly alreadyDone?: string }) {
    const failure = await this.#try(parts);
    if (failure === null || failure.error === expected.alreadyDone) return true;
    if (failure.error === expected.otherwise) return false;
    throw unexpected(failure.error, parts[0]?.path ?? "");
  }

  /** Null when it was done, else why it was not. Tries again when the answer was lost: only for what may be done twice. */
  async #try(parts: readonly MultiPart[]): Promise<Failure | null> {
    const { operations, guards } = this.#barrier;
    for (let attempt = 1; ; attempt++) {
      try {
        const outcome = await operations.multi([...guards, ...parts]);
        if (outcome.done) return null;
        if (outcome.failed < guards.length) throw notLeader(parts[0]?.path ?? "");
        return { failed: outcome.failed - guards.length, error: outcome.error };
      } catch (error) {
        if (!isStormLabError(error, "SL-ZK-CONNECTION-LOSS") || attempt >= attemptsMax) throw error;
      }
    }
  }
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(1, path.lastIndexOf("/")));
}

function* selfAndParents(path: string): Iterable<string> {
  for (let end = path.indexOf("/", 1); end > 0; end = path.indexOf("/", end + 1)) yield path.slice(0, end);
  if (path !== "/" && path !== "") yield path;
}

function isSame(node: NodeData | null, data: Uint8Array): boolean {
  return node !== null && Buffer.from(data).equals(node.data ?? Buffer.alloc(0));
}

function watched(watch: (() => void) | undefined) {
  return watch === undefined ? {} : { watch };
}

function notLeader(path: string): Error {
  return stateError(
    "SL-STATE-NOT-LEADER",
    `${path} was not written: this nimbus does not hold the leader latch any more`,
  );
}

function unexpected(error: string, path: string): Error {
  return stateError("SL-STATE-REFUSED", `ZooKeeper refused a write to ${path}: ${error}`);
}
