/**
 * What a node keeps of each worker that it launched, `workers/<worker id>/` as in Storm: `pids/<pid>` (in it what tells the process from a
 * later one with that id), `heartbeats/` written by the worker, `port`, `topology`.
 */
import { FsError, type Runtime } from "../base/index.ts";
import { LocalState } from "../state/index.ts";
import { LSWorkerHeartbeat } from "../wire/thrift/index.ts";

export interface WorkerPid {
  readonly pid: number;
  readonly identity: string;
}

/** Storm's key in a worker's heartbeat files. */
const heartbeatKey = "worker-heartbeat";

export class WorkerFiles {
  readonly #runtime: Runtime;
  readonly #root: string;

  constructor(runtime: Runtime, localDir: string) {
    this.#runtime = runtime;
    this.#root = `${localDir}/workers`;
  }

  /** Worker ids. */
  list(): Promise<string[]> {
    return this.#names(this.#root);
  }

  async prepare(workerId: string, port: number, topologyId: string): Promise<void> {
    const { fs } = this.#runtime;
    const home = this.#home(workerId);
    for (const name of ["pids", "heartbeats", "tmp"]) await fs.makeDirectory(`${home}/${name}`);
    await fs.writeFile(`${home}/port`, Buffer.from(`${port}\n`));
    await fs.writeFile(`${home}/topology`, Buffer.from(`${topologyId}\n`));
  }

  async port(workerId: string): Promise<number | null> {
    const text = await this.#text(`${this.#home(workerId)}/port`);
    return text === null ? null : Number(text);
  }

  async recordPid(workerId: string, pid: number): Promise<void> {
    const identity = this.#runtime.processes.identity(pid);
    if (identity === null) return;
    await this.#runtime.fs.writeFile(`${this.#home(workerId)}/pids/${pid}`, Buffer.from(identity));
  }

  /** Its processes that run. */
  async running(workerId: string): Promise<WorkerPid[]> {
    const folder = `${this.#home(workerId)}/pids`;
    const found: WorkerPid[] = [];
    for (const name of await this.#names(folder)) {
      const pid = Number(name);
      const identity = ((await this.#text(`${folder}/${name}`)) ?? "").trim();
      if (identity !== "" && this.#runtime.processes.identity(pid) === identity) found.push({ pid, identity });
    }
    return found;
  }

  /** It has said at some time which process it is. */
  async hasRecord(workerId: string): Promise<boolean> {
    return (await this.#names(`${this.#home(workerId)}/pids`)).length > 0;
  }

  /** Null: none yet, or none that can be read. */
  heartbeat(workerId: string): Promise<LSWorkerHeartbeat | null> {
    return new LocalState(this.#runtime, `${this.#home(workerId)}/heartbeats`).get(heartbeatKey, LSWorkerHeartbeat);
  }

  remove(workerId: string): Promise<void> {
    return this.#runtime.fs.remove(this.#home(workerId));
  }

  #home(workerId: string): string {
    return `${this.#root}/${workerId}`;
  }

  async #names(folder: string): Promise<string[]> {
    try {
      return await this.#runtime.fs.list(folder);
    } catch (error) {
      if (error instanceof FsError && error.code === "ENOENT") return [];
      throw error;
    }
  }

  async #text(path: string): Promise<string | null> {
    try {
      return new TextDecoder().decode(await this.#runtime.fs.readFile(path)).trim();
    } catch (error) {
      if (error instanceof FsError && error.code === "ENOENT") return null;
      throw error;
    }
  }
}
