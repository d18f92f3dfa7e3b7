/** When frames close, what a busy link does to them, and how the marks are told. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PushLink } from "../../../src/base/index.ts";
import { Counters } from "../../../src/transport/counters.ts";
import { Outbox } from "../../../src/transport/frames/outbox.ts";
import { FrameReader, helloFrame, pressureFrame, readHeader } from "../../../src/wire/tuple/index.ts";

const identity = { topology: 1, session: 2, sender: 3 };

/** Takes a frame and keeps its promise until told. */
class HandLink implements PushLink {
  readonly address = "tcp://hand:1";
  readonly frames: Uint8Array[] = [];
  #waiting: PromiseWithResolvers<void> | null = null;

  send(frame: Uint8Array): Promise<void> {
    assert.equal(this.#waiting, null, "one frame at a time");
    this.frames.push(frame);
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  /** The link has room; returns after the outbox has noticed. */
  async release(error?: Error): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (error === undefined) waiting?.resolve();
    else waiting?.reject(error);
    await new Promise((resolve) => setImmediate(resolve));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  get counts(): number[] {
    return this.frames.map((frame) => readHeader(frame).count);
  }
}

function make(options: { highMarkBytes?: number; lowMarkBytes?: number; frameTuples?: number } = {}) {
  const told: boolean[] = [];
  const broken: unknown[] = [];
  const outbox = new Outbox({
    identity,
    frameBytes: 4096,
    frameTuples: options.frameTuples ?? 100,
    highMarkBytes: options.highMarkBytes ?? 1e6,
    lowMarkBytes: options.lowMarkBytes ?? 1e5,
    counters: new Counters(),
    congestion: (congested) => told.push(congested),
    broken: (cause) => broken.push(cause),
  });
  const add = (value: unknown) => outbox.append(1, 1, 0, 0, 0, 0, 0, null, [value]);
  return { outbox, told, broken, add };
}

test("an idle link gets its frame at the flush, a full frame goes without one", () => {
  const { outbox, add } = make({ frameTuples: 3 });
  const link = new HandLink();
  outbox.attach(link, 0);
  add(1);
  assert.equal(link.frames.length, 0);
  outbox.flush();
  assert.deepEqual(link.counts, [1]);

  const other = make({ frameTuples: 3 });
  const second = new HandLink();
  other.outbox.attach(second, 0);
  for (let i = 0; i < 3; i++) other.add(i);
  assert.deepEqual(second.counts, [3]);
});

test("what is flushed while the link is busy goes together, in order", async () => {
  const { outbox, add } = make();
  const link = new HandLink();
  outbox.attach(link, 0);
  add(0);
  outbox.flush();
  for (let i = 1; i <= 10; i++) {
    add(i);
    outbox.flush();
  }
  assert.deepEqual(link.counts, [1]);
  await link.release();
  assert.deepEqual(link.counts, [1, 10]);
  add("not flushed");
  await link.release();
  assert.deepEqual(link.counts, [1, 10], "a frame that nobody flushed stays open");
  const values: unknown[] = [];
  const reader = new FrameReader();
  for (const frame of link.frames) reader.read(frame, { tuple: (...args) => values.push(args[8][0]) });
  assert.deepEqual(values, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test("frames are numbered by connection; greetings and statuses go first and take no number", async () => {
  const { outbox, add } = make({ frameTuples: 1 });
  const link = new HandLink();
  outbox.attach(link, 5);
  add(0);
  add(1);
  outbox.sendStatus(pressureFrame(identity, [1]));
  outbox.sendStatus(pressureFrame(identity, [1, 2]));
  outbox.sendHello(helloFrame(identity));
  for (let i = 0; i < 4; i++) await link.release();
  const seen = link.frames
    .map((frame) => readHeader(frame))
    .map((it) => [it.kind, it.connection, it.sequence, it.count]);
  assert.deepEqual(seen, [
    ["tuples", 5, 0, 1],
    ["hello", 5, 1, 0],
    ["pressure", 5, 1, 2],
    ["tuples", 5, 1, 1],
  ]);
});

test("another link takes over what waits, numbered anew; what was on its way by the first is given up", async () => {
  const { outbox, add } = make({ frameTuples: 1 });
  const first = new HandLink();
  outbox.attach(first, 0);
  for (let i = 0; i < 3; i++) add(i);
  assert.equal(outbox.detach(), first);
  const second = new HandLink();
  outbox.attach(second, 1);
  await first.release(new Error("closed"));
  for (let i = 0; i < 3; i++) await second.release();
  assert.deepEqual(
    second.frames.map((frame) => readHeader(frame).sequence),
    [0, 1],
  );
  assert.deepEqual(first.counts, [1]);
  assert.equal(outbox.waitingBytes, 0);
});

test("the marks are told once each, counting what the link holds", async () => {
  const { outbox, told, add } = make({ highMarkBytes: 2_000, lowMarkBytes: 500, frameTuples: 10 });
  const link = new HandLink();
  outbox.attach(link, 0);
  while (!outbox.congested) add("x".repeat(50));
  assert.ok(outbox.waitingBytes > 2_000 && outbox.waitingBytes <= 2_100, `${outbox.waitingBytes}`);
  for (let i = 0; i < 5; i++) add("x".repeat(50));
  assert.deepEqual(told, [true]);
  outbox.flush();
  let last = outbox.waitingBytes;
  while (outbox.waitingBytes > 0) {
    assert.equal(outbox.congested, told.length === 1);
    assert.equal(outbox.congested, last > 500, `${last} bytes wait`);
    await link.release();
    assert.ok(outbox.waitingBytes < last);
    last = outbox.waitingBytes;
  }
  assert.deepEqual(told, [true, false]);
});

test("a link that fails is told once, and nothing is sent by it again", async () => {
  const { outbox, broken, add } = make({ frameTuples: 1 });
  const link = new HandLink();
  outbox.attach(link, 0);
  add(1);
  add(2);
  const cause = new Error("no such protocol");
  await link.release(cause);
  outbox.flush();
  assert.deepEqual(broken, [cause]);
  assert.equal(link.frames.length, 1);
});

test("emptied waits for the last frame to have left", async () => {
  const { outbox, add } = make();
  const link = new HandLink();
  outbox.attach(link, 0);
  add(1);
  let empty = false;
  const emptied = outbox.emptied().then(() => {
    empty = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(empty, false);
  await link.release();
  await emptied;
});
