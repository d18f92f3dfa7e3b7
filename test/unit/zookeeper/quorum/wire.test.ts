/** Bytes between servers, beside what Apache ZooKeeper 3.8.4 put on the wire. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { decodeProposal, JuteError, JuteReader } from "../../../../src/wire/zookeeper/index.ts";
import {
  decodeForwardedRequest,
  decodeLearnerInfo,
  decodeNotification,
  decodeTouchedSessions,
  encodeForwardedRequest,
  encodeInitialMessage,
  encodeInt,
  encodeLearnerInfo,
  encodeNotification,
  encodeQuorumPacket,
  encodeRevalidateAnswer,
  encodeTouchedSessions,
  packetType,
  QuorumStream,
  readInitialMessage,
} from "../../../../src/wire/zookeeper/quorum/index.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");

const captured = {
  introduction: `ffffffffffff0000 0000000000000001 0000000f ${Buffer.from("127.0.0.1:42321").toString("hex")}`,
  /** Server 1 alone, looking: as it came, with its length. */
  notification:
    "000000b6 00000000 0000000000000001 0000000000000000 0000000000000001 0000000000000000 00000002 0000008a" +
    "7365727665722e313d3132372e302e302e313a33343833373a34353634333a7061727469636970616e740a7365727665722e323d3132372e302e" +
    "302e313a34353634373a34343439353a7061727469636970616e740a7365727665722e333d3132372e302e302e313a33333134313a34303739" +
    "333a7061727469636970616e740a76657273696f6e3d30",
  followerInfo: "0000000b 0000000000000000 00000014 0000000000000001 00010000 0000000000000000 ffffffff",
  createSession: "01000016b6880000 00000000 fffffff6 00004e20",
  createSessionProposal:
    "01000016b6880000 00000000 0000000100000001 000001a20729a831 fffffff6 00004e20 00000002 0000000051c6d660",
};

describe("the election port's bytes", () => {
  it("introduce a server as ZooKeeper does", () => {
    assert.deepEqual(Buffer.from(encodeInitialMessage(1, "127.0.0.1:42321")), hex(captured.introduction));
    assert.deepEqual(readInitialMessage(hex(captured.introduction)), {
      kind: "message",
      sid: 1n,
      address: "127.0.0.1:42321",
      length: 35,
    });
  });

  it("are an introduction only when they are whole", () => {
    const whole = hex(captured.introduction);
    for (let length = 0; length < whole.length; length++) {
      assert.equal(readInitialMessage(whole.subarray(0, length)).kind, "incomplete");
    }
  });

  it("refuse other versions, lengths and addresses", () => {
    const refused = [
      "fffffffffffffffe 0000000000000001 00000001 61",
      "ffffffffffff0000 0000000000000001 00000000",
      "ffffffffffff0000 0000000000000001 00000801",
      "ffffffffffff0000 0000000000000001 00000003 616263",
    ];
    for (const bytes of refused) assert.equal(readInitialMessage(hex(bytes)).kind, "malformed", bytes);
  });

  it("may name several addresses, and the wildcard is none", () => {
    const address = Buffer.from("0.0.0.0:3888|[::1]:3889");
    const bytes = Buffer.concat([hex("ffffffffffff0001 0000000000000002 00000017"), address]);
    assert.deepEqual(readInitialMessage(bytes), { kind: "message", sid: 2n, address: "[::1]:3889", length: 43 });
  });

  it("carry a vote as ZooKeeper writes it", () => {
    const bytes = hex(captured.notification);
    const read = decodeNotification(bytes.subarray(4));
    assert.ok(read);
    const { config, ...vote } = read;
    assert.deepEqual(vote, { state: 0, leader: 1n, zxid: 0n, electionEpoch: 1n, peerEpoch: 0n, version: 2 });
    assert.equal(config.split("\n").length, 4);
    assert.deepEqual(Buffer.from(encodeNotification(read)), bytes);
  });

  it("are read in the older, shorter forms too", () => {
    const old = hex("00000002 0000000000000003 0000000400000007 0000000000000009");
    assert.deepEqual(decodeNotification(old), {
      state: 2,
      leader: 3n,
      zxid: 0x400000007n,
      electionEpoch: 9n,
      peerEpoch: 4n,
      version: 0,
      config: "",
    });
    assert.equal(decodeNotification(Buffer.concat([old, hex("0000000000000005 00000000")]))?.peerEpoch, 5n);
    assert.equal(decodeNotification(old.subarray(1)), null);
  });
});

