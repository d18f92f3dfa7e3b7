import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type ClusterSnapshot,
  type ComponentDetails,
  type Schedule,
  schedulerOf,
  type TopologyDetails,
} from "../../../src/schedule/index.ts";
import { arbitraryCluster, assertSound, placesIn } from "./arbitrary-clusters.ts";
import { noAssignments, shown, supervisor, topology } from "./clusters.ts";

const scheduler = schedulerOf({ "storm.scheduler": "org.apache.storm.scheduler.resource.ResourceAwareScheduler" });

function node(id: string, memory: number, cpu = 400) {
  return supervisor(id, 4, { resources: { "memory.mb": memory, "cpu.pcore.percent": cpu } });
}

function scheduled(...[supervisors, topologies]: [ClusterSnapshot["supervisors"], ClusterSnapshot["topologies"]]) {
  return shown(scheduler.schedule({ supervisors, topologies, assignments: noAssignments }));
}

function lacking(memory: string, cpu: string): string {
  const lead = "Not enough resources to schedule after evicting lower priority topologies.";
  return `${lead} Additional Memory Required: ${memory}. Additional CPU Required: ${cpu}.`;
}

function withConf(details: TopologyDetails, conf: TopologyDetails["conf"]): TopologyDetails {
  return { ...details, conf: { ...details.conf, ...conf } };
}

describe("the resource-aware scheduler", () => {
  it("fills a worker up to its heap, and keeps those together that talk to each other", () => {
    assert.equal(
      scheduled([node("s1", 2000), node("s2", 3000)], [topology("wc", 1, [2, 4, 3])]),
      `wc: Running - Fully Scheduled by DefaultResourceAwareStrategy (9 states traversed, backtracked 0 times)
  s2:6700 1 2 3 4 7 8
  s2:6701 5 6 9
`,
    );
  });

  it("ignores the number of workers, and takes as many as needed", () => {
    const wide = withConf(topology("wc", 9, [4]), { "topology.worker.max.heap.size.mb": 256 });
    assert.match(scheduled([node("s1", 2000)], [wide]), /6700 1 2\n {2}s1:6701 3 4\n$/);
  });

  it("says what is missing", () => {
    assert.equal(
      scheduled([node("s1", 500, 50)], [topology("big", 1, [6])]),
      `big: ${lacking("768 MB (Available: 500 MB)", "60% CPU (Available: 50 % CPU)")}\n`,
    );
    assert.equal(scheduled([], [topology("big", 1, [6])]), "big: No available nodes to schedule tasks on!\n");
    const bolts = topology("odd", 1, [1]);
    const spoutless = { ...bolts, components: bolts.components.map((one) => ({ ...one, kind: "bolt" as const })) };
    assert.equal(scheduled([node("s1", 500)], [spoutless]), "odd: Cannot find a Spout!\n");
  });

  it("knows the strategies that it has, and says so of others", () => {
    const key = "topology.scheduler.strategy";
    const place = (name: string) => scheduled([node("s1", 2000)], [withConf(topology("a", 1, [1]), { [key]: name })]);
    assert.match(
      place("org.apache.storm.scheduler.resource.strategies.scheduling.GenericResourceAwareStrategy"),
      /Full/,
    );
    assert.match(
      place("my.own.Strategy"),
      /^a: Unsuccessful in scheduling - there is no topology strategy my.own.Strat/,
    );
  });

  it("drives out topologies of lower priority, the lowest first, and no more than needed", () => {
    const low = withConf(topology("low", 1, [4]), { "topology.priority": 20 });
    const lower = withConf(topology("lower", 1, [4]), { "topology.priority": 25 });
    const supervisors = [node("s1", 1100)];
    const first = scheduler.schedule({ supervisors, topologies: [low, lower], assignments: noAssignments });
    assert.match(shown(first), /^low: Running.*\n.*\nlower: Running/);
    const urgent = withConf(topology("urgent", 1, [4], { launchTimeSecs: 9 }), { "topology.priority": 1 });
    const topologies = [low, lower, urgent];
    assert.equal(
      shown(scheduler.schedule({ supervisors, topologies, assignments: first.assignments })),
      `low: Fully Scheduled
  s1:6700 1 2 3 4
lower: ${lacking("512 MB (Available: 76 MB)", "40% CPU (Available: 320 % CPU)")}
urgent: Running - Fully Scheduled by DefaultResourceAwareStrategy (4 states traversed, backtracked 0 times)
  s1:6701 1 2 3 4
`,
    );
  });

  it("gives each new worker its acker, and counts memory that is shared once", () => {
    const base = withConf(topology("a", 1, [4]), { "topology.worker.max.heap.size.mb": 400 });
    const ackers: ComponentDetails = {
      id: "__acker",
      kind: "bolt",
      executors: [
        [5, 5],
        [6, 6],
      ],
      inputs: [],
      conf: {},
    };
    assert.match(
      scheduled([node("s1", 2000)], [{ ...base, components: [...base.components, ackers] }]),
      /6700 1 2 5\n {2}s1:6701 3 4 6\n$/,
    );
    const share = { onHeap: 0, offHeapWorker: 100, offHeapNode: 300 };
    const components = base.components.map((one) => ({ ...one, sharedMemory: ["cache"] }));
    const sharing = { ...base, components, sharedMemory: { cache: share } };
    const needed = 4 * 128 + 2 * 100 + 300;
    assert.match(scheduled([node("s1", needed)], [sharing]), /Running/);
    assert.match(scheduled([node("s1", needed - 1)], [sharing]), /Not enough/);
  });

  it("goes back when a way ends, until all fits", () => {
    const component = (id: string, task: number, memory: number): ComponentDetails => {
      const conf = { "topology.component.resources.onheap.memory.mb": memory };
      return { id, kind: "spout", executors: [[task, task]], inputs: [], conf };
    };
    const components = [component("a", 1, 300), component("b", 2, 300), component("c", 3, 650)];
    const tight = withConf({ ...topology("t", 1, []), components }, { "topology.worker.max.heap.size.mb": 700 });
    const one = supervisor("s1", 1, { resources: { "memory.mb": 600, "cpu.pcore.percent": 400 } });
    const two = supervisor("s2", 1, { resources: { "memory.mb": 900, "cpu.pcore.percent": 400 } });
    assert.match(scheduled([one, two], [tight]), /backtracked 4 times\)\n {2}s1:6700 1 2\n {2}s2:6700 3\n$/);
  });
});

