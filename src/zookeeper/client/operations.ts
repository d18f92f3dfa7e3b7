/** The operations of the door, each as one request and the reading of its outcome. */
import {
  type AddWatchMode,
  type ClientRequest,
  type CreateRequest,
  createMode,
  errorCode,
  type MultiOperation,
  type MultiResult,
  permission,
} from "../../wire/zookeeper/index.ts";
import type {
  CallOptions,
  CreateOptions,
  MultiOutcome,
  MultiPart,
  ReadOptions,
  WatchHandler,
  ZooKeeperOperations,
} from "./client.ts";
import { codeOfServerError, serverError } from "./client-errors.ts";
import { checkPath } from "./paths.ts";
import type { Outcome } from "./session-adapter.ts";
import type { WatchKind, WatchTable } from "./watch-table.ts";

/**
 * Sends one request. Resolves with the server's answer, whatever it is; rejects when there is none. `received` runs as soon
 * as the answer is read, before any event behind it: what it arms misses nothing.
 */
export type Call = <R extends ClientRequest>(
  request: R,
  options: CallOptions,
  received?: (outcome: Outcome<R>) => void,
) => Promise<Outcome<R>>;

/** `owner`: the session whose end also ends the watches; null for watches that outlive sessions. */
export function operations(call: Call, table: WatchTable, owner: object | null): ZooKeeperOperations {
  return { ...nodeOperations(call, table, owner), ...otherOperations(call, table, owner) };
}

const openAcl = [{ perms: permission.all, scheme: "world", id: "anyone" }] as const;
const anyVersion = -1;
const allKinds: readonly WatchKind[] = ["data", "exist", "child", "persistent", "persistentRecursive"];

type NodeOperation = "create" | "createWithStat" | "delete" | "exists" | "getData" | "setData" | "getChildren";

function nodeOperations(call: Call, table: WatchTable, owner: object | null): Pick<ZooKeeperOperations, NodeOperation> {
  function arm(kind: WatchKind, path: string, options: ReadOptions): void {
    if (options.watch !== undefined) table.add(kind, path, options.watch, owner);
  }
  return {
    async create(path, data = null, options = {}) {
      const request = createRequest(path, data, options, "create");
      return found(await call(request, options), `create ${path}`).path;
    },
    async createWithStat(path, data = null, options = {}) {
      const request = createRequest(path, data, options, "create2");
      const created = found(await call(request, options), `create ${path}`);
      if (!("stat" in created)) throw serverError(errorCode.marshallingError, `create ${path}`);
      return created;
    },
    async delete(path, version = anyVersion, options = {}) {
      checkPath(path);
      return orNull(await call({ op: "delete", path, version }, options), `delete ${path}`) !== null;
    },
    async exists(path, options = {}) {
      checkPath(path);
      const watch = options.watch !== undefined;
      const outcome = await call({ op: "exists", path, watch }, options, ({ error, reply }) => {
        if (reply !== null) arm("data", path, options);
        else if (error === errorCode.noNode) arm("exist", path, options);
      });
      return orNull(outcome, `exists ${path}`)?.stat ?? null;
    },
    async getData(path, options = {}) {
      checkPath(path);
      const watch = options.watch !== undefined;
      const outcome = await call({ op: "getData", path, watch }, options, ({ reply }) => {
        if (reply !== null) arm("data", path, options);
      });
      return orNull(outcome, `get ${path}`);
    },
    async setData(path, data, version = anyVersion, options = {}) {
      checkPath(path);
      return found(await call({ op: "setData", path, data, version }, options), `set ${path}`).stat;
    },
    async getChildren(path, options = {}) {
      checkPath(path);
      const watch = options.watch !== undefined;
      const outcome = await call({ op: "getChildren2", path, watch }, options, ({ reply }) => {
        if (reply !== null) arm("child", path, options);
      });
      return orNull(outcome, `list ${path}`);
    },
  };
}

