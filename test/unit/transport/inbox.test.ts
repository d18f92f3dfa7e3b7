/** The receiver's pace: a flood does not keep the rest of the process from its turn. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isStormLabError, type PullLink, type Timers } from "../../../src/base/index.ts";
import { Counters } from "../../../src/transport/counters.ts";
import { Inbox } from "../../../src/transport/frames/inbox.ts";
import { Senders } from "../../../src/transport/frames/senders.ts";
import { FrameWriter, stampFrame } from "../../../src/wire/tuple/index.ts";

function make(onTuple: (value: unknown) => void = () => undefined) {
  const soon: (() => void)[] = [];
  const calls: string[] = [];
  const problems: string[] = [];
  const never = () => {
    throw new Error("no timer is needed");
  };
  const timers: Timers = { after: never, every: never, soon: (callback) => soon.push(callback) };
  const counters = new Counters();
  const inbox = new Inbox({
    topology: 1,
    timers,
    counters,
    senders: new Senders({ appeared: () => undefined, restarted: () => undefined, lost: () => undefined }),
    sink: { tuple: (...args) => onTuple(args[8][0]) },
    pressure: () => undefined,
    hello: () => undefined,
    problem: (error) => problems.push(error.code),
  });
  const link: PullLink = {
    address: "tcp://here:1",
    pause: () => calls.push("pause"),
    resume: () => calls.push("resume"),
    close: () => Promise.resolve(),
  };
  inbox.attach(link);
  const turn = () => {
    for (const callback of soon.splice(0)) callback();
  };
  return { inbox, calls, problems, counters, turn };
}

function frame(sequence: number, value: unknown, topology = 1): Uint8Array {
  const writer = new FrameWriter({ topology, session: 2, sender: 3 });
  writer.append(1, 1, 0, 0, 0, 0, 0, null, [value]);
  const bytes = writer.finish();
  stampFrame(bytes, 0, sequence);
  return bytes;
}

test("after a quarter of a mebibyte the link pauses until the next turn", () => {
  const { inbox, calls, turn } = make();
  const value = "x".repeat(60 * 1024);
  for (let i = 0; i < 4; i++) inbox.receive(frame(i, value));
  assert.deepEqual(calls, []);
  inbox.receive(frame(4, value));
  inbox.receive(frame(5, value));
  assert.deepEqual(calls, ["pause"]);
  turn();
  assert.deepEqual(calls, ["pause", "resume"]);
  for (let i = 6; i < 10; i++) {
    inbox.receive(frame(i, value));
    turn();
  }
  assert.deepEqual(calls, ["pause", "resume"], "a moderate flow is never paused");
});

test("refused frames are counted each, and reported at powers of two", () => {
  const values: unknown[] = [];
  const { inbox, problems, counters } = make((value) => values.push(value));
  for (let i = 0; i < 6; i++) inbox.receive(Buffer.from("not a frame at all, but long enough"));
  for (let i = 0; i < 4; i++) inbox.receive(frame(i, "foreign", 77));
  inbox.receive(frame(0, "good"));
  assert.equal(counters.framesRefused, 10);
  assert.deepEqual(problems, ["SL-TUPLE-FRAME", "SL-TUPLE-FRAME", "SL-TUPLE-FRAME", "SL-TRANSPORT-FOREIGN"]);
  assert.deepEqual(values, ["good"]);
});

test("what the worker's own code throws is not taken for a bad frame", () => {
  const { inbox, problems } = make(() => {
    throw new TypeError("a bug");
  });
  assert.throws(
    () => inbox.receive(frame(0, "good")),
    (thrown) => thrown instanceof TypeError && !isStormLabError(thrown),
  );
  assert.deepEqual(problems, []);
});

test("after close nothing is delivered", async () => {
  const values: unknown[] = [];
  const { inbox } = make((value) => values.push(value));
  await inbox.close();
  inbox.receive(frame(0, "late"));
  assert.deepEqual(values, []);
});
