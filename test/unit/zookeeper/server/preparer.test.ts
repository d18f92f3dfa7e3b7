/** Requests become transactions: each check of ZooKeeper, in its order, against what is outstanding. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  createMode,
  errorCode,
  type Id,
  JuteWriter,
  opCode,
  type Proposal,
  type Txn,
  writeAcls,
} from "../../../../src/wire/zookeeper/index.ts";
import { DataTree } from "../../../../src/zookeeper/server/data-tree.ts";
import { Preparer, type PreparerOptions } from "../../../../src/zookeeper/server/preparer.ts";
import type { ServerRequest } from "../../../../src/zookeeper/server/request.ts";
import { SessionTracker } from "../../../../src/zookeeper/server/session-tracker.ts";
import { createBody, multiBody, pathVersion, requestOf, setDataBody } from "./proposals.ts";

const options: PreparerOptions = { extendedTypesEnabled: true, enforceQuota: false, skipAcl: false };

class World {
  readonly tree = new DataTree();
  readonly sessions = new SessionTracker(2000, 0);
  readonly preparer: Preparer;
  readonly waiting: Proposal[] = [];
  zxid = 0;

  constructor(changed: Partial<PreparerOptions> = {}) {
    this.preparer = new Preparer(this.tree, this.sessions, { ...options, ...changed });
    this.sessions.track(1n, 10_000, 0);
    this.sessions.track(2n, 10_000, 0);
  }

  prepare(type: number, body: Buffer, changed: Partial<ServerRequest> = {}): Txn {
    const proposal = this.preparer.prepare(requestOf(type, body, changed), ++this.zxid, 500);
    assert.equal(proposal.header.zxid, this.zxid);
    this.waiting.push(proposal);
    return proposal.txn;
  }

  create(path: string, changed: Parameters<typeof createBody>[1] = {}, request: Partial<ServerRequest> = {}): Txn {
    return this.prepare(opCode.create, createBody(path, changed), request);
  }

  /** Applies everything prepared. */
  settle(): void {
    for (const proposal of this.waiting.splice(0)) {
      this.tree.apply(proposal);
      this.preparer.applied(proposal.header.zxid);
    }
    assert.equal(this.preparer.outstandingCount, 0);
  }
}

function errorOf(txn: Txn): number {
  return txn.kind === "error" ? txn.error : errorCode.ok;
}

describe("create", () => {
  it("names sequence nodes by the creates below the parent, outstanding ones and plain ones included", () => {
    const world = new World();
    world.create("/a");
    world.create("/a/plain");
    const flags = createMode.persistentSequential;
    const names = [1, 2, 3]
      .map(() => world.create("/a/s-", { flags }))
      .map((txn) => (txn.kind === "create" ? txn.path : txn.kind));
    assert.deepEqual(names, ["/a/s-0000000001", "/a/s-0000000002", "/a/s-0000000003"]);
    world.prepare(opCode.delete, pathVersion("/a/s-0000000003"));
    world.settle();
    const next = world.create("/a/s-", { flags });
    assert.equal(next.kind === "create" && next.path, "/a/s-0000000004");
  });

  for (const [path, error] of [
    ["nopath", errorCode.badArguments],
    ["/a/", errorCode.badArguments],
    ["//a", errorCode.badArguments],
    ["/a/..", errorCode.badArguments],
    ["/a/.", errorCode.badArguments],
    ["/a/../b", errorCode.noNode],
    ["/a\u0000b", errorCode.badArguments],
    ["/a\u0001b", errorCode.badArguments],
    ["/missing/child", errorCode.noNode],
    ["/", errorCode.nodeExists],
    ["/zookeeper/quota", errorCode.nodeExists],
    ["/a..b", errorCode.ok],
    ["/日本語", errorCode.ok],
  ] as const) {
    it(`answers ${error} to the path ${JSON.stringify(path)}`, () => {
      const world = new World();
      world.create("/a");
      assert.equal(errorOf(world.create(path)), error);
    });
  }

  it("refuses children below an ephemeral node that is not even applied yet", () => {
    const world = new World();
    world.create("/e", { flags: createMode.ephemeral });
    assert.equal(errorOf(world.create("/e/child")), errorCode.noChildrenForEphemerals);
  });

  it("checks the access list before it looks for the parent", () => {
    const world = new World();
    assert.equal(errorOf(world.create("/missing/child", { acl: [] })), errorCode.invalidAcl);
    assert.equal(
      errorOf(world.create("/a", { acl: [{ perms: 31, scheme: "nonsense", id: "x" }] })),
      errorCode.invalidAcl,
    );
    assert.equal(errorOf(world.create("/a", { acl: [{ perms: 31, scheme: "auth", id: "" }] })), errorCode.invalidAcl);
  });

  it("stores the caller's own ids for the scheme auth", () => {
    const world = new World();
    const ids: Id[] = [
      { scheme: "ip", id: "127.0.0.1" },
      { scheme: "digest", id: "u:hash" },
    ];
    const txn = world.create("/a", { acl: [{ perms: 31, scheme: "auth", id: "" }] }, { ids });
    assert.deepEqual(txn.kind === "create" && txn.acl, [{ perms: 31, scheme: "digest", id: "u:hash" }]);
    assert.equal(errorOf(world.create("/a/b", {}, { ids })), errorCode.ok);
    assert.equal(errorOf(world.create("/a/c")), errorCode.noAuth);
  });

  it("takes TTLs only with extended types, only with the modes for them, and only in their range", () => {
    const flags = createMode.persistentWithTtl;
    const ttl = (world: World, ttlMs: number, mode: number = flags) =>
      errorOf(world.prepare(opCode.createTtl, createBody(`/t${world.zxid}`, { flags: mode, ttlMs })));
    assert.equal(ttl(new World({ extendedTypesEnabled: false }), 1000), errorCode.unimplemented);
    const world = new World();
    assert.deepEqual(
      [ttl(world, 1000), ttl(world, 0), ttl(world, 2 ** 40), ttl(world, 5, createMode.persistent)],
      [errorCode.ok, errorCode.badArguments, errorCode.badArguments, errorCode.badArguments],
    );
    assert.equal(errorOf(world.create("/mode", { flags: 7 })), errorCode.badArguments);
  });
});