function otherOperations(
  call: Call,
  table: WatchTable,
  owner: object | null,
): Omit<ZooKeeperOperations, NodeOperation> {
  return {
    async getAcl(path, options = {}) {
      checkPath(path);
      return orNull(await call({ op: "getAcl", path }, options), `read the ACL of ${path}`);
    },
    async setAcl(path, acl, version = anyVersion, options = {}) {
      checkPath(path);
      return found(await call({ op: "setAcl", path, acl, version }, options), `set the ACL of ${path}`).stat;
    },
    async sync(path, options = {}) {
      checkPath(path);
      found(await call({ op: "sync", path }, options), `sync ${path}`);
    },
    async multi(parts, options = {}) {
      const outcome = await call({ op: "multi", operations: parts.map(multiOperation) }, options);
      return multiOutcome(found(outcome, "multi").results);
    },
    async multiRead(parts, options = {}) {
      for (const { path } of parts) checkPath(path);
      return found(await call({ op: "multiRead", operations: parts }, options), "multiRead").results;
    },
    addWatch: (path, mode, handler, options = {}) => addWatch(call, table, owner, path, mode, handler, options),
    async removeWatches(path, options = {}) {
      checkPath(path);
      found(
        await call({ op: "removeWatches", path, type: "any" }, options, ({ reply }) => {
          if (reply !== null) table.removeAll(allKinds, path);
        }),
        `remove watches of ${path}`,
      );
    },
    async whoAmI(options = {}) {
      return found(await call({ op: "whoAmI" }, options), "whoAmI").ids;
    },
    async getEphemerals(prefix, options = {}) {
      return found(await call({ op: "getEphemerals", path: prefix }, options), `list ephemerals of ${prefix}`).paths;
    },
    async getAllChildrenNumber(path, options = {}) {
      checkPath(path);
      return orNull(await call({ op: "getAllChildrenNumber", path }, options), `count ${path}`)?.count ?? null;
    },
  };
}

async function addWatch(
  call: Call,
  table: WatchTable,
  owner: object | null,
  path: string,
  mode: AddWatchMode,
  handler: WatchHandler,
  options: CallOptions,
): Promise<() => Promise<void>> {
  checkPath(path);
  const outcome = await call({ op: "addWatch", path, mode }, options, ({ reply }) => {
    if (reply !== null) table.add(mode, path, handler, owner);
  });
  found(outcome, `watch ${path}`);
  return async () => {
    if (!table.remove(mode, path, handler)) return;
    // Up to 3.8 a server knows no type for persistent watches: `any` takes this client's others on the path along.
    const others = table.has(path);
    const removed = await call({ op: "removeWatches", path, type: "any" }, {});
    if (removed.error !== errorCode.noWatcher) found(removed, `stop watching ${path}`);
    if (others) await call(table.rearm(path), {});
  };
}

/** The reply; throws for every error. */
function found<R extends ClientRequest>(outcome: Outcome<R>, what: string): NonNullable<Outcome<R>["reply"]> {
  if (outcome.reply === null) throw serverError(outcome.error, what);
  return outcome.reply as NonNullable<Outcome<R>["reply"]>;
}

/** The reply, null when there is no such node; throws for every other error. */
function orNull<R extends ClientRequest>(outcome: Outcome<R>, what: string): NonNullable<Outcome<R>["reply"]> | null {
  return outcome.error === errorCode.noNode ? null : found(outcome, what);
}

function createRequest(
  path: string,
  data: Uint8Array | null,
  options: CreateOptions,
  plain: "create" | "create2",
): CreateRequest {
  const mode = options.mode ?? "persistent";
  checkPath(path, mode.includes("equential"));
  const ttl = mode === "persistentWithTtl" || mode === "persistentSequentialWithTtl";
  return {
    op: ttl ? "createTtl" : mode === "container" ? "createContainer" : plain,
    path,
    data,
    acl: options.acl ?? openAcl,
    flags: createMode[mode],
    ...(ttl ? { ttlMs: options.ttlMs ?? 0 } : {}),
  };
}

function multiOperation(part: MultiPart): MultiOperation {
  if (part.op === "create") return createRequest(part.path, part.data ?? null, part.options ?? {}, "create");
  checkPath(part.path);
  const version = part.version ?? anyVersion;
  return part.op === "setData"
    ? { op: "setData", path: part.path, data: part.data, version }
    : { op: part.op, path: part.path, version };
}

function multiOutcome(results: readonly MultiResult[]): MultiOutcome {
  const failed = results.findIndex((result) => result.op === "error" && result.error !== errorCode.ok);
  const culprit = results[failed];
  if (culprit?.op !== "error") return { done: true, results };
  return { done: false, failed, error: codeOfServerError(culprit.error) };
}
