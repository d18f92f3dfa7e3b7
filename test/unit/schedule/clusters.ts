/** Small clusters for tests of schedulers: made from few words, shown as text. */

import type {
  ClusterSnapshot,
  ComponentDetails,
  ExistingWorker,
  Schedule,
  SupervisorDetails,
  TopologyDetails,
} from "../../../src/schedule/index.ts";
import { topologyDefaults } from "../../../src/topology/index.ts";

export const noAssignments: ReadonlyMap<string, readonly ExistingWorker[]> = new Map();

/** `ports` from 6700 on. */
export function supervisor(id: string, ports: number, more: Partial<SupervisorDetails> = {}): SupervisorDetails {
  const resources = { "memory.mb": 4096, "cpu.pcore.percent": 400 };
  return { id, host: `host-${id}`, ports: Array.from({ length: ports }, (_, i) => 6700 + i), resources, ...more };
}

/** A chain of components, each with so many executors of one task. */
export function topology(
  id: string,
  numWorkers: number,
  parallelism: readonly number[],
  more: Partial<TopologyDetails> = {},
): TopologyDetails {
  let task = 1;
  const components = parallelism.map((count, index): ComponentDetails => {
    const executors = Array.from({ length: count }, () => [task, task++] as const);
    const inputs = index === 0 ? [] : [{ componentId: letter(index - 1), shuffle: true }];
    return { id: letter(index), kind: index === 0 ? "spout" : "bolt", executors, inputs, conf: {} };
  });
  const conf = {
    ...topologyDefaults,
    "topology.component.resources.onheap.memory.mb": 128,
    "topology.component.cpu.pcore.percent": 10,
    "topology.worker.max.heap.size.mb": 768,
  };
  return { id, name: id, owner: "ann", numWorkers, components, conf, launchTimeSecs: 0, ...more };
}

/** The snapshot of the next round. */
export function after(snapshot: ClusterSnapshot, { assignments }: Schedule): ClusterSnapshot {
  return { supervisors: snapshot.supervisors, topologies: snapshot.topologies, assignments };
}

/** One line a topology: its status, then each worker with its executors. */
export function shown({ assignments, status }: Schedule): string {
  return [...status]
    .map(([id, { message }]) => {
      const workers = (assignments.get(id) ?? []).map(
        ({ slot, executors }) => `  ${slot.node}:${slot.port} ${executors.map(range).join(" ")}\n`,
      );
      return `${id}: ${message}\n${workers.join("")}`;
    })
    .join("");
}

function range([first, last]: readonly [number, number]): string {
  return first === last ? `${first}` : `${first}-${last}`;
}

function letter(index: number): string {
  return String.fromCharCode(97 + index);
}
