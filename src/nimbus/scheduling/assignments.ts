/** From what a scheduler decided to the Assignment that everybody reads, and what differs between two of them. */
import type { AssignedWorker } from "../../schedule/index.ts";
import type { Assignment, NodeInfo, WorkerResources } from "../../wire/thrift/index.ts";
import { executorName } from "../heartbeats.ts";
import { portOf, slotName } from "../stats/executor-beats.ts";
import type { Executor } from "../system-topology.ts";

export interface AssignmentParts {
  readonly workers: readonly AssignedWorker[];
  readonly before: Assignment | null;
  readonly hostOf: (node: string) => string | undefined;
  readonly nowSecs: number;
  readonly codeDirectory: string;
  readonly owner: string | undefined;
}

/** An executor keeps its start if its worker keeps all of its executors; a worker that changes is started anew. */
export function assignmentOf({ workers, before, hostOf, nowSecs, codeDirectory, owner }: AssignmentParts): Assignment {
  const unchanged = new Set(before === null ? [] : workerSignatures(before));
  const starts = new Map(
    (before?.executor_start_time_secs ?? []).map(([[first = 0, last = 0], secs]) => [
      executorName([first, last]),
      secs,
    ]),
  );
  const placed = workers
    .flatMap((worker) => worker.executors.map((executor) => ({ executor, worker })))
    .sort((a, b) => a.executor[0] - b.executor[0]);
  const startOf = (executor: Executor, worker: AssignedWorker): number => {
    const start = starts.get(executorName(executor));
    return start !== undefined && unchanged.has(signature(worker.slot, worker.executors)) ? start : nowSecs;
  };
  const nodes = [...new Set(workers.map(({ slot }) => slot.node))].sort();
  return {
    master_code_dir: codeDirectory,
    node_host: new Map(nodes.map((node) => [node, hostOf(node) ?? before?.node_host.get(node) ?? node])),
    executor_node_port: placed.map(({ executor, worker }) => [executor, nodeInfo(worker)]),
    executor_start_time_secs: placed.map(({ executor, worker }) => [executor, startOf(executor, worker)]),
    worker_resources: workers.map((worker) => [nodeInfo(worker), resourcesOf(worker)]),
    total_shared_off_heap: new Map(),
    ...(owner === undefined ? {} : { owner }),
  };
}

/** Whoever wrote them, and in whatever order. */
export function isSameAssignment(a: Assignment, b: Assignment): boolean {
  return canonical(a) === canonical(b);
}

/** Supervisors that have to hear of it. */
export function changedNodes(before: Assignment | null, after: Assignment | null): Set<string> {
  const had = new Set(before === null ? [] : workerSignatures(before));
  const has = new Set(after === null ? [] : workerSignatures(after));
  const different = [...[...had].filter((each) => !has.has(each)), ...[...has].filter((each) => !had.has(each))];
  return new Set(different.map((each) => (JSON.parse(each) as [string])[0]));
}

/** `6700 and 6701 on node1` and so on, for the log. */
export function assignmentText({ executor_node_port, node_host }: Assignment): string {
  const ports = new Map<string, Set<number>>();
  for (const [, slot] of executor_node_port) {
    const host = node_host.get(slot.node) ?? slot.node;
    ports.set(host, (ports.get(host) ?? new Set()).add(portOf(slot)));
  }
  const places = [...ports].map(([host, each]) => `${host} ${[...each].sort((a, b) => a - b).join(" ")}`).sort();
  return places.length === 0 ? "no slot" : places.join(", ");
}

function workerSignatures({ executor_node_port }: Assignment): string[] {
  const workers = new Map<string, { readonly slot: { node: string; port: number }; readonly executors: Executor[] }>();
  for (const [[first = 0, last = 0], info] of executor_node_port) {
    const slot = { node: info.node, port: portOf(info) };
    const name = slotName(slot.node, slot.port);
    const worker = workers.get(name) ?? { slot, executors: [] };
    worker.executors.push([first, last]);
    workers.set(name, worker);
  }
  return [...workers.values()].map(({ slot, executors }) => signature(slot, executors));
}

function signature({ node, port }: { readonly node: string; readonly port: number }, executors: readonly Executor[]) {
  return JSON.stringify([node, port, ...executors.map(executorName).sort()]);
}

function nodeInfo({ slot }: AssignedWorker): NodeInfo {
  return { node: slot.node, port: new Set([slot.port]) };
}

function resourcesOf({ resources }: AssignedWorker): WorkerResources {
  return {
    mem_on_heap: resources.memOnHeap,
    mem_off_heap: resources.memOffHeap,
    cpu: resources.cpu,
    shared_mem_on_heap: resources.sharedMemOnHeap,
    shared_mem_off_heap: resources.sharedMemOffHeap,
    resources: new Map(Object.entries(resources.resources)),
    shared_resources: new Map(),
  };
}

function canonical(assignment: Assignment): string {
  const { node_host, executor_node_port, executor_start_time_secs, worker_resources, owner } = assignment;
  const sorted = (entries: readonly unknown[]) => entries.map((entry) => JSON.stringify(entry)).sort();
  const slot = (info: NodeInfo) => slotName(info.node, portOf(info));
  return JSON.stringify([
    sorted([...node_host]),
    sorted(executor_node_port.map(([executor, info]) => [executor, slot(info)])),
    sorted([...executor_start_time_secs]),
    sorted(
      worker_resources.map(([info, { mem_on_heap, mem_off_heap, cpu }]) => [
        slot(info),
        mem_on_heap,
        mem_off_heap,
        cpu,
      ]),
    ),
    owner ?? null,
  ]);
}