describe("versions", () => {
  it("are judged by what is outstanding", () => {
    const world = new World();
    world.create("/a");
    assert.deepEqual(world.prepare(opCode.setData, setDataBody("/a", "1", 0)).kind, "setData");
    assert.equal(errorOf(world.prepare(opCode.setData, setDataBody("/a", "2", 0))), errorCode.badVersion);
    const last = world.prepare(opCode.setData, setDataBody("/a", "3", -1));
    assert.equal(last.kind === "setData" && last.version, 2);
    assert.equal(errorOf(world.prepare(opCode.delete, pathVersion("/a", 1))), errorCode.badVersion);
    assert.equal(errorOf(world.prepare(opCode.delete, pathVersion("/a", 2))), errorCode.ok);
    assert.equal(errorOf(world.prepare(opCode.setData, setDataBody("/a", "4"))), errorCode.noNode);
  });

  it("of the list are counted apart from those of the data", () => {
    const world = new World();
    world.create("/a");
    const body = new JuteWriter().ustring("/a");
    writeAcls(body, [{ perms: 1, scheme: "world", id: "anyone" }]);
    const txn = world.prepare(opCode.setAcl, body.int(0).flush());
    assert.equal(txn.kind === "setAcl" && txn.version, 1);
    assert.equal(
      errorOf(world.prepare(opCode.setData, setDataBody("/a", "x"))),
      errorCode.noAuth,
      "the new list counts at once",
    );
  });
});

describe("delete", () => {
  it("never deletes ZooKeeper's own nodes, nor a node with children that are outstanding", () => {
    const world = new World();
    for (const path of ["/", "/zookeeper", "/zookeeper/quota", "/zookeeper/config"]) {
      assert.equal(errorOf(world.prepare(opCode.delete, pathVersion(path))), errorCode.badArguments, path);
    }
    world.create("/a");
    world.create("/a/b");
    assert.equal(errorOf(world.prepare(opCode.delete, pathVersion("/a"))), errorCode.notEmpty);
    world.prepare(opCode.delete, pathVersion("/a/b"));
    assert.equal(errorOf(world.prepare(opCode.delete, pathVersion("/a"))), errorCode.ok);
  });
});

describe("sessions", () => {
  it("that are closing or move are refused", () => {
    const world = new World();
    const [here, there] = [{}, {}];
    assert.equal(errorOf(world.create("/a", {}, { owner: here })), errorCode.ok);
    assert.equal(errorOf(world.create("/b", {}, { owner: there })), errorCode.sessionMoved);
    world.prepare(opCode.closeSession, Buffer.alloc(0));
    assert.equal(errorOf(world.create("/c", {}, { owner: here })), errorCode.sessionExpired);
    assert.equal(errorOf(world.create("/d", {}, { sessionId: 99n })), errorCode.sessionExpired);
  });

  it("close with every ephemeral, those outstanding too", () => {
    const world = new World();
    const flags = createMode.ephemeral;
    world.create("/e1", { flags });
    world.settle();
    world.create("/e2", { flags });
    world.create("/other", { flags }, { sessionId: 2n });
    world.prepare(opCode.delete, pathVersion("/e1"));
    world.create("/e1", { flags });
    const close = world.prepare(opCode.closeSession, Buffer.alloc(0));
    assert.deepEqual(close.kind === "closeSession" && [...(close.paths ?? [])].sort(), ["/e1", "/e2"]);
    assert.equal(errorOf(world.prepare(opCode.delete, pathVersion("/e1"), { sessionId: 2n })), errorCode.noNode);
  });
});

