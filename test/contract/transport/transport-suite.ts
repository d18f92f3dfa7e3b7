/** What every transport keeps, whatever carries it. */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isStormLabError } from "../../../src/base/index.ts";
import { closeAll, numbers, open, openPair, type Play, type Worker } from "./players.ts";
import { presenceContract } from "./presence.ts";
import { type Stage, sendValue } from "./stage.ts";

const smallMarks = { highMarkBytes: 64 * 1024, lowMarkBytes: 16 * 1024 };
const lingerMs = 2_000;

export function transportContract(name: string, makeStage: () => Stage | Promise<Stage>): void {
  const play: Play = (title, act) => {
    test(title, async () => {
      const stage = await makeStage();
      try {
        await act(stage);
      } finally {
        await stage.close();
      }
    });
  };

  describe(`transport, ${name}`, () => {
    deliveryContract(play);
    sendingContract(play);
    congestionContract(play);
    pressureContract(play);
    peersContract(play);
    presenceContract(play);
    closingContract(play);
  });
}

function deliveryContract(play: Play): void {
  play("a tuple arrives as it was sent, tracked or not", async (stage) => {
    const [one, two] = await openPair(stage);
    one.endpoint.send(2, 8, 4, 1, 0, 0, 0, 0, null, ["the", 1]);
    one.endpoint.send(2, 9, 5, 2, 1, -2, 3, -4, null, [null, { nested: [1n, new Date(5)] }]);
    one.endpoint.send(2, 8, 4, 1, 1, 2, 3, 4, [5, 6, 7, 8, 9, 10, 11, 12], []);
    one.endpoint.flush();
    await stage.until(() => two.seen.tuples.length === 3, "three tuples");
    assert.deepEqual(two.seen.tuples, [
      [8, 4, 1, [0, 0, 0, 0], null, ["the", 1]],
      [9, 5, 2, [1, -2, 3, -4], null, [null, { nested: [1n, new Date(5)] }]],
      [8, 4, 1, [1, 2, 3, 4], [5, 6, 7, 8, 9, 10, 11, 12], []],
    ]);
    await closeAll(stage, one, two);
  });

  play("nothing is delivered within the sender's call", async (stage) => {
    const [one, two] = await openPair(stage);
    sendValue(one.endpoint, 2, 4, "later");
    one.endpoint.flush();
    assert.equal(two.seen.tuples.length, 0);
    await stage.until(() => two.seen.tuples.length === 1, "the tuple");
    await closeAll(stage, one, two);
  });

  play("each sender's tuples arrive in its order, all of them, from all to all", async (stage) => {
    const workers = [await open(stage, 1), await open(stage, 2), await open(stage, 3)];
    for (const [from, worker] of workers.entries()) {
      for (const [to, peer] of workers.entries()) {
        if (from !== to) worker.endpoint.connect(to + 1, peer.endpoint.address);
      }
    }
    const count = 3000;
    for (let i = 0; i < count; i++) {
      for (const [from, { endpoint }] of workers.entries()) {
        for (let to = 1; to <= 3; to++) if (to !== from + 1) sendValue(endpoint, to, from + 1, i);
        if (i % (7 * (from + 1)) === 0) endpoint.flush();
      }
    }
    for (const { endpoint } of workers) endpoint.flush();
    await stage.until(() => workers.every(({ seen }) => seen.tuples.length >= 2 * count), "all tuples");
    for (const [to, { seen, endpoint }] of workers.entries()) {
      for (let from = 1; from <= 3; from++) assert.deepEqual(seen.from(from), from === to + 1 ? [] : numbers(count));
      const stats = endpoint.stats();
      assert.deepEqual([stats.tuplesSent, stats.tuplesReceived], [2 * count, 2 * count]);
      assert.deepEqual([stats.framesLost, stats.framesRefused], [0, 0]);
    }
    await closeAll(stage, ...workers);
  });
}

function sendingContract(play: Play): void {
  play("a frame that nobody flushes waits, and one that is large enough does not", async (stage) => {
    const [one, two] = await openPair(stage);
    if (stage.encodes) {
      const large = "x".repeat(300_000);
      sendValue(one.endpoint, 2, 4, large);
      await stage.until(() => two.seen.tuples.length === 1, "the large tuple");
    }
    const before = two.seen.tuples.length;
    sendValue(one.endpoint, 2, 4, "small");
    assert.equal(one.endpoint.stats().tuplesSent, before + 1, "sent is counted before it leaves");
    assert.ok(one.endpoint.stats().bytesWaiting > 0);
    assert.equal(two.seen.tuples.length, before);
    one.endpoint.flush();
    await stage.until(() => two.seen.tuples.length === before + 1, "the small tuple");
    await closeAll(stage, one, two);
  });

  play("a value that cannot travel is refused, and the others still arrive", async (stage) => {
    if (!stage.encodes) return;
    const [one, two] = await openPair(stage);
    sendValue(one.endpoint, 2, 4, "before");
    assert.throws(
      () => sendValue(one.endpoint, 2, 4, () => 0),
      (thrown) => isStormLabError(thrown, "SL-TUPLE-VALUE"),
    );
    sendValue(one.endpoint, 2, 4, "after");
    one.endpoint.flush();
    await stage.until(() => two.seen.tuples.length === 2, "two tuples");
    assert.deepEqual(two.seen.from(4), ["before", "after"]);
    await closeAll(stage, one, two);
  });

  play("sending to a peer that is not connected is a broken invariant", async (stage) => {
    const one = await open(stage, 1);
    assert.throws(() => sendValue(one.endpoint, 2, 4, 1), /invariant broken/);
    assert.equal(one.endpoint.congested(2), false);
    await closeAll(stage, one);
  });
}

