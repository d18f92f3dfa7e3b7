/** What the ui daemon answers, as far as its clients read it; `test/unit/ui/client-types.test.ts` holds it to what is promised. */

export interface UiClusterSummary {
  readonly stormVersion: string;
  readonly supervisors: number;
  readonly topologies: number;
  readonly slotsTotal: number;
  readonly slotsUsed: number;
  readonly slotsFree: number;
  readonly executorsTotal: number;
  readonly tasksTotal: number;
}

export interface UiNimbuses {
  readonly nimbuses: readonly {
    readonly host: string;
    readonly port: number | string;
    readonly status: "Leader" | "Not a Leader" | "Offline";
    readonly nimbusUpTime: string;
    readonly version: string;
  }[];
}

export interface UiSupervisors {
  readonly supervisors: readonly {
    readonly id: string;
    readonly host: string;
    readonly uptime: string;
    readonly slotsTotal: number;
    readonly slotsUsed: number;
    readonly blacklisted: boolean;
  }[];
}

export interface UiTopologySummary {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly uptime: string;
  readonly uptimeSeconds: number;
  readonly workersTotal: number;
  readonly executorsTotal: number;
  readonly tasksTotal: number;
  /** What the scheduler says of it. */
  readonly schedulerInfo: string | null;
}

export interface UiCounts {
  readonly emitted: number;
  readonly transferred: number;
  readonly acked: number;
  readonly failed: number;
}

interface ComponentNumbers extends UiCounts {
  readonly executors: number;
  readonly tasks: number;
  readonly lastError: string;
  readonly errorLapsedSecs: number | null;
}

export interface UiSpoutNumbers extends ComponentNumbers {
  readonly spoutId: string;
  readonly completeLatency: string;
}

export interface UiBoltNumbers extends ComponentNumbers {
  readonly boltId: string;
  readonly capacity: string;
  readonly executeLatency: string;
  readonly processLatency: string;
  readonly executed: number;
}

export interface UiWorker {
  readonly host: string;
  readonly port: number;
  readonly executorsTotal: number;
  readonly uptime: string;
  readonly uptimeSeconds: number;
  readonly componentNumTasks: Readonly<Record<string, number>>;
}

export interface UiTopology extends UiTopologySummary {
  /** Seconds. */
  readonly msgTimeout: number;
  readonly debug: boolean;
  readonly topologyStats: readonly (UiCounts & {
    readonly window: string;
    readonly windowPretty: string;
    readonly completeLatency: string;
  })[];
  readonly spouts: readonly UiSpoutNumbers[];
  readonly bolts: readonly UiBoltNumbers[];
  readonly workers: readonly UiWorker[];
}

export interface UiStreamValue {
  readonly stream_id: string;
  readonly value: number;
}

export interface UiTopologyMetrics {
  readonly spouts: readonly { readonly id: string; readonly emitted: readonly UiStreamValue[] }[];
  readonly bolts: readonly {
    readonly id: string;
    readonly emitted: readonly UiStreamValue[];
    readonly executed: readonly (UiStreamValue & { readonly component_id: string })[];
  }[];
}

/** By component. */
export type UiGraph = Readonly<
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

interface Latencies {
  readonly completeLatency?: string | undefined;
  readonly executeLatency?: string | undefined;
  readonly processLatency?: string | undefined;
  readonly executed?: number | undefined;
  readonly capacity?: string | undefined;
}

export interface UiWindow extends UiCounts, Latencies {
  readonly window: string;
  readonly windowPretty: string;
}

export interface UiExecutor extends UiCounts, Latencies {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly uptime: string;
}

export interface UiComponent {
  readonly id: string;
  readonly name: string;
  readonly componentType: "spout" | "bolt";
  readonly executors: number;
  readonly tasks: number;
  readonly topologyId: string;
  readonly spoutSummary?: readonly UiWindow[] | undefined;
  readonly boltStats?: readonly UiWindow[] | undefined;
  readonly executorStats: readonly UiExecutor[];
  readonly componentErrors: readonly {
    /** Milliseconds since 1970. */
    readonly time: number;
    readonly error: string;
    readonly errorHost: string;
    readonly errorPort: number | null;
    readonly errorLapsedSecs: number;
  }[];
}

export interface UiEnsemble {
  readonly members: readonly {
    readonly server: string;
    /** `leader`, `follower`, `observer`, `standalone`, `not serving`; `no answer`. */
    readonly mode: string;
    readonly zxid: string | null;
    readonly connections: number | null;
  }[];
}

export interface UiZnode {
  readonly path: string;
  readonly children: readonly string[];
  readonly encoding: string;
  readonly data: unknown;
  readonly stat: Readonly<Record<string, string | number>>;
}

export interface UiLogs {
  readonly logs: readonly {
    readonly host: string;
    readonly name: string;
    readonly isDaemon: boolean;
    readonly size: number;
    readonly modifiedMs: number;
  }[];
}

/** By path under `/api/v1/`. */
export interface UiAnswers {
  readonly "cluster/summary": UiClusterSummary;
  readonly "nimbus/summary": UiNimbuses;
  readonly "supervisor/summary": UiSupervisors;
  readonly "topology/summary": { readonly topologies: readonly UiTopologySummary[] };
  readonly "storm-lab/ensemble": UiEnsemble;
  readonly "storm-lab/logs": UiLogs;
  readonly "storm-lab/znode": { readonly znode: UiZnode | null };
  readonly "storm-lab/happenings": { readonly happenings: readonly UiHappening[] };
}

export interface UiPlace {
  readonly host: string;
  readonly port: number;
}

/** One thing that happened on the cluster; which fields it has depends on `event` (docs/ui.md). */
export interface UiHappening {
  readonly seq: number;
  readonly atMs: number;
  readonly event: string;
  readonly id?: string;
  readonly name?: string;
  readonly host?: string;
  readonly port?: number;
  readonly slots?: number;
  readonly workers?: number;
  readonly executors?: number;
  readonly status?: string;
  readonly from?: string;
  readonly component?: string;
  readonly error?: string;
  readonly place?: UiPlace | null;
  readonly given?: readonly UiPlace[];
  readonly taken?: readonly UiPlace[];
}
