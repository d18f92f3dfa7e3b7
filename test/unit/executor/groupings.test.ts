import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { SeededRandom } from "../../../src/base/index.ts";
import { EdgeIds } from "../../../src/executor/edge-ids.ts";
import { ExecutorQueue } from "../../../src/executor/executor-queue.ts";
import { JavaRandom, javaRandomPair } from "../../../src/executor/java-random.ts";
import { LoadAwareShuffleRoute } from "../../../src/executor/load-aware-shuffle.ts";
import { Loop } from "../../../src/executor/loop.ts";
import {
  AllRoute,
  CustomRoute,
  FieldsRoute,
  GlobalRoute,
  NoneRoute,
  PartialKeyRoute,
  type Route,
  ShuffleRoute,
  type Target,
} from "../../../src/executor/routes.ts";

const noTimer = { cancel: () => {} };
const loop = new Loop({ after: () => noTimer, every: () => noTimer, soon: () => {} }, () => false);
const queue = new ExecutorQueue(100, { full: () => {}, drained: () => {} }, loop);
const bounds = { higher: 0.8, lower: 0.2 };

/** Tasks 11, 12 … of which the first `local` are in this worker. */
function targets(count: number, local = 0): Target[] {
  return Array.from({ length: count }, (_, index) => ({
    taskId: 11 + index,
    queue: index < local ? queue : null,
    only: [11 + index],
  }));
}

function ids(seed = 1): EdgeIds {
  return new EdgeIds(new SeededRandom(seed));
}

/** How often each target is picked in so many picks. */
function histogram(route: Route, picks: number, values: (pick: number) => readonly unknown[] = () => []): number[] {
  const counts = route.targets.map(() => 0);
  for (let pick = 0; pick < picks; pick++) {
    const index = route.pick(values(pick));
    counts[index] = (counts[index] ?? 0) + 1;
  }
  return counts;
}

describe("fields grouping", () => {
  it("sends a key to floorMod of Java's list hash (Storm, FieldsGrouper)", () => {
    // Arrays.hashCode(["storm"]) = 31 + "storm".hashCode() = 31 + 109770985.
    const route = new FieldsRoute(targets(7), [0]);
    assert.equal(route.pick(["storm", 1]), (31 + 109770985) % 7);
    // "polygenelubricants".hashCode() is the least int: the sum is negative.
    const hash = (31 + -2147483648) | 0;
    assert.equal(route.pick(["polygenelubricants"]), ((hash % 7) + 7) % 7);
  });

  it("sends the same key to the same task, and a key of several fields by all of them in their order", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), fc.integer({ min: 1, max: 20 }), (word, number, count) => {
        const route = new FieldsRoute(targets(count), [2, 0]);
        const index = route.pick([word, "ignored", number]);
        assert.ok(index >= 0 && index < count);
        assert.equal(route.pick([word, "other", number]), index);
      }),
    );
    const [byOne, byOther] = [new FieldsRoute(targets(1000), [0, 1]), new FieldsRoute(targets(1000), [1, 0])];
    assert.notEqual(byOne.pick(["a", "b"]), byOther.pick(["a", "b"]));
  });
});

describe("partial key grouping", () => {
  it("draws as java.util.Random does", () => {
    // new Random(42).nextInt(10), six times; new Random(-1).nextInt(7), twice.
    const random = new JavaRandom(42);
    assert.deepEqual(
      Array.from({ length: 6 }, () => random.nextInt(10)),
      [0, 3, 8, 4, 0, 5],
    );
    // A bound that is a power of two takes the high bits.
    const powers = new JavaRandom(42);
    assert.deepEqual(
      Array.from({ length: 4 }, () => powers.nextInt(16)),
      [11, 0, 10, 0],
    );
  });

  it("has two candidates for a key, always the same, and never twice the same one", () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 2, max: 30 }), (seed, count) => {
        const [first, second] = javaRandomPair(seed, count);
        assert.notEqual(first, second);
        assert.deepEqual(javaRandomPair(seed, count), [first, second]);
      }),
    );
    const route = new PartialKeyRoute(targets(10), [0]);
    for (const word of ["storm", "the", "道可道", ""]) {
      const used = new Set(Array.from({ length: 200 }, () => route.pick([word])));
      assert.ok(used.size <= 2, `${word} went to ${used.size} tasks`);
    }
  });

  it("takes the candidate that this source has used less", () => {
    const route = new PartialKeyRoute(targets(10), [0]);
    const counts = histogram(route, 101, () => ["storm"]).filter((count) => count > 0);
    assert.deepEqual(counts.sort(), [50, 51]);
  });

  it("evens out a skewed key far better than fields grouping", () => {
    const words = (pick: number) => [pick % 3 === 0 ? `rare${pick}` : "frequent"];
    const partial = Math.max(...histogram(new PartialKeyRoute(targets(8), [0]), 9000, words));
    const fields = Math.max(...histogram(new FieldsRoute(targets(8), [0]), 9000, words));
    assert.ok(partial < fields * 0.6, `${partial} against ${fields}`);
  });

  it("works with a single task", () => {
    assert.equal(new PartialKeyRoute(targets(1), [0]).pick(["storm"]), 0);
  });
});