function congestionContract(play: Play): void {
  play("what waits for an absent peer is bounded by the marks, and goes when it comes", async (stage) => {
    const one = await open(stage, 1, { marks: smallMarks });
    one.endpoint.connect(2, stage.addressOf(2));
    let sent = 0;
    while (!one.endpoint.congested(2)) {
      sendValue(one.endpoint, 2, 4, sent++);
      if (sent % 10 === 0) one.endpoint.flush();
      assert.ok(sent < 1e6, "congestion comes");
      // Links take a few frames before the outbox fills: let them.
      if (sent % 200 === 0) await stage.finish(Promise.resolve(), "a turn");
    }
    one.endpoint.flush();
    assert.deepEqual(one.seen.congestions, [[2, true]]);
    const { bytesWaiting } = one.endpoint.stats();
    assert.ok(
      bytesWaiting > smallMarks.lowMarkBytes && bytesWaiting < smallMarks.highMarkBytes + 100,
      `${bytesWaiting}`,
    );
    const two = await open(stage, 2);
    await stage.until(() => two.seen.tuples.length === sent, "all that was sent");
    assert.deepEqual(two.seen.from(4), numbers(sent));
    await stage.until(() => !one.endpoint.congested(2), "the congestion is over");
    assert.deepEqual(one.seen.congestions, [
      [2, true],
      [2, false],
    ]);
    await closeAll(stage, one, two);
  });

  play("two workers that flood each other never block each other", async (stage) => {
    const [one, two] = await openPair(stage, { marks: smallMarks });
    const count = 20_000;
    const text = "a sentence of some fifty characters, as in the book";
    const left = [count, count];
    const pour = ({ endpoint }: Worker, index: number) => {
      const peer = 2 - index;
      for (let burst = 0; burst < 500 && left[index]! > 0 && !endpoint.congested(peer); burst++) {
        endpoint.send(peer, 1, index + 1, 0, 1, 2, 3, 4, null, [count - left[index]!, text]);
        left[index]!--;
      }
      endpoint.flush();
    };
    await stage.until(() => {
      pour(one, 0);
      pour(two, 1);
      return one.seen.tuples.length === count && two.seen.tuples.length === count;
    }, "both floods have arrived");
    assert.deepEqual(two.seen.from(1), numbers(count));
    assert.deepEqual(one.seen.from(2), numbers(count));
    await closeAll(stage, one, two);
  });
}

function pressureContract(play: Play): void {
  play("peers hear which tasks are under pressure, once for each change", async (stage) => {
    const [one, two] = await openPair(stage);
    two.endpoint.sendPressure([7, 3, 3]);
    await stage.until(() => one.seen.pressures.length === 1, "the pressure");
    two.endpoint.sendPressure([3, 7]);
    two.endpoint.sendPressure([3]);
    await stage.until(() => one.seen.pressures.at(-1)?.[1].length === 1, "the lesser pressure");
    two.endpoint.sendPressure([]);
    await stage.until(() => one.seen.pressures.at(-1)?.[1].length === 0, "the end of it");
    assert.deepEqual(one.seen.pressures, [
      [2, [3, 7]],
      [2, [3]],
      [2, []],
    ]);
    assert.deepEqual(two.seen.pressures, []);
    await closeAll(stage, one, two);
  });

  play("a peer that comes later hears it too", async (stage) => {
    const two = await open(stage, 2);
    two.endpoint.sendPressure([5]);
    two.endpoint.connect(1, stage.addressOf(1));
    const one = await open(stage, 1);
    one.endpoint.connect(2, two.endpoint.address);
    await stage.until(() => one.seen.pressures.length === 1, "the pressure");
    assert.deepEqual(one.seen.pressures, [[2, [5]]]);
    await closeAll(stage, one, two);
  });

  play("a worker under pressure that is restarted is no longer under pressure", async (stage) => {
    const [one, two] = await openPair(stage);
    two.endpoint.sendPressure([5]);
    await stage.until(() => one.seen.pressures.length === 1, "the pressure");
    await closeAll(stage, two);
    const again = await open(stage, 2);
    again.endpoint.connect(1, one.endpoint.address);
    await stage.until(() => one.seen.pressures.length === 2, "its end");
    assert.deepEqual(one.seen.pressures, [
      [2, [5]],
      [2, []],
    ]);
    await closeAll(stage, one, again);
  });

  play("disconnecting ends a peer's pressure", async (stage) => {
    const [one, two] = await openPair(stage);
    two.endpoint.sendPressure([5]);
    await stage.until(() => one.seen.pressures.length === 1, "the pressure");
    one.endpoint.disconnect(2);
    one.endpoint.disconnect(2);
    assert.deepEqual(one.seen.pressures.at(-1), [2, []]);
    await closeAll(stage, one, two);
  });
}

