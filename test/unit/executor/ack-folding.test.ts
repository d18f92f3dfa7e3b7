import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SeededRandom } from "../../../src/base/index.ts";
import { Acker } from "../../../src/executor/acker.ts";
import { ackAck, StreamInfo } from "../../../src/executor/plan.ts";
import { TaskTuple } from "../../../src/executor/tuple.ts";
import type { OutputCollector, TopologyContext } from "../../../src/topology/index.ts";
import { type AckMessage, AckTrees, type TreeOptions } from "./ack-trees.ts";

const trees = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  workers: fc.integer({ min: 1, max: 4 }),
  roots: fc.integer({ min: 1, max: 4 }),
  emits: fc.integer({ min: 0, max: 30 }),
  folding: fc.boolean(),
});
const runs = { numRuns: 400 };

/** Feeds messages to an acker in a random order, as far as senders allow; returns the spout tasks that it told, and how. */
function judge(messages: readonly AckMessage[], seed: number): Array<readonly [task: number, stream: string]> {
  const told: Array<readonly [number, string]> = [];
  const acker = new Acker(() => 0);
  const collector: Partial<OutputCollector> = {
    emitDirect: (task: number, stream: unknown) => void told.push([task, stream as string]),
    ack: () => {},
  };
  acker.prepare({}, {} as TopologyContext, collector as OutputCollector);
  const random = new SeededRandom(seed);
  const queues = [...Map.groupBy(messages, ({ worker }) => worker).values()];
  while (queues.length > 0) {
    const queue = queues[random.below(queues.length)] as AckMessage[];
    const { stream, values } = queue.shift() as AckMessage;
    const info = new StreamInfo(
      0,
      "bolt",
      stream,
      values.map((_, index) => `f${index}`),
      false,
    );
    acker.execute(new TaskTuple(values, info, 1, 2, null, 0, 0));
    if (queue.length === 0) queues.splice(queues.indexOf(queue), 1);
  }
  return told;
}

function allActs(options: TreeOptions): Array<readonly [number, string]> {
  return Array.from({ length: options.roots }, (_, index) => [index + 1, ackAck] as const);
}

const byTask = (a: readonly [number, string], b: readonly [number, string]) => a[0] - b[0];

describe("the XORs that workers tell the ackers", () => {
  it("complete every root exactly once when every tuple is acked, folded or not, in whatever order they come", () => {
    fc.assert(
      fc.property(trees, (options) => {
        const grown = new AckTrees(options);
        grown.runUntil(0);
        grown.flush();
        assert.deepEqual(judge(grown.messages, options.seed).sort(byTask), allActs(options));
      }),
      runs,
    );
  });

  it("complete no root of a tuple that is not acked, many anchors and duplicates of anchors included", () => {
    fc.assert(
      fc.property(trees, (options) => {
        const grown = new AckTrees(options);
        grown.runUntil(1);
        grown.flush();
        const open = grown.lastRoots.length;
        const told = judge(grown.messages, options.seed);
        assert.equal(told.length, options.roots - open, `one tuple of ${open} root(s) is not acked`);
        grown.runUntil(0);
        grown.flush();
        assert.deepEqual(judge(grown.messages, options.seed).sort(byTask), allActs(options));
      }),
      runs,
    );
  });

  it("are fewer when folded, and say the same", () => {
    const options = { seed: 3, workers: 1, roots: 2, emits: 30 };
    const folded = new AckTrees({ ...options, folding: true });
    folded.runUntil(0);
    folded.flush();
    const plain = new AckTrees({ ...options, folding: false });
    plain.runUntil(0);
    plain.flush();
    assert.ok(
      folded.messages.length < plain.messages.length / 2,
      `${folded.messages.length}, ${plain.messages.length}`,
    );
    assert.deepEqual(judge(folded.messages, 1).sort(byTask), judge(plain.messages, 1).sort(byTask));
  });
});
