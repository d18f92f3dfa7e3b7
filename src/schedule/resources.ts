/** What executors ask for and what nodes offer. Source: Storm's normalization package and Resource_Aware_Scheduler_overview, 2.8. */
import type { Conf } from "../topology/index.ts";
import type { ComponentDetails, WorkerResources } from "./snapshot.ts";

/** Memory in MB, cpu in percent of a core; `generic` by name. */
export interface Request {
  readonly onHeap: number;
  readonly offHeap: number;
  readonly cpu: number;
  readonly generic: ReadonlyMap<string, number>;
}

export interface Offer {
  readonly memory: number;
  readonly cpu: number;
  readonly generic: ReadonlyMap<string, number>;
}

export const nothing: Offer = { memory: 0, cpu: 0, generic: new Map() };

const cpuName = "cpu.pcore.percent";
const onHeapName = "onheap.memory.mb";
const offHeapName = "offheap.memory.mb";
const memoryName = "memory.mb";

/** Names of conf keys → names of resources. */
const normalName: Readonly<Record<string, string>> = {
  "topology.component.cpu.pcore.percent": cpuName,
  "topology.component.resources.onheap.memory.mb": onHeapName,
  "topology.component.resources.offheap.memory.mb": offHeapName,
  "supervisor.memory.capacity.mb": memoryName,
  "supervisor.cpu.capacity": cpuName,
};

/** What one executor of this component asks for: its own word, else the topology's. */
export function requestOf(component: Pick<ComponentDetails, "id" | "conf">, topologyConf: Conf): Request {
  const wanted = normalised(topologyConf["topology.component.resources.map"]);
  for (const [key, name] of systemKeys(component.id)) put(wanted, name, topologyConf[key]);
  for (const [key, name] of componentKeys) if (!wanted.has(name)) put(wanted, name, topologyConf[key]);
  for (const [key, name] of componentKeys) put(wanted, name, component.conf[key]);
  for (const [name, amount] of normalised(component.conf["topology.component.resources.map"])) wanted.set(name, amount);
  const { onHeap, offHeap, cpu, generic } = split(wanted);
  return { onHeap, offHeap, cpu, generic };
}

/** What a supervisor has. */
export function offerOf(resources: Readonly<Record<string, number>>): Offer {
  const { memory, cpu, generic } = split(normalised(resources));
  return { memory, cpu, generic };
}

export function memoryOf({ onHeap, offHeap }: Pick<Request, "onHeap" | "offHeap">): number {
  return onHeap + offHeap;
}

/** The same as an offer: on a node, memory is memory. */
export function asOffer(request: Request): Offer {
  return { memory: memoryOf(request), cpu: request.cpu, generic: request.generic };
}

export function plus(a: Offer, b: Offer): Offer {
  const generic = b.generic.size === 0 ? a.generic : combined(a.generic, b.generic, (x, y) => x + y);
  return { memory: a.memory + b.memory, cpu: a.cpu + b.cpu, generic };
}

/** Nothing falls below 0. */
export function minus(a: Offer, b: Offer): Offer {
  const generic = b.generic.size === 0 ? a.generic : combined(a.generic, b.generic, (x, y) => Math.max(0, x - y));
  return { memory: Math.max(0, a.memory - b.memory), cpu: Math.max(0, a.cpu - b.cpu), generic };
}

export function holds(a: Offer, b: Offer): boolean {
  if (a.cpu < b.cpu || a.memory < b.memory) return false;
  for (const [name, amount] of b.generic) if ((a.generic.get(name) ?? 0) < amount) return false;
  return true;
}

export function isOverZero({ memory, cpu, generic }: Offer): boolean {
  return memory > 0 || cpu > 0 || [...generic.values()].some((amount) => amount > 0);
}

export function workerResources(total: Request, shared: Pick<Request, "onHeap" | "offHeap">): WorkerResources {
  return {
    memOnHeap: total.onHeap,
    memOffHeap: total.offHeap,
    cpu: total.cpu,
    sharedMemOnHeap: shared.onHeap,
    sharedMemOffHeap: shared.offHeap,
    resources: {
      [cpuName]: total.cpu,
      [onHeapName]: total.onHeap,
      [offHeapName]: total.offHeap,
      ...Object.fromEntries(total.generic),
    },
  };
}

const componentKeys = [
  ["topology.component.cpu.pcore.percent", cpuName],
  ["topology.component.resources.offheap.memory.mb", offHeapName],
  ["topology.component.resources.onheap.memory.mb", onHeapName],
] as const;

/** Ackers and metrics consumers have keys of their own. */
function systemKeys(componentId: string): typeof ackerKeys {
  if (componentId === "__acker") return ackerKeys;
  return componentId.startsWith("__metrics") ? consumerKeys : [];
}

const ackerKeys: readonly (readonly [key: string, name: string])[] = [
  ["topology.acker.cpu.pcore.percent", cpuName],
  ["topology.acker.resources.offheap.memory.mb", offHeapName],
  ["topology.acker.resources.onheap.memory.mb", onHeapName],
];
const consumerKeys: typeof ackerKeys = [
  ["topology.metrics.consumer.cpu.pcore.percent", cpuName],
  ["topology.metrics.consumer.resources.offheap.memory.mb", offHeapName],
  ["topology.metrics.consumer.resources.onheap.memory.mb", onHeapName],
];

function normalised(resources: unknown): Map<string, number> {
  const found = new Map<string, number>();
  if (typeof resources !== "object" || resources === null) return found;
  for (const [name, amount] of Object.entries(resources)) put(found, normalName[name] ?? name, amount);
  return found;
}

function put(into: Map<string, number>, name: string, amount: unknown): void {
  if (typeof amount === "number" && Number.isFinite(amount)) into.set(name, amount);
}

function split(amounts: ReadonlyMap<string, number>): Request & Offer {
  const generic = new Map([...amounts].filter(([name]) => !builtIn.has(name)).sort(([a], [b]) => (a < b ? -1 : 1)));
  const amount = (name: string) => amounts.get(name) ?? 0;
  return {
    onHeap: amount(onHeapName),
    offHeap: amount(offHeapName),
    memory: amount(memoryName),
    cpu: amount(cpuName),
    generic,
  };
}

const builtIn = new Set([cpuName, onHeapName, offHeapName, memoryName]);

function combined(
  a: ReadonlyMap<string, number>,
  b: ReadonlyMap<string, number>,
  how: (x: number, y: number) => number,
): ReadonlyMap<string, number> {
  const result = new Map(a);
  for (const [name, amount] of b) result.set(name, how(result.get(name) ?? 0, amount));
  return result;
}
