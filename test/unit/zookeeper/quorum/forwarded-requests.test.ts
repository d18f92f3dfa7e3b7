import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  encodeProposal,
  errorCode,
  JuteWriter,
  opCode,
  type Proposal,
  type Txn,
} from "../../../../src/wire/zookeeper/index.ts";
import { ForwardedRequests } from "../../../../src/zookeeper/server/quorum/forwarded-requests.ts";
import type { ServerRequest } from "../../../../src/zookeeper/server/request.ts";

const session = 7n;

function request(
  cxid: number,
  type: number = opCode.setData,
  client = { sessionId: session, closed: false },
): ServerRequest {
  return { sessionId: session, cxid, type, body: Buffer.alloc(0), ids: [], owner: null, client, receivedMs: 0 };
}

function answer(zxid: number, cxid: number, txn: Txn = refusal(errorCode.noNode)): Proposal {
  return encodeProposal({ clientId: session, cxid, zxid, timeMs: 0, type: txn.type }, txn);
}

function refusal(error: number): Txn {
  return { kind: "error", type: opCode.error, error };
}

const closing: Txn = { kind: "closeSession", type: opCode.closeSession, paths: [] };

describe("the requests that a learner has forwarded", () => {
  it("are answered in order, by session and cxid", () => {
    const forwarded = new ForwardedRequests(1000);
    const [first, second] = [request(1), request(2)];
    forwarded.add(first, 10);
    forwarded.add(second, 10);
    assert.equal(forwarded.take(answer(11, 9)), null);
    assert.equal(forwarded.take(answer(12, 1)), first);
    assert.equal(forwarded.take(answer(13, 2)), second);
    assert.equal(forwarded.count, 0);
  });

  it("are not answered by what was proposed before they were sent", () => {
    const forwarded = new ForwardedRequests(1000);
    const mine = request(1);
    forwarded.add(mine, 20);
    assert.equal(forwarded.take(answer(20, 1)), null);
    assert.equal(forwarded.take(answer(21, 1)), mine);
  });

  it("are not answered, soon after a session came, by the refusal of what it sent through the server before", () => {
    const forwarded = new ForwardedRequests(1000);
    const moved = refusal(errorCode.sessionMoved);
    const mine = request(1);
    forwarded.arrived(session, 5000);
    forwarded.add(mine, 20);
    assert.equal(forwarded.take(answer(21, 1, moved)), null);
    assert.equal(forwarded.take(answer(22, 1)), mine);
    forwarded.sweep(6001);
    const late = request(2);
    forwarded.add(late, 22);
    assert.equal(forwarded.take(answer(23, 2, moved)), late, "long after, it is this server that it has left");
  });

  it("are not answered by the session's expiry, whose cxid is 0 like that of a first request", () => {
    const forwarded = new ForwardedRequests(1000);
    const [write, close] = [request(0), request(0, opCode.closeSession)];
    forwarded.add(write, 0);
    assert.equal(forwarded.take(answer(1, 0, closing)), null);
    assert.equal(forwarded.take(answer(2, 0)), write);
    forwarded.add(close, 2);
    assert.equal(forwarded.take(answer(3, 0, closing)), close);
  });

  it("are not answered by another operation, nor by one on another node", () => {
    const forwarded = new ForwardedRequests(1000);
    const body = new JuteWriter().ustring("/a/n-").take();
    const mine: ServerRequest = { ...request(1, opCode.create), body };
    forwarded.add(mine, 0);
    const created = {
      kind: "create",
      type: opCode.create,
      data: null,
      acl: [],
      ephemeral: false,
      parentCversion: 1,
      ttlMs: 0,
    } as const;
    assert.equal(forwarded.take(answer(1, 1, { kind: "delete", type: opCode.delete, path: "/a/n-" })), null);
    assert.equal(forwarded.take(answer(2, 1, { ...created, path: "/a/m" })), null);
    assert.equal(forwarded.take(answer(3, 1, { ...created, path: "/a/n-0000000003" })), mine);
  });

  it("are forgotten with their connection", () => {
    const forwarded = new ForwardedRequests(1000);
    const client = { sessionId: session, closed: false };
    forwarded.add(request(1, opCode.setData, client), 0);
    forwarded.add(request(2, opCode.setData, client), 0);
    client.closed = true;
    const again = request(1);
    forwarded.add(again, 5);
    assert.equal(forwarded.take(answer(6, 1)), again);
    assert.equal(forwarded.count, 0);
    forwarded.add(request(3, opCode.setData, client), 6);
    forwarded.sweep(0);
    assert.equal(forwarded.count, 0);
    forwarded.add(request(4), 6);
    forwarded.arrived(session, 0);
    assert.equal(forwarded.count, 0);
  });
});
