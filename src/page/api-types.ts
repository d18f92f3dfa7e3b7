/** What the page reads of the REST API's answers. */

export interface ClusterSummary {
  readonly stormVersion: string;
  readonly supervisors: number;
  readonly topologies: number;
  readonly slotsTotal: number;
  readonly slotsUsed: number;
  readonly executorsTotal: number;
  readonly tasksTotal: number;
}

export interface Nimbus {
  readonly host: string;
  readonly port: number | string;
  readonly status: "Leader" | "Not a Leader" | "Offline";
  readonly nimbusUpTime: string;
}

export interface Supervisor {
  readonly id: string;
  readonly host: string;
  readonly uptime: string;
  readonly slotsTotal: number;
  readonly slotsUsed: number;
  readonly blacklisted: boolean;
}

export interface TopologySummary {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly uptime: string;
  readonly uptimeSeconds: number;
  readonly workersTotal: number;
  readonly executorsTotal: number;
  readonly tasksTotal: number;
  readonly schedulerInfo: string | null;
}

interface Counts {
  readonly emitted: number;
  readonly transferred: number;
  readonly acked: number;
  readonly failed: number;
}

interface ComponentNumbers extends Counts {
  readonly executors: number;
  readonly tasks: number;
  readonly lastError: string;
  readonly errorLapsedSecs: number | null;
}

export interface SpoutNumbers extends ComponentNumbers {
  readonly spoutId: string;
  readonly completeLatency: string;
}

export interface BoltNumbers extends ComponentNumbers {
  readonly boltId: string;
  readonly capacity: string;
  readonly executeLatency: string;
  readonly processLatency: string;
  readonly executed: number;
}

export interface WorkerRow {
  readonly host: string;
  readonly port: number;
  readonly executorsTotal: number;
  readonly uptime: string;
  readonly componentNumTasks: Readonly<Record<string, number>>;
}

export interface TopologyPage {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly uptime: string;
  readonly workersTotal: number;
  readonly executorsTotal: number;
  readonly tasksTotal: number;
  readonly schedulerInfo: string | null;
  readonly msgTimeout: number;
  readonly debug: boolean;
  readonly topologyStats: readonly (Counts & { window: string; windowPretty: string; completeLatency: string })[];
  readonly spouts: readonly SpoutNumbers[];
  readonly bolts: readonly BoltNumbers[];
  readonly workers: readonly WorkerRow[];
  readonly configuration: Readonly<Record<string, unknown>>;
}

export interface StreamValue {
  readonly component_id?: string;
  readonly stream_id: string;
  readonly value: number;
}

export interface TopologyMetrics {
  readonly spouts: readonly { readonly id: string; readonly emitted: readonly StreamValue[] }[];
  readonly bolts: readonly {
    readonly id: string;
    readonly emitted: readonly StreamValue[];
    readonly executed: readonly StreamValue[];
  }[];
}

export type Visualization = Readonly<
  Record<
    string,
    {
      readonly ":type": "spout" | "bolt";
      readonly ":inputs": readonly {
        readonly ":component": string;
        readonly ":stream": string;
        readonly ":grouping": string;
      }[];
    }
  >
>;

interface WindowNumbers extends Counts {
  readonly window: string;
  readonly windowPretty: string;
  readonly completeLatency?: string;
  readonly executeLatency?: string;
  readonly processLatency?: string;
  readonly executed?: number;
  readonly capacity?: string;
}

export interface ExecutorRow extends Counts {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly uptime: string;
  readonly completeLatency?: string;
  readonly executeLatency?: string;
  readonly processLatency?: string;
  readonly executed?: number;
  readonly capacity?: string;
}

export interface ComponentPage {
  readonly id: string;
  readonly name: string;
  readonly componentType: "spout" | "bolt";
  readonly executors: number;
  readonly tasks: number;
  readonly topologyId: string;
  readonly spoutSummary?: readonly WindowNumbers[];
  readonly boltStats?: readonly WindowNumbers[];
  readonly inputStats?: readonly {
    readonly component: string;
    readonly stream: string;
    readonly executed: number;
    readonly acked: number;
    readonly failed: number;
    readonly executeLatency: string;
    readonly processLatency: string;
  }[];
  readonly outputStats: readonly { readonly stream: string; readonly emitted: number; readonly transferred: number }[];
  readonly executorStats: readonly ExecutorRow[];
  readonly componentErrors: readonly {
    readonly time: number;
    readonly error: string;
    readonly errorHost: string;
    readonly errorPort: number | null;
    readonly errorLapsedSecs: number;
  }[];
}

export interface Place {
  readonly host: string;
  readonly port: number;
}

interface PicturedTopology {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly slots: readonly Place[];
  readonly beating: readonly Place[];
}

export interface Picture {
  readonly leader: Place | null;
  readonly nimbuses: readonly Place[];
  readonly supervisors: readonly { readonly id: string; readonly host: string; readonly slots: number }[];
  readonly topologies: readonly PicturedTopology[];
}

/** One thing that happened; which fields it has depends on `event`. */
export interface Happening {
  readonly seq: number;
  readonly atMs: number;
  readonly event: string;
  readonly id?: string;
  readonly name?: string;
  readonly host?: string;
  readonly port?: number;
  readonly slots?: number;
  readonly status?: string;
  readonly from?: string;
  readonly component?: string;
  readonly error?: string;
  readonly messageId?: string;
  readonly values?: string;
  readonly place?: Place | null;
  readonly given?: readonly Place[];
  readonly taken?: readonly Place[];
}

/** Times: milliseconds since 1970, with fractions; null: not yet. */
export interface TreeTuple {
  readonly id: string;
  readonly anchors: readonly string[];
  readonly component: string;
  readonly toComponent: string;
  readonly toTask: number;
  readonly values: string;
  readonly worker: string | null;
  readonly emittedMs: number;
  readonly executedMs: number | null;
  readonly settled: "acked" | "failed" | null;
  readonly settledMs: number | null;
}

/** A tuple of a spout, and all that became of it. */
export interface TupleTree {
  readonly root: string;
  readonly component: string;
  readonly task: number;
  readonly messageId: string;
  readonly worker: string;
  readonly startMs: number;
  readonly end: "completed" | "given-up" | null;
  readonly endMs: number | null;
  readonly tuples: readonly TreeTuple[];
}

export interface LogRow {
  readonly host: string;
  readonly name: string;
  readonly isDaemon: boolean;
  readonly size: number;
  readonly modifiedMs: number;
}

export interface LogMatch {
  readonly byteOffset: number;
  readonly beforeString: string;
  readonly matchString: string;
  readonly afterString: string;
}

export interface Znode {
  readonly path: string;
  readonly children: readonly string[];
  readonly encoding: string;
  readonly data: unknown;
  readonly stat: Readonly<Record<string, string | number>>;
}

export interface Member {
  readonly server: string;
  readonly mode: string;
  readonly zxid: string | null;
  readonly connections: number | null;
}
