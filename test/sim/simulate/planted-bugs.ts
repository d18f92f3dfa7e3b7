/** Bugs that a cluster may not have, each put into the running code by the test alone: the seeds have to notice them. */
import { BlacklistScheduler } from "../../../src/schedule/index.ts";
import { ClusterState } from "../../../src/state/index.ts";
import type { Assignment } from "../../../src/wire/thrift/index.ts";

export interface PlantedBug {
  readonly name: string;
  /** What of the verdict has to be broken. */
  readonly breaks: string;
  /** Returns what takes it out again. */
  readonly plant: () => () => void;
}

export const plantedBugs: readonly PlantedBug[] = [
  {
    name: "a nimbus that writes without the fence",
    breaks: "one-writer",
    plant: () => replace(ClusterState, "leaderWrites", withoutFence),
  },
  {
    name: "a scheduler that gives one slot twice",
    breaks: "one-owner-a-slot",
    plant: () => replace(BlacklistScheduler, "schedule", oneSlotTwice),
  },
  {
    name: "supervisors and workers that go by old assignments",
    breaks: "killed-is-killed",
    plant: plantOldAssignments,
  },
  {
    name: "a nimbus that does not clean up",
    breaks: "nothing-left",
    plant: () => replace(ClusterState, "leaderWrites", withoutCleaning),
  },
  {
    name: "a nimbus that says yes to a topology and forgets it",
    breaks: "as-told",
    plant: plantForgetting,
  },
];

type Class<T> = { readonly prototype: T };
type Method<T, K extends keyof T> = T[K] extends (...args: infer A) => infer R ? (this: T, ...args: A) => R : never;

function replace<T, K extends keyof T>(of: Class<T>, name: K, wrap: (inner: Method<T, K>) => Method<T, K>): () => void {
  const inner = of.prototype[name];
  of.prototype[name] = wrap(inner as Method<T, K>) as T[K];
  return () => {
    of.prototype[name] = inner;
  };
}

/** Through whatever session there is, and not only while its own node stands. */
function withoutFence(inner: Method<ClusterState, "leaderWrites">): Method<ClusterState, "leaderWrites"> {
  return function () {
    return inner.call(this, { barrier: undefined } as never);
  };
}

function withoutCleaning(inner: Method<ClusterState, "leaderWrites">): Method<ClusterState, "leaderWrites"> {
  return function (leadership) {
    const nothing = () => Promise.resolve();
    return Object.assign(inner.call(this, leadership), { removeRemains: nothing, removeBlob: nothing });
  };
}

/** It remembers the first topology of each name. */
function plantForgetting(): () => void {
  let seen = new Set<string>();
  return replace(
    ClusterState,
    "leaderWrites",
    (inner) =>
      function (leadership) {
        const writes = inner.call(this, leadership);
        const { createStorm } = writes;
        const creating: typeof createStorm = (id, base) => {
          // Ids are counted from 1 in each cluster.
          if (/-1-\d+$/.test(id)) seen = new Set();
          if (seen.has(base.name)) return Promise.resolve(true);
          seen.add(base.name);
          return createStorm.call(writes, id, base);
        };
        return Object.assign(writes, { createStorm: creating });
      },
  );
}

function oneSlotTwice(inner: Method<BlacklistScheduler, "schedule">): Method<BlacklistScheduler, "schedule"> {
  return function (snapshot) {
    const schedule = inner.call(this, snapshot);
    const [first, second] = schedule.assignments;
    const slot = first?.[1][0]?.slot;
    const [moved, ...rest] = second?.[1] ?? [];
    if (second === undefined || slot === undefined || moved === undefined) return schedule;
    return { ...schedule, assignments: new Map([...schedule.assignments, [second[0], [{ ...moved, slot }, ...rest]]]) };
  };
}

/** Whoever does not lead never forgets an assignment that it has read. */
function plantOldAssignments(): () => void {
  const nimbuses = new WeakSet<ClusterState>();
  const remembered = new WeakMap<ClusterState, Map<string, Assignment>>();
  const memoryOf = (state: ClusterState) => {
    const memory = remembered.get(state) ?? new Map<string, Assignment>();
    remembered.set(state, memory);
    return memory;
  };
  const undo = [
    replace(
      ClusterState,
      "joinLeaderLatch",
      (inner) =>
        function (options) {
          nimbuses.add(this);
          return inner.call(this, options);
        },
    ),
    replace(
      ClusterState,
      "assignments",
      (inner) =>
        async function (watch) {
          const ids = await inner.call(this, watch);
          return nimbuses.has(this) ? ids : [...new Set([...ids, ...memoryOf(this).keys()])];
        },
    ),
    replace(
      ClusterState,
      "assignment",
      (inner) =>
        async function (id, watch) {
          const found = await inner.call(this, id, watch);
          const memory = memoryOf(this);
          if (found !== null) memory.set(id, found);
          return nimbuses.has(this) ? found : (memory.get(id) ?? null);
        },
    ),
  ];
  return () => {
    for (const each of undo) each();
  };
}
