/** A session belongs to the server that its client is connected to; moving it is the client's right. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { type ClientRequest, errorCode } from "../../../src/wire/zookeeper/index.ts";
import { Connection } from "../../../src/zookeeper/index.ts";
import { type Member, SimulatedEnsemble } from "./ensemble.ts";

interface Session {
  readonly id: bigint;
  readonly password: Buffer;
}

const openAcl = [{ perms: 31, scheme: "world", id: "anyone" }];

/** A connection to one server, with this session or a new one; null when the session is refused. */
function connect(
  runtime: Runtime,
  member: Member,
  session: Session | null,
): Promise<(Session & { link: Connection }) | null> {
  return new Promise((resolve) => {
    const link: Connection = new Connection(
      runtime,
      {
        host: { host: member.host, port: 2181 },
        connectTimeoutMs: 1000,
        handshake: {
          protocolVersion: 0,
          lastZxidSeen: 0,
          timeoutMs: 5000,
          sessionId: session?.id ?? 0n,
          password: session?.password ?? Buffer.alloc(16),
          readOnly: false,
          hasReadOnlyByte: true,
        },
      },
      {
        opened: ({ timeoutMs, sessionId, password }) =>
          resolve(timeoutMs > 0 ? { id: sessionId, password, link } : null),
        confirmed() {},
        event() {},
        closed: () => resolve(null),
      },
    );
  });
}

function ask(link: Connection, request: ClientRequest): Promise<number> {
  return new Promise((resolve) => link.send(request, ({ error }) => resolve(error)));
}

const create = (path: string): ClientRequest => ({ op: "create", path, data: null, acl: openAcl, flags: 0 });

async function ensemble() {
  const world = new SimulatedWorld({ seed: 8, logLevel: "error" });
  const servers = new SimulatedEnsemble({ world, size: 3, tickMs: 500 });
  servers.startAll();
  await world.until(() => servers.whole, { what: "all servers serve", deadlineMs: 5000 });
  const { runtime } = world.start({ host: "user" });
  const { leader } = servers;
  assert.ok(leader);
  const [one, other] = servers.members.filter((member) => member !== leader);
  assert.ok(one && other);
  const inWorld = <T>(promise: Promise<T>): Promise<T> =>
    world.finish(promise, { what: "an answer", deadlineMs: 5000 });
  return { runtime, leader, one, other, inWorld };
}

describe("a session that moves", () => {
  it("is refused through the server that it has left, whichever way it went", async () => {
    const { runtime, leader, one, other, inWorld } = await ensemble();
    const ways: readonly (readonly [Member, Member])[] = [
      [one, other],
      [one, leader],
      [leader, one],
    ];
    for (const [index, [from, to]] of ways.entries()) {
      const old = await inWorld(connect(runtime, from, null));
      assert.ok(old);
      assert.equal(await inWorld(ask(old.link, create(`/a${index}`))), errorCode.ok);
      const moved = await inWorld(connect(runtime, to, old));
      assert.ok(moved);
      assert.equal(await inWorld(ask(moved.link, create(`/b${index}`))), errorCode.ok);
      assert.equal(await inWorld(ask(old.link, create(`/c${index}`))), errorCode.sessionMoved);
      assert.equal(await inWorld(ask(moved.link, create(`/d${index}`))), errorCode.ok);
    }
  });

  it("is not opened with another's password, nor after its end", async () => {
    const { runtime, one, other, inWorld } = await ensemble();
    const session = await inWorld(connect(runtime, one, null));
    assert.ok(session);
    assert.equal(await inWorld(connect(runtime, other, { id: session.id, password: Buffer.alloc(16, 7) })), null);
    assert.equal(await inWorld(ask(session.link, { op: "closeSession" })), errorCode.ok);
    assert.equal(await inWorld(connect(runtime, other, session)), null);
  });
});
