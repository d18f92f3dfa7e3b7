/**
 * Requests as calls of the package node-zookeeper-client, and its results as replies of the protocol. What the package
 * cannot say is answered "unimplemented".
 */

import {
  type Acl,
  type ClientRequest,
  errorCode,
  type MultiOperation,
  type MultiResult,
  opCode,
  type Stat,
} from "../../wire/zookeeper/index.ts";
import { type PackageAcl, type PackageClient, type PackageStat, type Watcher, zookeeper } from "./package-library.ts";
import type { Outcome } from "./session-adapter.ts";

export type Done = (outcome: Outcome<ClientRequest>) => void;

/** May throw where the package asserts. */
export function sendThroughPackage(client: PackageClient, request: ClientRequest, watcher: Watcher, done: Done): void {
  switch (request.op) {
    case "exists":
    case "getData":
    case "getChildren":
    case "getChildren2":
      read(client, request, request.watch ? watcher : undefined, done);
      return;
    case "create":
    case "delete":
    case "setData":
      write(client, request, done);
      return;
    case "getAcl":
      client.getACL(request.path, (error, acls, stat) => {
        if (error) done(failed(error));
        else done(ok({ acl: acls.map(plainAcl), stat: statOf(stat) }));
      });
      return;
    case "setAcl":
      client.setACL(request.path, request.acl.map(packageAcl), request.version, (error, stat) =>
        done(error ? failed(error) : ok({ stat: statOf(stat) })),
      );
      return;
    case "multi":
      multi(client, request.operations, (error, results) => done(error ? failed(error) : ok({ results })));
      return;
    case "sync":
      // The package has no sync. A transaction that changes nothing passes through the leader, which is all that sync is for.
      multi(client, [{ op: "check", path: "/", version: -1 }], (error) =>
        done(error ? failed(error) : ok({ path: request.path })),
      );
      return;
    default:
      done(unimplemented);
  }
}

/** The `errorCode` of an error of the package. */
export function codeOf(error: Error): number {
  return "code" in error && typeof error.code === "number" ? error.code : errorCode.systemError;
}

export function longNumber(bytes: Buffer): number {
  return Number(bytes.readBigInt64BE(0));
}

const unimplemented = { error: errorCode.unimplemented, reply: null } as const;

type Read = Extract<ClientRequest, { readonly watch: boolean }>;

function read(client: PackageClient, { op, path }: Read, watcher: Watcher | undefined, done: Done): void {
  if (op === "exists") {
    client.exists(path, watcher, (error, stat) => {
      if (error) done(failed(error));
      else done(stat === null ? { error: errorCode.noNode, reply: null } : ok({ stat: statOf(stat) }));
    });
  } else if (op === "getData") {
    client.getData(path, watcher, (error, data, stat) =>
      done(error ? failed(error) : ok({ data: data ?? null, stat: statOf(stat) })),
    );
  } else {
    client.getChildren(path, watcher, (error, children, stat) =>
      done(error ? failed(error) : ok({ children, stat: statOf(stat) })),
    );
  }
}

type Write = Exclude<MultiOperation, { readonly op: "check" }>;

function write(client: PackageClient, request: Write, done: Done): void {
  if (request.op === "delete") {
    client.remove(request.path, request.version, (error) => done(error ? failed(error) : ok({})));
  } else if (request.op === "setData") {
    if (request.data === null) done(unimplemented);
    else {
      client.setData(request.path, Buffer.from(request.data), request.version, (error, stat) =>
        done(error ? failed(error) : ok({ stat: statOf(stat) })),
      );
    }
  } else if (request.op === "create") {
    const acl = request.acl.map(packageAcl);
    client.create(request.path, bufferOf(request.data), acl, request.flags, (error, path) =>
      done(error ? failed(error) : ok({ path })),
    );
  } else done(unimplemented);
}

function multi(
  client: PackageClient,
  operations: readonly MultiOperation[],
  done: (error: Error | null, results: MultiResult[]) => void,
): void {
  const transaction = client.transaction();
  for (const part of operations) {
    if (part.op === "create") {
      transaction.create(part.path, bufferOf(part.data), part.acl.map(packageAcl), part.flags);
      continue;
    }
    if (part.op === "setData") transaction.setData(part.path, bufferOf(part.data), part.version);
    else if (part.op === "delete") transaction.remove(part.path, part.version);
    else if (part.op === "check") transaction.check(part.path, part.version);
    else throw new Error(`${part.op} is not of protocol 3.4`);
    // The package takes version 0 for "any".
    const last = transaction.ops.at(-1);
    if (last !== undefined) last.version = part.version;
  }
  transaction.commit((error, results) => {
    // With results the error only repeats what is in them.
    if (results === undefined) done(error ?? new Error("no results"), []);
    else done(null, results.map(multiResult));
  });
}

function multiResult(result: {
  readonly type: number;
  readonly path?: string;
  readonly stat?: PackageStat;
  readonly err?: number;
}): MultiResult {
  if (result.path !== undefined) return { op: "create", path: result.path };
  if (result.stat !== undefined) return { op: "setData", stat: statOf(result.stat) };
  if (result.type === opCode.error) return { op: "error", error: result.err ?? errorCode.systemError };
  return { op: result.type === opCode.check ? "check" : "delete" };
}

function statOf(stat: PackageStat): Stat {
  return {
    czxid: longNumber(stat.czxid),
    mzxid: longNumber(stat.mzxid),
    ctimeMs: longNumber(stat.ctime),
    mtimeMs: longNumber(stat.mtime),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: stat.ephemeralOwner.readBigInt64BE(0),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
    pzxid: longNumber(stat.pzxid),
  };
}

function packageAcl({ perms, scheme, id }: Acl): PackageAcl {
  return new zookeeper.ACL(perms, new zookeeper.Id(scheme, id));
}

function plainAcl({ permission, id }: PackageAcl): Acl {
  return { perms: permission, scheme: id.scheme, id: id.id };
}

function bufferOf(data: Uint8Array | null): Buffer | null {
  return data === null ? null : Buffer.from(data);
}

function ok(reply: object): Outcome<ClientRequest> {
  return { error: errorCode.ok, reply } as Outcome<ClientRequest>;
}

function failed(error: Error): Outcome<ClientRequest> {
  return { error: codeOf(error), reply: null };
}
