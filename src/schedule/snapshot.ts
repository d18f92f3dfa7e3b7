/** What a scheduler is given and what it answers: plain data, in Storm's words. */
import type { Conf } from "../topology/index.ts";

/** The tasks of an executor: `[first, last]`. */
export type Executor = readonly [first: number, last: number];

/** A place for one worker process. */
export interface Slot {
  /** A supervisor's id. */
  readonly node: string;
  readonly port: number;
}

export interface SupervisorDetails {
  readonly id: string;
  readonly host: string;
  /** Default: all hosts are in one rack. */
  readonly rack?: string;
  /** `supervisor.slots.ports`. */
  readonly ports: readonly number[];
  /** By Storm's names, such as `memory.mb` and `cpu.pcore.percent`. */
  readonly resources: Readonly<Record<string, number>>;
}

export interface ComponentDetails {
  /** System components (`__acker`) are there too, since they have executors. */
  readonly id: string;
  readonly kind: "spout" | "bolt";
  readonly executors: readonly Executor[];
  /** What it reads; `shuffle`: by shuffle or localOrShuffle grouping. */
  readonly inputs: readonly { readonly componentId: string; readonly shuffle: boolean }[];
  /** Its own conf alone: what it asks for stands there. */
  readonly conf: Conf;
  /** Names in `TopologyDetails.sharedMemory`. */
  readonly sharedMemory?: readonly string[];
}

/** Memory in MB that is there once for all executors that share it: in a worker, or on a node. */
export interface SharedMemory {
  readonly onHeap: number;
  readonly offHeapWorker: number;
  readonly offHeapNode: number;
}

export interface TopologyDetails {
  readonly id: string;
  readonly name: string;
  /** Who submitted it. */
  readonly owner: string;
  readonly numWorkers: number;
  readonly components: readonly ComponentDetails[];
  /** With the cluster's defaults in it. */
  readonly conf: Conf;
  readonly launchTimeSecs: number;
  readonly sharedMemory?: Readonly<Record<string, SharedMemory>>;
}

/** A worker that was assigned in an earlier round. */
export interface ExistingWorker {
  readonly slot: Slot;
  readonly executors: readonly Executor[];
}

export interface ClusterSnapshot {
  readonly supervisors: readonly SupervisorDetails[];
  readonly topologies: readonly TopologyDetails[];
  /** By topology id. One that is to be scheduled from scratch (a rebalance) is left out. */
  readonly assignments: ReadonlyMap<string, readonly ExistingWorker[]>;
  /** By topology id: executors that are assigned but silent. Their slots are not given to anybody in this round. */
  readonly deadExecutors?: ReadonlyMap<string, readonly Executor[]>;
  /** Nothing new is placed there. */
  readonly blacklistedHosts?: ReadonlySet<string>;
  /** Ids of supervisors that are taken last. */
  readonly greylistedSupervisors?: ReadonlySet<string>;
}

/** What a worker's executors ask for, in Storm's struct of this name. Memory in MB, cpu in percent of a core. */
export interface WorkerResources {
  readonly memOnHeap: number;
  readonly memOffHeap: number;
  readonly cpu: number;
  readonly sharedMemOnHeap: number;
  readonly sharedMemOffHeap: number;
  /** All of it by Storm's names, further resources among them. */
  readonly resources: Readonly<Record<string, number>>;
}

export interface AssignedWorker extends ExistingWorker {
  readonly resources: WorkerResources;
}

export interface TopologyStatus {
  /** In words, for `list`, the UI and the log. */
  readonly message: string;
  /** Executors without a slot. */
  readonly unassigned: readonly Executor[];
  readonly workers: number;
}

export interface Schedule {
  /** By topology id, workers in the order of node and port; each topology of the snapshot is there. */
  readonly assignments: ReadonlyMap<string, readonly AssignedWorker[]>;
  readonly status: ReadonlyMap<string, TopologyStatus>;
}

/** The same snapshot gives the same schedule: no chance, no clock. */
export interface Scheduler {
  /** Storm's class name. */
  readonly name: string;
  schedule(snapshot: ClusterSnapshot): Schedule;
}
