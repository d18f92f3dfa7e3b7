import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Acker } from "../../../src/executor/acker.ts";
import { ackAck, ackFail, ackInit, ackResetTimeout, StreamInfo, tickStream } from "../../../src/executor/plan.ts";
import { TaskTuple } from "../../../src/executor/tuple.ts";
import type { OutputCollector, TopologyContext } from "../../../src/topology/index.ts";

const spoutTask = 7;

/** An acker by itself: what it is told, and what it tells spouts. */
class Bench {
  nowMs = 1000;
  readonly told: Array<readonly [task: number, stream: string, values: readonly unknown[]]> = [];
  acked = 0;
  private readonly acker = new Acker(() => this.nowMs);

  constructor() {
    const collector: Partial<OutputCollector> = {
      emitDirect: (task: number, stream: unknown, values?: unknown) => {
        this.told.push([task, stream as string, values as readonly unknown[]]);
      },
      ack: () => {
        this.acked++;
      },
    };
    this.acker.prepare({}, {} as TopologyContext, collector as OutputCollector);
  }

  tell(stream: string, ...values: number[]): void {
    const info = new StreamInfo(
      0,
      "any",
      stream,
      values.map((_, index) => `f${index}`),
      false,
    );
    this.acker.execute(new TaskTuple(values, info, 1, 2, null, 0, 0));
  }

  tick(): void {
    this.tell(tickStream, 30);
  }
}

describe("the acker's ledger", () => {
  it("acks when all edges have come twice (Storm, Acking framework implementation)", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 0x10, 0x20, spoutTask);
    bench.tell(ackAck, 1, 2, 0x10 ^ 0x3, 0x20 ^ 0x4);
    assert.deepEqual(bench.told, [], "one child is open");
    bench.nowMs += 25;
    bench.tell(ackAck, 1, 2, 0x3, 0x4);
    assert.deepEqual(bench.told, [[spoutTask, ackAck, [1, 2, 25]]]);
  });

  it("is not content with one half of the 64 bits", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 0x10, 0x20, spoutTask);
    bench.tell(ackAck, 1, 2, 0x10, 0);
    bench.tell(ackAck, 1, 2, 0, 0x21);
    assert.deepEqual(bench.told, []);
    bench.tell(ackAck, 1, 2, 0, 1);
    assert.equal(bench.told.length, 1);
  });

  it("waits for an init that acks have overtaken", () => {
    const bench = new Bench();
    bench.tell(ackAck, 1, 2, 0x10, 0x20);
    bench.tell(ackAck, 1, 2, 0, 0);
    assert.deepEqual(bench.told, [], "nobody to tell yet");
    bench.tell(ackInit, 1, 2, 0x10, 0x20, spoutTask);
    assert.deepEqual(bench.told, [[spoutTask, ackAck, [1, 2, 0]]]);
  });

  it("does not take an XOR of 0 for complete before the init has come", () => {
    const bench = new Bench();
    bench.tell(ackAck, 1, 2, 5, 5);
    bench.tell(ackAck, 1, 2, 5, 5);
    assert.deepEqual(bench.told, []);
    bench.tell(ackInit, 1, 2, 9, 9, spoutTask);
    assert.deepEqual(bench.told, [], "the init's own edge is open");
    bench.tell(ackAck, 1, 2, 9, 9);
    assert.deepEqual(bench.told, [[spoutTask, ackAck, [1, 2, 0]]]);
  });

  it("acks a root that went to no task, or was processed within one turn: an init of 0", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 0, 0, spoutTask);
    assert.deepEqual(bench.told, [[spoutTask, ackAck, [1, 2, 0]]]);
  });

  it("fails at once, without the rest of the tree (Storm, Guaranteeing message processing)", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 0x10, 0x20, spoutTask);
    bench.tell(ackFail, 1, 2);
    assert.deepEqual(bench.told, [[spoutTask, ackFail, [1, 2, 0]]]);
  });

  it("fails as soon as the init comes, when the fail has overtaken it", () => {
    const bench = new Bench();
    bench.tell(ackFail, 1, 2);
    assert.deepEqual(bench.told, []);
    bench.tell(ackInit, 1, 2, 0x10, 0x20, spoutTask);
    assert.deepEqual(bench.told, [[spoutTask, ackFail, [1, 2, 0]]]);
  });

  it("tells once: what comes after an ack or a fail changes nothing", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 1, 1, spoutTask);
    bench.tell(ackFail, 1, 2);
    bench.tell(ackFail, 1, 2);
    bench.tell(ackAck, 1, 2, 1, 1);
    bench.tell(ackResetTimeout, 1, 2);
    assert.equal(bench.told.length, 1);
  });

  it("keeps roots apart that share one half of their id", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 1, 1, spoutTask);
    bench.tell(ackInit, 2, 2, 1, 1, spoutTask + 1);
    bench.tell(ackInit, 1, 3, 1, 1, spoutTask + 2);
    bench.tell(ackAck, 2, 2, 1, 1);
    assert.deepEqual(bench.told, [[spoutTask + 1, ackAck, [2, 2, 0]]]);
  });

  it("acks every tuple that it is given", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 1, 1, spoutTask);
    bench.tick();
    bench.tell(ackAck, 1, 2, 1, 1);
    assert.equal(bench.acked, 3);
  });
});

describe("the acker's time-outs", () => {
  it("forget a root at the third rotation, without a word (Storm's three buckets)", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 1, 1, spoutTask);
    bench.tick();
    bench.tick();
    bench.tell(ackAck, 1, 2, 2, 2);
    bench.tick();
    bench.tell(ackAck, 1, 2, 1 ^ 2, 1 ^ 2);
    assert.deepEqual(bench.told, [], "the ledger begins anew, with no spout to tell");
  });

  it("still know a root after two rotations", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 1, 1, spoutTask);
    bench.tick();
    bench.tick();
    bench.tell(ackAck, 1, 2, 1, 1);
    assert.deepEqual(bench.told, [[spoutTask, ackAck, [1, 2, 0]]]);
  });

  it("start anew at resetTimeout, which is passed on to the spout", () => {
    const bench = new Bench();
    bench.tell(ackInit, 1, 2, 1, 1, spoutTask);
    for (let round = 0; round < 5; round++) {
      bench.tick();
      bench.tick();
      bench.tell(ackResetTimeout, 1, 2);
    }
    bench.tell(ackAck, 1, 2, 1, 1);
    assert.deepEqual(
      bench.told.map(([task, stream]) => [task, stream]),
      [...Array.from({ length: 5 }, () => [spoutTask, ackResetTimeout]), [spoutTask, ackAck]],
    );
  });

  it("ignore resetTimeout for a root that is not known, or whose spout is not", () => {
    const bench = new Bench();
    bench.tell(ackResetTimeout, 1, 2);
    bench.tell(ackAck, 3, 4, 1, 1);
    bench.tell(ackResetTimeout, 3, 4);
    assert.deepEqual(bench.told, []);
  });
});
