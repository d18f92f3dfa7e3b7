import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeProposal, opCode, type Proposal } from "../../../../src/wire/zookeeper/index.ts";
import type { CommittedWindow } from "../../../../src/zookeeper/server/database.ts";
import { chooseSync, chooseSyncFromLog, type SyncChoice } from "../../../../src/zookeeper/server/quorum/sync-choice.ts";

const epoch = 0x1_0000_0000;
const at = (e: number, counter: number): number => e * epoch + counter;

function proposal(zxid: number): Proposal {
  return encodeProposal(
    { clientId: 1n, cxid: 1, zxid, timeMs: 0, type: opCode.error },
    { kind: "error", type: opCode.error, error: -101 },
  );
}

function windowOf(zxids: readonly number[], lastProcessed: number): CommittedWindow {
  const proposals = zxids.map(proposal);
  return {
    minZxid: zxids[0] ?? lastProcessed,
    maxZxid: zxids.at(-1) ?? lastProcessed,
    length: zxids.length,
    at: (index) => proposals[index]!,
  };
}

/** The kind, its zxid and the zxids that follow it. */
function outline(choice: SyncChoice): unknown {
  if (choice.kind === "log" || choice.kind === "snap") return choice.kind;
  return [choice.kind, choice.zxid, ...choice.missing.map(({ header }) => header.zxid)];
}

describe("the way to bring a learner to the leader's state", () => {
  const zxids = [at(1, 3), at(1, 4), at(1, 5), at(2, 1), at(2, 2), at(2, 4)];
  const last = at(2, 4);
  const choose = (learner: number, processed = last) =>
    outline(
      chooseSync(learner, { lastProcessedZxid: processed, committed: windowOf(zxids, processed), historyFromZxid: 0 }),
    );

  it("is an empty DIFF for one that has everything", () => {
    assert.deepEqual(choose(last), ["diff", last]);
    assert.deepEqual(choose(at(3, 0), at(3, 0)), ["diff", at(3, 0)]);
  });

  it("is a DIFF for one that is in the window", () => {
    assert.deepEqual(choose(at(1, 5)), ["diff", last, at(2, 1), at(2, 2), at(2, 4)]);
    assert.deepEqual(choose(at(1, 3)), ["diff", last, ...zxids.slice(1)]);
  });

  it("is a DIFF from the border of an epoch", () => {
    assert.deepEqual(choose(at(2, 0)), ["diff", last, at(2, 1), at(2, 2), at(2, 4)]);
  });

  it("is a TRUNC for one that has more, and a SNAP when that is only the border of an epoch", () => {
    assert.deepEqual(choose(at(2, 9)), ["trunc", last]);
    assert.equal(choose(at(3, 0)), "snap");
  });

  it("is a TRUNC to the last common transaction for one that went another way in the same epoch", () => {
    assert.deepEqual(choose(at(2, 3)), ["trunc", at(2, 2), at(2, 4)]);
  });

  it("is a SNAP when the other way ended in another epoch", () => {
    assert.equal(choose(at(1, 6)), "snap");
  });

  it("is sought in the log for one that is older than the window", () => {
    assert.equal(choose(at(1, 2)), "log");
    const empty = { lastProcessedZxid: last, committed: windowOf([], last), historyFromZxid: last };
    assert.equal(outline(chooseSync(at(1, 2), empty)), "log");
  });

  const fromLog = (learner: number, log: readonly number[], historyFromZxid: number) =>
    outline(
      chooseSyncFromLog(learner, log.map(proposal), {
        lastProcessedZxid: last,
        committed: windowOf(zxids, last),
        historyFromZxid,
      }),
    );

  it("is a DIFF from the log when that holds the learner's last and reaches the window", () => {
    const log = [at(1, 1), at(1, 2), at(1, 3), at(1, 4)];
    assert.deepEqual(fromLog(at(1, 1), log, 0), ["diff", last, at(1, 2), ...zxids]);
    assert.equal(fromLog(at(1, 1), log.slice(0, 2), 0), "snap");
    assert.equal(fromLog(at(1, 1), [], 0), "snap");
  });

  it("is a DIFF from the image that the log continues", () => {
    assert.deepEqual(fromLog(at(1, 1), [at(0, 7), at(1, 2), at(1, 3)], at(1, 1)), ["diff", last, at(1, 2), ...zxids]);
  });

  it("is a SNAP when an image stands in the leader's log where the learner ends", () => {
    assert.equal(fromLog(at(1, 1), [at(1, 1), at(1, 3)], at(1, 2)), "snap");
  });

  it("is a TRUNC from the log for one that went another way there", () => {
    assert.deepEqual(fromLog(at(1, 2), [at(1, 1), at(1, 3), at(1, 4)], 0), ["trunc", at(1, 1), ...zxids]);
  });
});
