import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Establishment } from "../../../../src/zookeeper/server/quorum/establishment.ts";
import { majorityVerifier } from "../../../../src/zookeeper/server/quorum/quorum-verifier.ts";

const epoch = 0x1_0000_0000;

/** Server 3 of three, with epoch 4 and its seventh transaction. */
function establishment(): Establishment {
  return new Establishment(3, majorityVerifier([1, 2, 3]), 4, 4 * epoch + 7);
}

describe("the way of a leader into its epoch", () => {
  it("opens one above all that a quorum, itself included, has accepted", () => {
    const leader = establishment();
    leader.offer(1, 6);
    leader.offer(2, 4);
    assert.equal(leader.epoch, null);
    leader.offer(3, 5);
    assert.equal(leader.epoch, 7);
    leader.offer(1, 99);
    assert.equal(leader.epoch, 7);
  });

  it("does not count observers, but listens to what they have accepted", () => {
    const leader = establishment();
    leader.offer(3, 4);
    leader.offer(8, 9);
    assert.equal(leader.epoch, null);
    leader.offer(1, 4);
    assert.equal(leader.epoch, 10);
  });

  it("leads nobody who knows more, by epoch or by history", () => {
    assert.equal(establishment().ackEpoch(1, 5, 0), "ahead");
    assert.equal(establishment().ackEpoch(1, 4, 4 * epoch + 8), "ahead");
    assert.equal(establishment().ackEpoch(1, 4, 4 * epoch + 7), "counted");
    assert.equal(establishment().ackEpoch(1, 3, 9 * epoch), "counted");
  });

  it("takes a current epoch without transactions for as long as its beginning", () => {
    const leader = new Establishment(3, majorityVerifier([1, 2, 3]), 4, 3 * epoch + 7);
    assert.equal(leader.ackEpoch(1, 4, 4 * epoch), "counted");
  });

  it("is elected by a quorum that says something new", () => {
    const leader = establishment();
    assert.equal(leader.ackEpoch(1, -1, 0), "not-counted");
    assert.equal(leader.ackEpoch(3, 4, 4 * epoch + 7), "counted");
    assert.equal(leader.elected, false);
    assert.equal(leader.ackEpoch(2, 4, 0), "counted");
    assert.equal(leader.elected, true);
  });

  it("lets those who come after that join, however far they are: they will be cut", () => {
    const leader = establishment();
    leader.ackEpoch(3, 4, 4 * epoch + 7);
    leader.ackEpoch(2, 4, 0);
    assert.equal(leader.ackEpoch(1, 4, 4 * epoch + 9), "not-counted");
  });

  it("is established when a quorum holds its history", () => {
    const leader = establishment();
    leader.ackNewLeader(1);
    leader.ackNewLeader(2);
    assert.equal(leader.established, false);
    leader.ackNewLeader(3);
    assert.equal(leader.established, true);
    assert.deepEqual(leader.syncedSids, [1, 2, 3]);
  });
});
