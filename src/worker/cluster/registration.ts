/**
 * A worker's place on its node's disk. The supervisor makes the folder before it starts the process, and removes it when it gives
 * the worker up: a process that finds its place gone was given up and ends, even if it was started a moment before its supervisor died.
 */
import { exitCodes, FsError, type Runtime, StormLabError } from "../../base/index.ts";
import type { StormConf } from "../../conf/index.ts";
import type { NodePlaces } from "../../state/index.ts";

export interface WorkerSeat {
  readonly topologyId: string;
  /** The supervisor's id. */
  readonly node: string;
  readonly port: number;
  readonly workerId: string;
}

/** What this node is called by its conf; null: by the machine's own name. */
export function ownHost(conf: StormConf): string | null {
  const name = conf.get("storm.local.hostname");
  return typeof name === "string" ? name : null;
}

export class Registration {
  readonly #runtime: Runtime;
  readonly #pidFile: string;

  private constructor(runtime: Runtime, pidFile: string) {
    this.#runtime = runtime;
    this.#pidFile = pidFile;
  }

  /** Writes the pid file, and `worker.pid` among the logs. Rejects with SL-WORKER-UNWANTED. */
  static async enter(runtime: Runtime, places: NodePlaces, seat: WorkerSeat): Promise<Registration> {
    const { pid } = runtime.processes;
    const pidFile = `${places.workerPids(seat.workerId)}/${pid}`;
    const identity = runtime.processes.identity(pid) ?? "ended";
    try {
      await runtime.fs.writeFile(pidFile, Buffer.from(identity));
    } catch (error) {
      if (error instanceof FsError && error.code === "ENOENT") throw unwanted(seat);
      throw error;
    }
    const artifacts = places.artifacts(seat.topologyId, seat.port);
    await runtime.fs.makeDirectory(artifacts);
    await runtime.fs.writeFile(`${artifacts}/worker.pid`, Buffer.from(`${pid}`));
    await runtime.fs.writeFile(`${artifacts}/worker.yaml`, Buffer.from(workerYaml(seat)));
    return new Registration(runtime, pidFile);
  }

  async stands(): Promise<boolean> {
    return (await this.#runtime.fs.stat(this.#pidFile)) !== null;
  }
}

/** For whoever looks at the logs: whose they are. */
function workerYaml({ topologyId, node, port, workerId }: WorkerSeat): string {
  const values = { "topology.id": topologyId, "supervisor.id": node, "worker.port": port, "worker-id": workerId };
  return Object.entries(values)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join("");
}

export function unwanted({ workerId, topologyId, port }: WorkerSeat): StormLabError {
  return new StormLabError({
    code: "SL-WORKER-UNWANTED",
    what: `worker ${workerId} of ${topologyId} on port ${port} has no place under storm.local.dir`,
    why: "its supervisor has given it up, or it was started by hand",
    hint: "nothing to do: the supervisor starts the workers that the assignment wants",
    exitCode: exitCodes.conflict,
  });
}
