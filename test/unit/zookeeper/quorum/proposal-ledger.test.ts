import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { encodeProposal, opCode } from "../../../../src/wire/zookeeper/index.ts";
import { ProposalLedger } from "../../../../src/zookeeper/server/quorum/proposal-ledger.ts";
import { majorityVerifier } from "../../../../src/zookeeper/server/quorum/quorum-verifier.ts";

function proposing(ledger: ProposalLedger, zxid: number): void {
  const header = { clientId: 1n, cxid: zxid, zxid, timeMs: 0, type: opCode.error };
  ledger.propose(encodeProposal(header, { kind: "error", type: opCode.error, error: -101 }), null, zxid * 10);
}

const zxids = (entries: readonly { readonly proposal: { readonly header: { readonly zxid: number } } }[]) =>
  entries.map(({ proposal }) => proposal.header.zxid);

describe("a leader's ledger of proposals", () => {
  it("commits what a majority has, in order", () => {
    const ledger = new ProposalLedger(majorityVerifier([1, 2, 3, 4, 5]), 0);
    for (const zxid of [1, 2, 3]) proposing(ledger, zxid);
    assert.deepEqual(zxids(ledger.ack(1, 3)), []);
    assert.deepEqual(zxids(ledger.ack(2, 2)), []);
    assert.deepEqual(zxids(ledger.ack(3, 1)), [1]);
    assert.deepEqual(zxids(ledger.ack(4, 3)), [2]);
    assert.equal(ledger.lastCommitted, 2);
    assert.deepEqual(zxids(ledger.ack(3, 3)), [3]);
    assert.equal(ledger.outstanding.length, 0);
  });

  it("counts nobody twice, and no observer", () => {
    const ledger = new ProposalLedger(majorityVerifier([1, 2, 3]), 0);
    proposing(ledger, 1);
    assert.deepEqual(zxids(ledger.ack(1, 1)), []);
    assert.deepEqual(zxids(ledger.ack(1, 1)), []);
    assert.deepEqual(zxids(ledger.ack(9, 1)), []);
    assert.deepEqual(zxids(ledger.ack(2, 1)), [1]);
  });

  it("forgets what a server said before it came back", () => {
    const ledger = new ProposalLedger(majorityVerifier([1, 2, 3]), 0);
    proposing(ledger, 1);
    ledger.ack(2, 1);
    ledger.forget(2);
    assert.deepEqual(zxids(ledger.ack(1, 1)), []);
    assert.deepEqual(zxids(ledger.ack(2, 1)), [1]);
  });

  it("answers a sync after what was proposed before it, and at once when that is nothing", () => {
    const ledger = new ProposalLedger(majorityVerifier([1]), 0);
    const answered: string[] = [];
    ledger.afterOutstanding(() => answered.push("idle"));
    proposing(ledger, 1);
    ledger.afterOutstanding(() => answered.push("behind 1"));
    proposing(ledger, 2);
    assert.deepEqual(answered, ["idle"]);
    for (const { onCommit } of ledger.ack(1, 1)) for (const action of onCommit) action();
    assert.deepEqual(answered, ["idle", "behind 1"]);
  });

  it("knows who owes an answer, and since when", () => {
    const ledger = new ProposalLedger(majorityVerifier([1, 2, 3]), 0);
    assert.equal(ledger.oldestUnackedMs(2), null);
    proposing(ledger, 1);
    proposing(ledger, 2);
    assert.equal(ledger.oldestUnackedMs(2), 10);
    ledger.ack(2, 1);
    assert.equal(ledger.oldestUnackedMs(2), 20);
  });

  it("refuses to propose backwards", () => {
    const ledger = new ProposalLedger(majorityVerifier([1]), 5);
    assert.throws(() => proposing(ledger, 5), /in zxid order/);
  });

  it("commits each proposal once and in order, whatever the order of acknowledgements", () => {
    const ack = fc.record({ sid: fc.integer({ min: 1, max: 5 }), zxid: fc.integer({ min: 1, max: 20 }) });
    fc.assert(
      fc.property(fc.array(ack, { maxLength: 60 }), (acks) => {
        const ledger = new ProposalLedger(majorityVerifier([1, 2, 3, 4, 5]), 0);
        for (let zxid = 1; zxid <= 20; zxid++) proposing(ledger, zxid);
        const best = new Map<number, number>();
        const committed: number[] = [];
        for (const { sid, zxid } of acks) {
          best.set(sid, Math.max(best.get(sid) ?? 0, zxid));
          committed.push(...zxids(ledger.ack(sid, zxid)));
        }
        const third = [...best.values()].sort((a, b) => b - a)[2] ?? 0;
        assert.deepEqual(
          committed,
          Array.from({ length: third }, (_, index) => index + 1),
        );
      }),
    );
  });
});