describe("multi", () => {
  it("sees its own earlier parts", () => {
    const world = new World();
    const txn = world.prepare(
      opCode.multi,
      multiBody([
        [opCode.create, createBody("/a")],
        [opCode.create, createBody("/a/s-", { flags: createMode.persistentSequential })],
        [opCode.setData, setDataBody("/a", "x", 0)],
        [opCode.check, pathVersion("/a", 1)],
      ]),
    );
    assert.deepEqual(txn.kind === "multi" && txn.txns.map((part) => part.kind), [
      "create",
      "create",
      "setData",
      "check",
    ]);
  });

  it("rolls back what a failing one had changed, and nothing older", () => {
    const world = new World();
    world.create("/kept");
    const txn = world.prepare(
      opCode.multi,
      multiBody([
        [opCode.setData, setDataBody("/kept", "x", 0)],
        [opCode.create, createBody("/gone")],
        [opCode.delete, pathVersion("/missing")],
        [opCode.create, createBody("/never")],
      ]),
    );
    assert.deepEqual(txn.kind === "multi" && txn.txns.map(errorOf), [
      0,
      0,
      errorCode.noNode,
      errorCode.runtimeInconsistency,
    ]);
    assert.equal(errorOf(world.prepare(opCode.setData, setDataBody("/gone", "x"))), errorCode.noNode);
    assert.equal(errorOf(world.prepare(opCode.setData, setDataBody("/kept", "y", 0))), errorCode.ok);
  });
});

describe("quotas", () => {
  it("refuse beyond a hard limit when they are enforced", () => {
    const world = new World({ enforceQuota: true });
    for (const path of ["/q", "/zookeeper/quota/q"]) world.create(path);
    const data = "count=-1,bytes=-1;byteHardLimit=10;countHardLimit=3";
    world.create("/zookeeper/quota/q/zookeeper_limits", { data });
    world.create("/zookeeper/quota/q/zookeeper_stats", { data: "count=0,bytes=0" });
    world.create("/q/1", { data: "1234" });
    world.settle();
    assert.equal(errorOf(world.create("/q/2", { data: "1234567" })), errorCode.quotaExceeded);
    assert.equal(errorOf(world.create("/q/2", { data: "" })), errorCode.ok);
    world.settle();
    assert.equal(errorOf(world.create("/q/3", { data: "" })), errorCode.quotaExceeded);
    assert.equal(errorOf(world.prepare(opCode.setData, setDataBody("/q/1", "12345678901"))), errorCode.quotaExceeded);
  });
});

describe("malformed bodies", () => {
  it("become error transactions, whatever their bytes", () => {
    const writes = [
      opCode.create,
      opCode.create2,
      opCode.createTtl,
      opCode.delete,
      opCode.setData,
      opCode.setAcl,
      opCode.multi,
      opCode.check,
      999,
    ];
    fc.assert(
      fc.property(fc.constantFrom(...writes), fc.uint8Array({ maxLength: 80 }), (type, bytes) => {
        const world = new World();
        const txn = world.prepare(type, Buffer.from(bytes));
        if (txn.kind === "error") assert.notEqual(txn.error, errorCode.ok);
        world.settle();
      }),
    );
    assert.equal(errorOf(new World().prepare(opCode.create, Buffer.alloc(3))), errorCode.marshallingError);
    assert.equal(errorOf(new World().prepare(opCode.reconfig, Buffer.alloc(0))), errorCode.reconfigDisabled);
  });
});

describe("outstanding records", () => {
  const paths = ["/a", "/b", "/a/c", "/a/d", "/b/e"] as const;
  const step = fc.tuple(
    fc.nat(4),
    fc.constantFrom(...paths),
    fc.integer({ min: -1, max: 2 }),
    fc.integer({ min: 1, max: 2 }),
  );

  function run(world: World, [kind, path, version, session]: readonly [number, string, number, number]): Txn {
    const sessionId = BigInt(session);
    if (kind === 0) return world.create(path, {}, { sessionId });
    if (kind === 1) return world.prepare(opCode.delete, pathVersion(path, version), { sessionId });
    if (kind === 2) return world.prepare(opCode.setData, setDataBody(path, "x", version), { sessionId });
    if (kind === 3) return world.create(path, { flags: createMode.ephemeral }, { sessionId });
    const parts = [
      [opCode.create, createBody(path)],
      [opCode.setData, setDataBody("/a", "m", version)],
    ] as const;
    return world.prepare(opCode.multi, multiBody(parts), { sessionId });
  }

  it("give the same answers as an applied tree would", () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.array(fc.boolean(), { minLength: 40, maxLength: 40 }),
        (steps, settles) => {
          const eager = new World();
          const lazy = new World();
          for (const [index, each] of steps.entries()) {
            assert.deepEqual(run(lazy, each), run(eager, each));
            eager.settle();
            if (settles[index]) lazy.settle();
          }
          lazy.settle();
          assert.deepEqual([...lazy.tree.nodes.keys()].sort(), [...eager.tree.nodes.keys()].sort());
        },
      ),
    );
  });
});
