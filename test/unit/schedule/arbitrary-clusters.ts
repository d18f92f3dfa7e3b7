/** Random clusters for the properties of schedulers, and what must hold of any schedule. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { ClusterSnapshot, Schedule } from "../../../src/schedule/index.ts";
import { noAssignments, supervisor, topology } from "./clusters.ts";

/** Nothing runs yet. */
export const arbitraryCluster: fc.Arbitrary<ClusterSnapshot> = fc
  .record({
    ports: fc.array(fc.nat(5), { maxLength: 7 }),
    topologies: fc.array(
      fc.record({
        workers: fc.integer({ min: 1, max: 8 }),
        parallelism: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 }),
        launchTimeSecs: fc.nat(3),
      }),
      { maxLength: 6 },
    ),
    blacklisted: fc.subarray([0, 1, 2, 3, 4, 5, 6], { maxLength: 2 }),
  })
  .map(({ ports, topologies, blacklisted }) => ({
    supervisors: ports.map((count, index) => supervisor(`s${index}`, count)),
    topologies: topologies.map(({ workers, parallelism, launchTimeSecs }, index) =>
      topology(`t${index}`, workers, parallelism, { launchTimeSecs }),
    ),
    assignments: noAssignments,
    blacklistedHosts: new Set(blacklisted.map((index) => `host-s${index}`)),
  }));

/** One owner a slot, each executor once or told as waiting, nothing new on a slot that may not be given away. */
export function assertSound(
  snapshot: ClusterSnapshot,
  { assignments, status }: Schedule,
  { byResources }: { readonly byResources: boolean } = { byResources: false },
): void {
  const owners = new Set<string>();
  const before = placesIn(snapshot.assignments);
  const open = new Set(
    snapshot.supervisors
      .filter(({ host }) => snapshot.blacklistedHosts?.has(host) !== true)
      .flatMap(({ id, ports }) => ports.map((port) => `${id}:${port}`)),
  );
  const dead = deadSlots(snapshot);
  for (const { id, components, numWorkers } of snapshot.topologies) {
    const workers = assignments.get(id) ?? [];
    assert.ok(byResources || workers.length <= numWorkers, `${id} has more workers than it wants`);
    const placed: string[] = [];
    for (const { slot, executors } of workers) {
      const place = `${slot.node}:${slot.port}`;
      assert.ok(executors.length > 0, `${id} has a worker without executors`);
      assert.ok(!owners.has(place), `${place} has two owners`);
      owners.add(place);
      for (const executor of executors) {
        placed.push(String(executor));
        const stays = before.get(`${id} ${executor}`) === place && snapshot.topologies.some((one) => one.id === id);
        assert.ok(stays || (open.has(place) && !dead.has(place)), `${id} ${executor} was placed on ${place}`);
      }
    }
    const all = components.flatMap(({ executors }) => executors.map(String));
    const waiting = (status.get(id)?.unassigned ?? []).map(String);
    assert.deepEqual([...placed, ...waiting].sort(), all.sort(), `executors of ${id}`);
    const wanted = Math.min(numWorkers, all.length);
    const full = waiting.length === 0 && (byResources || workers.length >= wanted);
    const message = status.get(id)?.message ?? "";
    assert.equal(message.replace(/^Running - /, "").startsWith("Fully Scheduled"), full, message);
  }
}

/** Executors of each worker differ by one at most. */
export function assertBalanced({ assignments }: Schedule): void {
  for (const [id, workers] of assignments) {
    const sizes = workers.map(({ executors }) => executors.length);
    assert.ok(sizes.length === 0 || Math.max(...sizes) - Math.min(...sizes) <= 1, `${id} has workers of ${sizes}`);
  }
}

/** `topology executor` → `node:port`. */
export function placesIn(assignments: ClusterSnapshot["assignments"]): Map<string, string> {
  const places = new Map<string, string>();
  for (const [id, workers] of assignments)
    for (const { slot, executors } of workers)
      for (const executor of executors) places.set(`${id} ${executor}`, `${slot.node}:${slot.port}`);
  return places;
}

function deadSlots({ assignments, deadExecutors }: ClusterSnapshot): Set<string> {
  const places = placesIn(assignments);
  const dead = new Set<string>();
  for (const [id, executors] of deadExecutors ?? [])
    for (const executor of executors) dead.add(places.get(`${id} ${executor}`) ?? "");
  return dead;
}
