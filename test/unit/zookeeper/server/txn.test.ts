/** Transactions against bytes that Apache ZooKeeper 3.8.4 wrote. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type Acl,
  decodeProposal,
  encodeProposal,
  JuteError,
  opCode,
  type Txn,
  type TxnHeader,
} from "../../../../src/wire/zookeeper/index.ts";
import { encodeEntry, logHeader } from "../../../../src/zookeeper/server/log-file.ts";

const session = 0x01000016b6880000n;
const open: readonly Acl[] = [{ perms: 31, scheme: "world", id: "anyone" }];
const aclHex = "000000010000001f00000005776f726c6400000006616e796f6e65";

function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(" ", ""), "hex");
}

interface Golden {
  readonly name: string;
  readonly header: TxnHeader;
  readonly txn: Txn;
  /** Without digest. */
  readonly bytes: string;
}

const goldens: readonly Golden[] = [
  {
    name: "createSession",
    header: { clientId: session, cxid: 0, zxid: 0x100000001, timeMs: 0x1a20729a831, type: opCode.createSession },
    txn: { kind: "createSession", type: opCode.createSession, timeoutMs: 20_000 },
    bytes: "01000016b6880000 00000000 0000000100000001 000001a20729a831 fffffff6 00004e20",
  },
  {
    name: "create /a",
    header: { clientId: session, cxid: 1, zxid: 0x100000002, timeMs: 0x1a20729a876, type: opCode.create },
    txn: {
      kind: "create",
      type: opCode.create,
      path: "/a",
      data: Buffer.from("x"),
      acl: open,
      ephemeral: false,
      parentCversion: 1,
      ttlMs: 0,
    },
    bytes: `01000016b6880000 00000001 0000000100000002 000001a20729a876 00000001 00000002 2f61 00000001 78 ${aclHex} 00 00000001`,
  },
  {
    name: "a refused create",
    header: { clientId: session, cxid: 4, zxid: 0x100000005, timeMs: 0x1a20729a8cd, type: opCode.error },
    txn: { kind: "error", type: opCode.error, error: -110 },
    bytes: "01000016b6880000 00000004 0000000100000005 000001a20729a8cd ffffffff ffffff92",
  },
  {
    name: "setData",
    header: { clientId: session, cxid: 5, zxid: 0x100000006, timeMs: 0x1a20729a8de, type: opCode.setData },
    txn: { kind: "setData", type: opCode.setData, path: "/a", data: Buffer.from("yy"), version: 1 },
    bytes: "01000016b6880000 00000005 0000000100000006 000001a20729a8de 00000005 00000002 2f61 00000002 7979 00000001",
  },
];

describe("transactions", () => {
  for (const { name, header, txn, bytes } of goldens) {
    it(`writes ${name} as Apache does`, () => {
      assert.equal(encodeProposal(header, txn).bytes.toString("hex"), hex(bytes).toString("hex"));
    });
    it(`reads ${name}, with a digest behind it or without`, () => {
      for (const digest of ["", "00000002 0000000051c6d660"]) {
        const whole = hex(bytes + digest);
        const proposal = decodeProposal(whole);
        assert.deepEqual(proposal.header, header);
        assert.deepEqual(proposal.txn, txn);
        assert.equal(proposal.bytes, whole);
      }
    });
  }

  it("reads closeSession with the paths it deletes", () => {
    const bytes = hex(
      "01000016b6880000 00000008 0000000100000007 000001a20729a8de fffffff5 00000001 00000004 2f612f65 00000002 00000002685a2123",
    );
    assert.deepEqual(decodeProposal(bytes).txn, { kind: "closeSession", type: opCode.closeSession, paths: ["/a/e"] });
  });

  it("frames a log entry as Apache does", () => {
    assert.equal(logHeader.toString("hex"), "5a4b4c47000000020000000000000000");
    const bytes = hex(`${goldens[0]?.bytes}00000002 0000000051c6d660`);
    const entry = encodeEntry(decodeProposal(bytes));
    assert.equal(entry.toString("hex"), hex(`00000000b60909b4 00000030 ${bytes.toString("hex")} 42`).toString("hex"));
  });

  it("reads back what it writes, for every kind", () => {
    fc.assert(
      fc.property(anyTxn(), fc.nat(), (txn, counter) => {
        const header = { clientId: -5n, cxid: 3, zxid: 2 ** 33 + counter, timeMs: 7, type: txn.type };
        assert.deepEqual(decodeProposal(encodeProposal(header, txn).bytes).txn, txn);
      }),
    );
  });

  it("refuses damaged bytes with a JuteError only", () => {
    const whole = encodeProposal(goldens[1]!.header, goldens[1]!.txn).bytes;
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), (at, byte, length) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        try {
          decodeProposal(bytes.subarray(0, length));
        } catch (error) {
          assert.ok(error instanceof JuteError, String(error));
        }
      }),
    );
  });
});

function anyTxn(): fc.Arbitrary<Txn> {
  const path = fc.string().map((text) => `/${text}`);
  const data = fc.option(fc.uint8Array().map((bytes) => Buffer.from(bytes)));
  const acl = fc.array(
    fc.record({ perms: fc.nat(31), scheme: fc.string(), id: fc.string() }, { noNullPrototype: true }),
  );
  const version = fc.integer();
  const createTypes = [opCode.create, opCode.create2, opCode.createContainer, opCode.createTtl] as const;
  const create = fc
    .tuple(fc.constantFrom(...createTypes), path, data, acl, fc.boolean(), version, fc.nat())
    .map(([type, at, bytes, list, ephemeral, parentCversion, ttl]): Txn => {
      const plain = type === opCode.create || type === opCode.create2;
      const ttlMs = type === opCode.createTtl ? ttl : 0;
      return {
        kind: "create",
        type,
        path: at,
        data: bytes,
        acl: list,
        ephemeral: plain && ephemeral,
        parentCversion,
        ttlMs,
      };
    });
  const single: fc.Arbitrary<Txn> = fc.oneof(
    create,
    path.map((at): Txn => ({ kind: "delete", type: opCode.delete, path: at })),
    fc
      .tuple(path, data, version)
      .map(([at, bytes, v]): Txn => ({ kind: "setData", type: opCode.setData, path: at, data: bytes, version: v })),
    fc
      .tuple(path, acl, version)
      .map(([at, list, v]): Txn => ({ kind: "setAcl", type: opCode.setAcl, path: at, acl: list, version: v })),
    fc.tuple(path, version).map(([at, v]): Txn => ({ kind: "check", type: opCode.check, path: at, version: v })),
    version.map((error): Txn => ({ kind: "error", type: opCode.error, error })),
  );
  return fc.oneof(
    single,
    fc.array(single, { maxLength: 4 }).map((txns): Txn => ({ kind: "multi", type: opCode.multi, txns })),
    fc.array(path).map((paths): Txn => ({ kind: "closeSession", type: opCode.closeSession, paths })),
  );
}
