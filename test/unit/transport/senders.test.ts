/** Frames of former lives and connections are told from missing ones. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Senders } from "../../../src/transport/frames/senders.ts";
import type { FrameHeader, FrameKind } from "../../../src/wire/tuple/index.ts";

function watch() {
  const events: string[] = [];
  const appeared: number[] = [];
  const senders = new Senders({
    appeared: (peer) => appeared.push(peer),
    restarted: (peer) => events.push(`restarted ${peer}`),
    lost: (peer, frames) => events.push(`lost ${peer} ${frames}`),
  });
  const arrive = (session: number, connection: number, sequence: number, kind: FrameKind = "tuples") =>
    senders.arrive({ kind, topology: 1, session, sender: 3, connection, sequence, count: 0 } satisfies FrameHeader);
  return { events, appeared, arrive };
}

test("frames in order are next, and a gap is lost frames", () => {
  const { events, arrive } = watch();
  assert.deepEqual(
    [arrive(9, 0, 0), arrive(9, 0, 1), arrive(9, 0, 5), arrive(9, 0, 6)],
    ["next", "next", "next", "next"],
  );
  assert.deepEqual(events, ["lost 3 3"]);
});

test("a frame that was overtaken within its connection is late", () => {
  const { events, arrive } = watch();
  arrive(9, 0, 0);
  arrive(9, 0, 1);
  assert.equal(arrive(9, 0, 0), "late");
  assert.deepEqual(events, []);
});

test("a receiver that comes in the middle misses nothing", () => {
  const { events, arrive } = watch();
  assert.deepEqual([arrive(9, 4, 1000), arrive(9, 4, 1001)], ["next", "next"]);
  assert.deepEqual(events, []);
});

test("statuses take no number, but show what is missing before them", () => {
  const { events, arrive } = watch();
  assert.deepEqual(
    [arrive(9, 0, 0, "hello"), arrive(9, 0, 0), arrive(9, 0, 1, "pressure"), arrive(9, 0, 1)],
    Array(4).fill("next"),
  );
  assert.deepEqual(events, []);
  arrive(9, 0, 4, "pressure");
  assert.deepEqual(events, ["lost 3 2"]);
  assert.equal(arrive(9, 0, 4), "next");
});

test("a new life begins anew, and what is left of the former goes on in its own order", () => {
  const { events, appeared, arrive } = watch();
  arrive(9, 7, 500);
  assert.deepEqual(appeared, [3]);
  assert.equal(arrive(4, 0, 0), "next");
  assert.deepEqual(appeared, [3, 3], "each life appears once");
  assert.deepEqual(events, ["restarted 3"]);
  assert.deepEqual([arrive(9, 7, 501), arrive(9, 7, 501), arrive(4, 0, 1)], ["next", "late", "next"]);
  assert.deepEqual(events, ["restarted 3"]);
});

test("a former life that is first heard of after its successor does not shut the successor out", () => {
  const { events, arrive } = watch();
  assert.deepEqual([arrive(4, 0, 0), arrive(9, 2, 0), arrive(4, 0, 1), arrive(4, 0, 2)], Array(4).fill("next"));
  assert.deepEqual(events, ["restarted 3"]);
});

test("a new life whose first frames are missing has lost them", () => {
  const { events, arrive } = watch();
  arrive(9, 0, 0);
  arrive(4, 0, 2);
  assert.deepEqual(events, ["restarted 3", "lost 3 2"]);
});

test("a new connection begins anew, and what is left of the former is late", () => {
  const { events, arrive } = watch();
  arrive(9, 1, 500);
  assert.deepEqual([arrive(9, 2, 0), arrive(9, 1, 501), arrive(9, 2, 1)], ["next", "late", "next"]);
  assert.deepEqual(events, []);
});

test("numbers go on past 32 bits", () => {
  const { events, arrive } = watch();
  const last = 2 ** 32 - 1;
  assert.deepEqual([arrive(9, last, last - 1), arrive(9, last, last), arrive(9, last, 0)], ["next", "next", "next"]);
  assert.deepEqual([arrive(9, 0, 0), arrive(9, last, 1)], ["next", "late"]);
  assert.deepEqual(events, []);
});