describe("any schedule of the resource-aware scheduler", () => {
  const arbitrary = fc
    .tuple(arbitraryCluster, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }))
    .map(([snapshot, numbers]) => scarce(snapshot, numbers));

  it("is sound, and asks of no node more than it has, of no worker more than its heap", () => {
    fc.assert(
      fc.property(arbitrary, (snapshot) => {
        const schedule = scheduler.schedule(snapshot);
        assertPlaced(snapshot, schedule);
      }),
    );
  });

  it("places a topology whole or not at all", () => {
    fc.assert(
      fc.property(arbitrary, (snapshot) => {
        for (const [id, { unassigned, workers }] of scheduler.schedule(snapshot).status)
          assert.ok(unassigned.length === 0 || workers === 0, id);
      }),
    );
  });

  it("stays the same when nothing changes", () => {
    fc.assert(
      fc.property(arbitrary, (snapshot) => {
        const { assignments } = scheduler.schedule(snapshot);
        assert.deepEqual(scheduler.schedule({ ...snapshot, assignments }).assignments, assignments);
      }),
    );
  });

  it("serves the highest priority of a user as if the user had nothing else", () => {
    fc.assert(
      fc.property(arbitrary, (shared) => {
        const snapshot = { ...shared, topologies: shared.topologies.map((one) => ({ ...one, owner: "ann" })) };
        const urgent = withConf(topology("urgent", 1, [2, 3], { launchTimeSecs: 99 }), { "topology.priority": 0 });
        const alone = scheduler.schedule({ ...snapshot, topologies: [urgent] });
        const { assignments } = scheduler.schedule(snapshot);
        const crowded = scheduler.schedule({ ...snapshot, topologies: [...snapshot.topologies, urgent], assignments });
        const [want, have] = [alone, crowded].map(({ status }) => status.get("urgent")?.unassigned.length);
        assert.equal(have, want);
        assertPlaced({ ...snapshot, topologies: [...snapshot.topologies, urgent], assignments }, crowded);
      }),
    );
  });

  it("moves only what was on a node that died", () => {
    fc.assert(
      fc.property(arbitrary, (many) => {
        const snapshot = { ...many, topologies: many.topologies.slice(0, 1) };
        const first = scheduler.schedule(snapshot);
        const [dead, ...supervisors] = snapshot.supervisors;
        const deadExecutors = new Map(
          [...first.assignments].map(([id, workers]) => [
            id,
            workers.filter(({ slot }) => slot.node === dead?.id).flatMap(({ executors }) => executors),
          ]),
        );
        const next = { ...snapshot, supervisors, assignments: first.assignments, deadExecutors };
        const second = scheduler.schedule(next);
        const before = placesIn(first.assignments);
        for (const [executor, place] of placesIn(second.assignments))
          if (before.get(executor)?.startsWith(`${dead?.id}:`) === false) assert.equal(before.get(executor), place);
      }),
    );
  });
});

/** Little memory, unequal requests, several users and priorities. */
function scarce(snapshot: ClusterSnapshot, numbers: readonly number[]): ClusterSnapshot {
  let turn = 0;
  const next = () => numbers[turn++ % numbers.length] ?? 1;
  return {
    ...snapshot,
    supervisors: snapshot.supervisors.map((one) => ({
      ...one,
      resources: { "memory.mb": 200 * next(), "cpu.pcore.percent": 50 * next() },
    })),
    topologies: snapshot.topologies.map((details) => ({
      ...withConf(details, {
        "topology.priority": 10 + next(),
        "topology.worker.max.heap.size.mb": 200 + 100 * next(),
      }),
      owner: `user${next() % 3}`,
      components: details.components.map((component) => ({
        ...component,
        conf: { "topology.component.resources.onheap.memory.mb": 30 * next() },
      })),
    })),
  };
}

function assertPlaced(snapshot: ClusterSnapshot, schedule: Schedule): void {
  assertSound(snapshot, schedule, { byResources: true });
  for (const { id, resources } of snapshot.supervisors) {
    const workers = [...schedule.assignments.values()].flat().filter(({ slot }) => slot.node === id);
    const memory = workers.reduce((sum, one) => sum + one.resources.memOnHeap + one.resources.memOffHeap, 0);
    const cpu = workers.reduce((sum, one) => sum + one.resources.cpu, 0);
    assert.ok(memory <= (resources["memory.mb"] ?? 0), `${memory} MB on ${id}`);
    assert.ok(cpu <= (resources["cpu.pcore.percent"] ?? 0), `${cpu} % on ${id}`);
  }
  for (const { id, conf } of snapshot.topologies)
    for (const { resources } of schedule.assignments.get(id) ?? [])
      assert.ok(resources.memOnHeap <= Number(conf["topology.worker.max.heap.size.mb"]), id);
}
