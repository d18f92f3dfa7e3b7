/** Starts worker processes, finds them again after this supervisor's own restart, ends them. */
import type { Child, Runtime } from "../base/index.ts";
import { type LocalState, newUuid } from "../state/index.ts";
import { type LocalAssignment, LSApprovedWorkers } from "../wire/thrift/index.ts";
import { readTopologyConf } from "./topology-conf.ts";
import type { WorkerFiles, WorkerPid } from "./worker-files.ts";

export interface LauncherOptions {
  readonly supervisorId: string;
  /** storm.log.dir. */
  readonly logDir: string;
  /** After the words that name the worker: its configuration, such as `--config FILE`. */
  readonly workerArgs: readonly string[];
}

export interface LaunchedWorker {
  readonly workerId: string;
  /** Resolves when its process has ended. */
  readonly ended: Promise<void>;
}

/** Storm's key of the worker ids that this supervisor has launched, with their ports. */
const approvedKey = "approved-workers";

export class WorkerLauncher {
  readonly #runtime: Runtime;
  readonly #files: WorkerFiles;
  readonly #localState: LocalState;
  readonly #options: LauncherOptions;
  #approved = new Map<string, number>();

  constructor(runtime: Runtime, files: WorkerFiles, localState: LocalState, options: LauncherOptions) {
    this.#runtime = runtime;
    this.#files = files;
    this.#localState = localState;
    this.#options = options;
  }

  /** Worker ids with their ports, of the supervisor's last life: those that it had launched and not buried. */
  async open(): Promise<ReadonlyMap<string, number>> {
    const saved = await this.#localState.get(approvedKey, LSApprovedWorkers);
    this.#approved = new Map(saved?.approved_workers);
    // A folder without approval is of a launch that never came to its process.
    for (const workerId of await this.#files.list()) {
      const port = await this.#files.port(workerId);
      if (!this.#approved.has(workerId) && port !== null) this.#approved.set(workerId, port);
    }
    return new Map(this.#approved);
  }

  /** Approved first, so that a supervisor that dies in the middle finds it again. */
  async launch(port: number, assignment: LocalAssignment, codeDirectory: string): Promise<LaunchedWorker> {
    const { fs, processes, log, random } = this.#runtime;
    const { supervisorId, logDir, workerArgs } = this.#options;
    const workerId = newUuid(random);
    const topologyId = assignment.topology_id;
    await this.#approve(workerId, port);
    await this.#files.prepare(workerId, port, topologyId);
    const artifacts = `${logDir}/workers-artifacts/${topologyId}/${port}`;
    await fs.makeDirectory(artifacts);
    const env = await this.#environment(codeDirectory);
    log.info(
      `Launching worker with assignment ${topologyId} for this supervisor ${supervisorId} on port ${port} with id ${workerId}`,
    );
    const child: Child = await processes.spawn({
      program: "storm-lab",
      args: ["worker", topologyId, supervisorId, String(port), workerId, ...workerArgs],
      env,
      detached: true,
      output: { stdout: `${artifacts}/worker.log.out`, stderr: `${artifacts}/worker.log.err` },
    });
    await this.#files.recordPid(workerId, child.pid);
    return { workerId, ended: child.exited.then(({ code, signal }) => this.#ended(workerId, port, code, signal)) };
  }

  async terminate(workerId: string): Promise<void> {
    this.#signal(await this.#files.running(workerId), "SIGTERM");
  }

  async kill(workerId: string): Promise<void> {
    this.#signal(await this.#files.running(workerId), "SIGKILL");
  }

  /** Its process has ended. */
  async bury(workerId: string): Promise<void> {
    await this.#files.remove(workerId);
    this.#approved.delete(workerId);
    await this.#save();
  }

  async #approve(workerId: string, port: number): Promise<void> {
    this.#approved.set(workerId, port);
    await this.#save();
  }

  #save(): Promise<void> {
    return this.#localState.put(approvedKey, LSApprovedWorkers, { approved_workers: new Map(this.#approved) });
  }

  #signal(pids: readonly WorkerPid[], signal: "SIGTERM" | "SIGKILL"): void {
    for (const { pid } of pids) {
      this.#runtime.processes.signal(pid, signal);
      // A frozen process sees SIGTERM only when it goes on.
      this.#runtime.processes.signal(pid, "SIGCONT");
    }
  }

  #ended(workerId: string, port: number, code: number | null, signal: string | null): void {
    this.#runtime.log.info(`Worker process ${workerId} on port ${port} exited with ${signal ?? `code: ${code}`}`);
  }

  async #environment(codeDirectory: string): Promise<Record<string, string>> {
    const conf = await readTopologyConf(this.#runtime, codeDirectory);
    const wanted = (conf["topology.environment"] ?? {}) as Readonly<Record<string, unknown>>;
    return Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, String(value)]));
  }
}