function peersContract(play: Play): void {
  play("a peer restarted at its address gets tuples again", async (stage) => {
    const [one, two] = await openPair(stage);
    sendValue(one.endpoint, 2, 4, "to the first");
    one.endpoint.flush();
    await stage.until(() => two.seen.tuples.length === 1, "the first tuple");
    await closeAll(stage, two);
    const again = await open(stage, 2);
    again.endpoint.connect(1, one.endpoint.address);
    let sent = 0;
    await stage.until(() => {
      sendValue(one.endpoint, 2, 4, sent++);
      one.endpoint.flush();
      return again.seen.tuples.length >= 10;
    }, "tuples at the restarted peer");
    const values = again.seen.from(4).map(Number);
    assert.deepEqual(
      values,
      values.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(values).size, values.length, "none twice");
    sendValue(again.endpoint, 1, 9, "back");
    again.endpoint.flush();
    await stage.until(() => one.seen.tuples.length === 1, "a tuple from the restarted peer");
    await closeAll(stage, one, again);
  });

  play("a peer that moves gets at its new address what waited", async (stage) => {
    const one = await open(stage, 1);
    one.endpoint.connect(2, stage.addressOf(2));
    const moved = await open(stage, 2, { elsewhere: true });
    for (let i = 0; i < 100; i++) sendValue(one.endpoint, 2, 4, i);
    one.endpoint.connect(2, moved.endpoint.address);
    one.endpoint.connect(2, moved.endpoint.address);
    for (let i = 100; i < 200; i++) sendValue(one.endpoint, 2, 4, i);
    one.endpoint.flush();
    await stage.until(() => moved.seen.tuples.length === 200, "all tuples at the new address");
    assert.deepEqual(moved.seen.from(4), numbers(200));
    assert.deepEqual(moved.seen.losses, []);
    await closeAll(stage, one, moved);
  });

  play("after a disconnect a peer can be connected anew, and order holds from there", async (stage) => {
    const [one, two] = await openPair(stage);
    for (let round = 0; round < 3; round++) {
      one.endpoint.disconnect(2);
      assert.equal(one.endpoint.stats().bytesWaiting, 0);
      one.endpoint.connect(2, two.endpoint.address);
      for (let i = 0; i < 50; i++) sendValue(one.endpoint, 2, round, i);
      one.endpoint.flush();
      await stage.until(() => two.seen.from(round).length === 50, `round ${round}`);
      assert.deepEqual(two.seen.from(round), numbers(50));
    }
    assert.deepEqual(two.seen.losses, []);
    await closeAll(stage, one, two);
  });
}

function closingContract(play: Play): void {
  play("closing lets what was sent leave", async (stage) => {
    const [one, two] = await openPair(stage);
    for (let i = 0; i < 5_000; i++) sendValue(one.endpoint, 2, 4, i);
    await stage.finish(one.endpoint.close(lingerMs), "the sender closes");
    await stage.until(() => two.seen.tuples.length === 5_000, "all tuples");
    assert.deepEqual(two.seen.from(4), numbers(5_000));
    await closeAll(stage, two);
  });

  play("after close nothing is sent nor received, and closing again is nothing", async (stage) => {
    const [one, two] = await openPair(stage);
    sendValue(two.endpoint, 1, 4, "warm");
    two.endpoint.flush();
    await stage.until(() => one.seen.tuples.length === 1, "the link is up");
    const closing = one.endpoint.close(0);
    sendValue(one.endpoint, 2, 4, "too late");
    one.endpoint.flush();
    one.endpoint.sendPressure([1]);
    one.endpoint.connect(3, two.endpoint.address);
    sendValue(two.endpoint, 1, 4, "nobody");
    two.endpoint.flush();
    await stage.finish(closing, "it closes");
    await stage.finish(one.endpoint.close(lingerMs), "it closes again");
    two.endpoint.connect(3, stage.addressOf(3));
    const three = await open(stage, 3);
    sendValue(two.endpoint, 3, 4, "on");
    two.endpoint.flush();
    await stage.until(() => three.seen.tuples.length === 1, "the others go on");
    assert.equal(one.seen.tuples.length, 1);
    assert.deepEqual([two.seen.tuples, two.seen.pressures], [[], []]);
    await closeAll(stage, two, three);
  });

  play("closing does not wait for an absent peer longer than it was told", async (stage) => {
    const one = await open(stage, 1);
    one.endpoint.connect(2, stage.addressOf(2));
    sendValue(one.endpoint, 2, 4, "nobody");
    await stage.finish(one.endpoint.close(50), "it closes");
  });
}
