/** Tuples between real processes over ZeroMQ: what happens when one ends, is killed, or stands still. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { realRuntime } from "../../../src/base/index.ts";
import { defaultMarks, type Endpoint, frameTransport, zeromqLinks } from "../../../src/transport/index.ts";
import { deadline, eventually, freePort, type RunningProcess, startProcess } from "../../kit/index.ts";
import { Recorder } from "./stage.ts";

const timeoutMs = 30_000;
const program = join(import.meta.dirname, "worker-process.ts");
const runtime = realRuntime({ name: "test", self: { command: [] }, links: zeromqLinks() });
const text = "some words to carry, some fifty bytes as in the book";

function startWorker(...args: string[]): RunningProcess {
  return startProcess(process.execPath, ["--conditions=storm-lab-source", program, ...args]);
}

async function openSender(address: string): Promise<{ endpoint: Endpoint; seen: Recorder }> {
  const seen = new Recorder();
  const transport = frameTransport(runtime, { worker: 1, topologyId: "word-count-1", listen: "tcp://127.0.0.1:0" });
  const endpoint = await transport.open(seen);
  endpoint.connect(2, address);
  return { endpoint, seen };
}

/** Sends ascending numbers as long as the peer takes them; returns the next. */
function pour(endpoint: Endpoint, from: number, atMost: number): number {
  let next = from;
  while (next < from + atMost && !endpoint.congested(2)) endpoint.send(2, 1, 1, 0, 1, 2, 3, 4, null, [next++, text]);
  endpoint.flush();
  return next;
}

/** Keeps pouring until the peer takes no more. */
async function pourUntilCongested(endpoint: Endpoint, from: number): Promise<number> {
  let next = from;
  await eventually(
    () => {
      next = pour(endpoint, next, 1e6);
      return endpoint.congested(2) ? true : undefined;
    },
    timeoutMs,
    "the sender to be stopped",
  );
  return next;
}

async function pourThrough(endpoint: Endpoint, from: number, count: number): Promise<void> {
  let next = from;
  await eventually(
    () => {
      next = pour(endpoint, next, Math.min(5_000, from + count - next));
      return next === from + count ? true : undefined;
    },
    timeoutMs,
    "the rest to be sent",
  );
  endpoint.send(2, 1, 1, 0, 0, 0, 0, 0, null, ["end"]);
  endpoint.flush();
}

async function report(worker: RunningProcess): Promise<unknown> {
  const [line] = await worker.line(/^\{.*\}$/, timeoutMs);
  return JSON.parse(line);
}

test("what a process sent before it ended arrives, in order", async () => {
  const seen = new Recorder();
  const transport = frameTransport(runtime, { worker: 2, topologyId: "word-count-1", listen: "tcp://127.0.0.1:0" });
  const endpoint = await transport.open(seen);
  const count = 100_000;
  await using sender = startWorker("send", endpoint.address, String(count));
  await sender.assertExit(0, timeoutMs);
  await eventually(() => (seen.tuples.length === count + 1 ? true : undefined), timeoutMs, "all tuples");
  assert.ok(seen.tuples.every((tuple, index) => tuple[5][0] === (index === count ? "end" : index)));
  assert.deepEqual([seen.losses, seen.problems], [[], []]);
  await endpoint.close(0);
});

test("a receiver that is killed and started again receives again, in order, and the sender's memory is bounded", async () => {
  const address = `tcp://127.0.0.1:${await freePort()}`;
  const { endpoint, seen } = await openSender(address);
  let next = 0;
  {
    await using first = startWorker("receive", address);
    next = pour(endpoint, next, 10_000);
    await first.line(/^first 0$/, timeoutMs);
    assert.deepEqual(await first.kill(), { code: null, signal: "SIGKILL" });
  }
  next = await pourUntilCongested(endpoint, next);
  assert.ok(endpoint.stats().bytesWaiting < defaultMarks.highMarkBytes + 1024);
  await using second = startWorker("receive", address);
  const [, first = ""] = await second.line(/^first (\d+)$/, timeoutMs);
  await pourThrough(endpoint, next, 20_000);
  const total = next + 20_000;
  // From the first tuple that it got on, nothing is missing: what was lost was on its way to the killed process.
  assert.deepEqual(await report(second), {
    received: total - Number(first),
    last: total - 1,
    disorder: 0,
    gaps: 0,
    lost: 0,
  });
  assert.deepEqual(seen.problems, []);
  await endpoint.close(0);
});

test("a receiver that stands still stops its sender, and nothing is lost", async () => {
  const address = `tcp://127.0.0.1:${await freePort()}`;
  const { endpoint, seen } = await openSender(address);
  await using receiver = startWorker("receive", address);
  await receiver.line(/^ready$/, timeoutMs);
  receiver.signal("SIGSTOP");
  const next = await pourUntilCongested(endpoint, 0);
  assert.ok(endpoint.stats().bytesWaiting < defaultMarks.highMarkBytes + 1024);
  receiver.signal("SIGCONT");
  await eventually(() => (endpoint.congested(2) ? undefined : true), timeoutMs, "the sender to go on");
  await pourThrough(endpoint, next, 5_000);
  assert.deepEqual(await report(receiver), {
    received: next + 5_000,
    last: next + 4_999,
    disorder: 0,
    gaps: 0,
    lost: 0,
  });
  assert.deepEqual(seen.congestions.slice(0, 2), [
    [2, true],
    [2, false],
  ]);
  await endpoint.close(0);
});

test("anything else that talks to a worker's port is refused and reported, and tuples go on", async () => {
  const seen = new Recorder();
  const links = zeromqLinks();
  const transport = frameTransport(runtime, { worker: 2, topologyId: "word-count-1", listen: "tcp://127.0.0.1:0" });
  const endpoint = await transport.open(seen);
  const stranger = links.push(endpoint.address);
  await deadline(stranger.send(Buffer.from("GET / HTTP/1.1\r\n\r\n".repeat(4))), timeoutMs, "the stranger's message");
  const foreign = await frameTransport(runtime, {
    worker: 1,
    topologyId: "another-2",
    listen: "tcp://127.0.0.1:0",
  }).open(new Recorder());
  foreign.connect(2, endpoint.address);
  foreign.send(2, 1, 1, 0, 0, 0, 0, 0, null, ["not for you"]);
  foreign.flush();
  const sender = await openSender(endpoint.address);
  sender.endpoint.send(2, 1, 1, 0, 0, 0, 0, 0, null, ["for you"]);
  sender.endpoint.flush();
  // The stranger's message, the foreign greeting and the foreign tuples.
  await eventually(
    () => (endpoint.stats().framesRefused === 3 && seen.tuples.length === 1 ? true : undefined),
    timeoutMs,
    "three refusals and one tuple",
  );
  assert.deepEqual(new Set(seen.problems.map((problem) => problem.code)).has("SL-TRANSPORT-FOREIGN"), true);
  assert.equal(seen.problems.length, 2, "the first and the second of three are reported");
  await Promise.all([foreign, sender.endpoint, endpoint, stranger].map((one) => one.close(0)));
});