describe("shuffle grouping", () => {
  it("without load awareness goes round a list that was shuffled once: every task gets the same number", () => {
    const route = new ShuffleRoute(targets(7), ids());
    const first = Array.from({ length: 7 }, () => route.pick());
    assert.deepEqual(first.toSorted(), [0, 1, 2, 3, 4, 5, 6]);
    for (let round = 0; round < 3; round++) {
      assert.deepEqual(
        Array.from({ length: 7 }, () => route.pick()),
        first,
      );
    }
  });

  it("with equal loads is even", () => {
    const counts = histogram(new LoadAwareShuffleRoute(targets(4), ids(), bounds), 4000);
    assert.deepEqual(counts, [1000, 1000, 1000, 1000]);
  });

  it("takes from a loaded task in favour of the idle ones, and gives back when it has recovered", () => {
    const route = new LoadAwareShuffleRoute(targets(4), ids(), bounds);
    for (let second = 0; second < 8; second++) route.refreshLoad((taskId) => (taskId === 11 ? 0.5 : 0), 0);
    const [loaded = 0, ...idle] = histogram(route, 4000);
    assert.ok(loaded < 300, `the loaded task still gets ${loaded} of 4000`);
    for (const count of idle) assert.ok(count > 1100);
    for (let second = 0; second < 200; second++) route.refreshLoad(() => 0, 0);
    for (const count of histogram(route, 4000)) assert.ok(Math.abs(count - 1000) < 30, `${count} of 4000`);
  });

  it("never starves a task: the weight stays at 1 or more", () => {
    const route = new LoadAwareShuffleRoute(targets(2), ids(), bounds);
    for (let second = 0; second < 100; second++) route.refreshLoad((taskId) => (taskId === 11 ? 1 : 0), 0);
    assert.ok((histogram(route, 2000)[0] ?? 0) > 0);
  });

  it("starts with the tasks of this worker (Storm, LoadAwareShuffleGrouping)", () => {
    assert.deepEqual(histogram(new LoadAwareShuffleRoute(targets(4, 2), ids(), bounds), 1000), [500, 500, 0, 0]);
  });

  it("widens when the mean load here passes the higher bound, and narrows below the lower one", () => {
    const route = new LoadAwareShuffleRoute(targets(4, 2), ids(), bounds);
    const used = () => histogram(route, 2000).filter((count) => count > 0).length;
    route.refreshLoad((taskId) => (taskId <= 12 ? 0.8 : 0), 0);
    assert.equal(used(), 2, "at the bound, not above");
    route.refreshLoad((taskId) => (taskId <= 12 ? 0.81 : 0), 0);
    assert.equal(used(), 4);
    route.refreshLoad((taskId) => (taskId <= 12 ? 0.2 : 0), 0);
    assert.equal(used(), 4, "at the lower bound, not below");
    route.refreshLoad((taskId) => (taskId <= 12 ? 0.19 : 0), 0);
    assert.equal(used(), 2);
  });

  it("widens, too, when this worker has no time left, however short its queues", () => {
    const route = new LoadAwareShuffleRoute(targets(4, 2), ids(), bounds);
    const used = () => histogram(route, 2000).filter((count) => count > 0).length;
    route.refreshLoad(() => 0, 0.9);
    assert.equal(used(), 4);
    route.refreshLoad(() => 0, 0.1);
    assert.equal(used(), 2);
  });

  it("uses all tasks when none is here", () => {
    assert.equal(histogram(new LoadAwareShuffleRoute(targets(3), ids(), bounds), 999).filter((n) => n > 0).length, 3);
  });
});

describe("the other groupings", () => {
  it("all: every task", () => {
    const route = new AllRoute(targets(3));
    assert.equal(route.pick(), -1);
    assert.deepEqual(route.picked, [0, 1, 2]);
  });

  it("global: the lowest task id", () => {
    assert.equal(new GlobalRoute(targets(3)).pick(), 0);
  });

  it("none: uniform and independent draws", () => {
    const route = new NoneRoute(targets(4), ids(5));
    for (const count of histogram(route, 8000)) assert.ok(count > 1700 && count < 2300, `${count} of 8000`);
    const repeats = Array.from({ length: 1000 }, () => route.pick()).filter((pick, at, all) => pick === all[at - 1]);
    assert.ok(repeats.length > 150, "a draw does not avoid the one before");
  });

  it("custom: the tasks that the author's grouping names, none among them", () => {
    const seen: unknown[] = [];
    const grouping = {
      prepare: () => {},
      chooseTasks: (taskId: number, values: readonly unknown[]) => {
        seen.push([taskId, ...values]);
        return values[0] === "none" ? [] : [13, 11];
      },
    };
    const route = new CustomRoute(targets(3), grouping, 5);
    assert.equal(route.pick(["some"]), -1);
    assert.deepEqual(route.picked, [2, 0]);
    route.pick(["none"]);
    assert.deepEqual(route.picked, []);
    assert.deepEqual(seen, [
      [5, "some"],
      [5, "none"],
    ]);
  });

  it("custom: a task that is no target is refused by name", () => {
    const route = new CustomRoute(targets(2), { prepare: () => {}, chooseTasks: () => [99] }, 5);
    assert.throws(() => route.pick([]), /task 99/);
  });

  it("custom: hears of loads once a second, if it wants to", () => {
    const loads: number[] = [];
    const refreshLoad = (mapping: { load(taskId: number): number }) => void loads.push(mapping.load(11));
    new CustomRoute(targets(2), { prepare: () => {}, chooseTasks: () => [], refreshLoad }, 5).refreshLoad(() => 0.25);
    new CustomRoute(targets(2), { prepare: () => {}, chooseTasks: () => [] }, 5).refreshLoad(() => 1);
    assert.deepEqual(loads, [0.25]);
  });
});
