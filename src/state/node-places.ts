/**
 * Where a node keeps what on its own disk: Storm's folders. Two daemons write there, supervisor and worker, and people and commands
 * look there, so the names are in one place. Source: ConfigUtils and ServerConfigUtils of Storm 2.8.
 */

/** Keys of LocalState. Source: LocalState of Storm 2.8. */
export const localStateKeys = {
  supervisorId: "supervisor-id",
  assignments: "local-assignments",
  approvedWorkers: "approved-workers",
  workerHeartbeat: "worker-heartbeat",
} as const;

/** Paths; nothing is made here. */
export class NodePlaces {
  /** `storm.local.dir`. */
  readonly local: string;
  /** `storm.log.dir`. */
  readonly logs: string;

  constructor(local: string, logs: string) {
    this.local = trimmed(local);
    this.logs = trimmed(logs);
  }

  get supervisorState(): string {
    return `${this.local}/supervisor/localstate`;
  }

  /** What is not complete; emptied at each start. */
  get supervisorTmp(): string {
    return `${this.local}/supervisor/tmp`;
  }

  get stormDists(): string {
    return `${this.local}/supervisor/stormdist`;
  }

  /** Code and conf of a topology, complete when it is there. */
  stormDist(topologyId: string): string {
    return `${this.stormDists}/${topologyId}`;
  }

  get workers(): string {
    return `${this.local}/workers`;
  }

  /** One life of one worker. */
  worker(workerId: string): string {
    return `${this.workers}/${workerId}`;
  }

  /** A file for each process of the worker, named by its id; it holds the process's identity. */
  workerPids(workerId: string): string {
    return `${this.worker(workerId)}/pids`;
  }

  workerPort(workerId: string): string {
    return `${this.worker(workerId)}/port`;
  }

  workerTopology(workerId: string): string {
    return `${this.worker(workerId)}/topology`;
  }

  /** The conf with which its supervisor started it. */
  workerConf(workerId: string): string {
    return `${this.worker(workerId)}/storm.yaml`;
  }

  /** A LocalState. */
  workerHeartbeats(workerId: string): string {
    return `${this.worker(workerId)}/heartbeats`;
  }

  /** Logs of whichever worker has the slot. */
  artifacts(topologyId: string, port: number): string {
    return `${this.logs}/workers-artifacts/${topologyId}/${port}`;
  }
}

/** What lies in `stormDist`. */
export const stormDistFiles = {
  jar: "stormjar.jar",
  code: "stormcode.ser",
  conf: "stormconf.ser",
} as const;

function trimmed(folder: string): string {
  return folder.length > 1 ? folder.replace(/\/+$/, "") : folder;
}