describe("the quorum port's bytes", () => {
  it("register a follower as ZooKeeper does", () => {
    const data = encodeLearnerInfo({ sid: 1n, protocolVersion: 0x10000, configVersion: 0n });
    const packet = { type: packetType.followerInfo, zxid: 0, data, authInfo: null };
    assert.deepEqual(encodeQuorumPacket(packet), hex(captured.followerInfo));
    const stream = new QuorumStream();
    stream.push(hex(captured.followerInfo));
    assert.deepEqual(stream.next(), packet);
    assert.deepEqual(decodeLearnerInfo(data), { sid: 1n, protocolVersion: 0x10000, configVersion: 0n });
  });

  it("forward a request and propose it", () => {
    const request = decodeForwardedRequest(hex(captured.createSession));
    assert.deepEqual(
      { ...request, body: request.body.toString("hex") },
      {
        sessionId: 0x01000016b6880000n,
        cxid: 0,
        type: -10,
        body: "00004e20",
      },
    );
    assert.deepEqual(encodeForwardedRequest(request), hex(captured.createSession));
    const { header, txn } = decodeProposal(hex(captured.createSessionProposal));
    assert.equal(header.zxid, 0x100000001);
    assert.deepEqual(txn, { kind: "createSession", type: -10, timeoutMs: 20_000 });
  });

  it("tell of sessions", () => {
    const sessions = [
      { sessionId: 0x01000016b6880000n, timeoutMs: 20_000 },
      { sessionId: -1n, timeoutMs: 4000 },
    ];
    const bytes = encodeTouchedSessions(sessions);
    assert.deepEqual(bytes, hex("01000016b6880000 00004e20 ffffffffffffffff 00000fa0"));
    assert.deepEqual(decodeTouchedSessions(bytes), sessions);
    assert.deepEqual(decodeTouchedSessions(Buffer.alloc(0)), []);
    assert.deepEqual(encodeRevalidateAnswer(5n, true), hex("0000000000000005 01"));
    assert.deepEqual(encodeInt(-1), hex("ffffffff"));
  });

  it("come apart into the same packets however they are cut", () => {
    const packet = fc.record(
      {
        type: fc.integer({ min: 1, max: 19 }),
        zxid: fc.integer({ min: -1, max: Number.MAX_SAFE_INTEGER }),
        data: fc.option(fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes))),
        authInfo: fc.option(
          fc.array(fc.record({ scheme: fc.string(), id: fc.string() }, { noNullPrototype: true }), { maxLength: 3 }),
        ),
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(
        fc.array(packet, { maxLength: 8 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 90 })),
        (sent, cuts) => {
          const bytes = Buffer.concat(sent.map(encodeQuorumPacket));
          const stream = new QuorumStream();
          const received: unknown[] = [];
          for (let at = 0; at < bytes.length; ) {
            const end = at + cuts.next().value!;
            stream.push(bytes.subarray(at, end));
            at = end;
            for (let next = stream.next(); next !== null; next = stream.next()) received.push(next);
          }
          assert.deepEqual(received, sent);
        },
      ),
    );
  });

  it("end in an error, not in a full memory, when they are no packets", () => {
    const stream = new QuorumStream();
    stream.push(hex("00000001 0000000000000000 7fffffff 00"));
    stream.push(Buffer.alloc(5 * 1024 * 1024));
    assert.throws(() => stream.next(), JuteError);
  });

  it("let another format stand between two packets", () => {
    const stream = new QuorumStream();
    const packet = encodeQuorumPacket({ type: packetType.snap, zxid: 7, data: null, authInfo: null });
    stream.push(Buffer.concat([packet, Buffer.from("image"), hex("0000000a"), Buffer.from("BenWas")]));
    assert.equal(stream.next()?.zxid, 7);
    const rest = stream.takeRest();
    assert.equal(rest.subarray(0, 5).toString(), "image");
    stream.push(rest.subarray(5));
    assert.equal(stream.nextString(), null);
    stream.push(Buffer.concat([Buffer.from("Here"), packet]));
    assert.equal(stream.nextString(), "BenWasHere");
    assert.equal(stream.next()?.type, packetType.snap);
    assert.equal(stream.next(), null);
    assert.equal(new JuteReader(packet).int(), packetType.snap);
  });
});
