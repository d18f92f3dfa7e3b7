/** What an assignment says to one worker: its executors, the other workers, their addresses and their tasks. Pure. */
import { exitCodes, StormLabError } from "../../base/index.ts";
import type { ExecutorRange } from "../../executor/index.ts";
import type { Assignment } from "../../wire/thrift/index.ts";
import type { TasksOfWorkers } from "../worker.ts";

/** Where a worker is: a supervisor's id and a port of it. */
export interface Slot {
  readonly node: string;
  readonly port: number;
}

export interface Placement {
  /** Of this worker, by first task; none when the slot is no longer assigned. */
  readonly executors: readonly ExecutorRange[];
  /** By the workers' numbers, this one's among them. */
  readonly tasks: TasksOfWorkers;
  /** `tcp://host:port`, by number. */
  readonly addresses: ReadonlyMap<number, string>;
}

/** Throws SL-PEER-NUMBER. */
export function placementOf(assignment: Assignment, own: Slot): Placement {
  const slots = new Map<number, string>();
  const tasks = new Map<number, number[]>();
  const addresses = new Map<number, string>();
  const executors: ExecutorRange[] = [];
  for (const [[first = 0, last = 0], { node, port: ports }] of assignment.executor_node_port) {
    for (const port of ports) {
      const number = peerNumber({ node, port });
      const slot = `${node}:${port}`;
      const other = slots.get(number) ?? slot;
      if (other !== slot) throw sameNumber(slot, other);
      slots.set(number, slot);
      addresses.set(number, addressOf(assignment.node_host.get(node) ?? node, port));
      const tasksHere = tasks.get(number) ?? [];
      tasks.set(number, tasksHere);
      for (let taskId = first; taskId <= last; taskId++) tasksHere.push(taskId);
      if (node === own.node && port === own.port) executors.push([first, last]);
    }
  }
  for (const tasksHere of tasks.values()) tasksHere.sort((a, b) => a - b);
  return { executors: executors.sort(([a], [b]) => a - b), tasks, addresses };
}

/**
 * A worker's number on the wire, the same for all of its peers and after every reassignment: FNV-1a over `node:port`, 31 bits of it,
 * which are a small integer to the engine.
 */
export function peerNumber({ node, port }: Slot): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(`${node}:${port}`)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 1;
}

export function sameExecutors(a: readonly ExecutorRange[], b: readonly ExecutorRange[]): boolean {
  return a.length === b.length && a.every(([first, last], index) => first === b[index]?.[0] && last === b[index]?.[1]);
}

export function addressOf(host: string, port: number): string {
  return `tcp://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function sameNumber(slot: string, other: string): StormLabError {
  return new StormLabError({
    code: "SL-PEER-NUMBER",
    what: `the workers at ${slot} and ${other} have the same number`,
    why: "workers are numbered by a hash of where they are, and by bad luck two hashes are equal",
    hint: "give one of the two supervisors another slot port, or rebalance the topology",
    exitCode: exitCodes.conflict,
  });
}
