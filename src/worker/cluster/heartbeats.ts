/**
 * The signs of life of a worker: each `worker.heartbeat.frequency.secs` a file for its supervisor to read, and a call to it,
 * or, while it does not answer, to nimbus.
 * Source: Worker.doHeartBeat of Storm 2.8.
 */
import { messageOf, type Runtime, type Timer } from "../../base/index.ts";
import { NimbusClient } from "../../client/index.ts";
import { listenHost, type StormConf } from "../../conf/index.ts";
import type { ExecutorRange } from "../../executor/index.ts";
import { connectThrift, type ThriftClient } from "../../rpc/index.ts";
import { LocalState, localStateKeys, type NodePlaces } from "../../state/index.ts";
import { type Assignment, LSWorkerHeartbeat, Supervisor } from "../../wire/thrift/index.ts";
import { infoOf } from "./executor-stats.ts";
import { ownHost, type WorkerSeat } from "./registration.ts";

export interface HeartbeatsOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly places: NodePlaces;
  readonly seat: WorkerSeat;
  /** Those that it runs; none as long as it does not know them. */
  readonly executors: () => readonly ExecutorRange[];
  /** The heartbeat could not be written, or the worker is not wanted any more: it has to end. */
  readonly failed: (error: unknown) => void;
  /** Whether the worker still has its place. */
  readonly check: () => Promise<void>;
}

/** A supervisor on the same machine answers at once, or is stuck. */
const answerMs = 2000;

export class Heartbeats {
  readonly #options: HeartbeatsOptions;
  readonly #file: LocalState;
  readonly #nimbus: NimbusClient;
  #supervisor: ThriftClient<typeof Supervisor.methods> | null = null;
  #timer: Timer | null = null;
  #beating: Promise<void> | null = null;
  #reporting: Promise<void> | null = null;
  #supervisorAnswers = true;
  #stopped = false;

  constructor(options: HeartbeatsOptions) {
    const { runtime, conf, places, seat } = options;
    this.#options = options;
    this.#file = new LocalState(runtime, places.workerHeartbeats(seat.workerId), { synced: false });
    this.#nimbus = new NimbusClient({ runtime, conf, retryTimes: 0 });
  }

  /** Whether the supervisor took the last one. */
  get supervisorAnswers(): boolean {
    return this.#supervisorAnswers;
  }

  /** The topology's assignment as the supervisor knows it, for want of ZooKeeper. Null: it does not know either, or does not answer. */
  async localAssignment(): Promise<Assignment | null> {
    const { seat, runtime } = this.#options;
    try {
      const { calls } = await this.#connected();
      return await calls.getLocalAssignmentForStorm({ id: seat.topologyId }, { timeoutMs: answerMs });
    } catch (error) {
      runtime.log.debug(`The supervisor tells no assignment: ${messageOf(error)}`);
      return null;
    }
  }

  /** The first one is written when it resolves. */
  async start(): Promise<void> {
    const { runtime, conf } = this.#options;
    await this.#write();
    const everyMs = conf.number("worker.heartbeat.frequency.secs") * 1000;
    this.#report();
    this.#timer = runtime.timers.every(everyMs, () => this.beat());
  }

  /** One at a time: a disk that is slower than the frequency gets fewer. */
  beat(): void {
    if (this.#beating !== null || this.#stopped) return;
    this.#beating = this.#write()
      .catch((error: unknown) => {
        if (!this.#stopped) this.#options.failed(error);
      })
      .finally(() => {
        this.#beating = null;
      });
    this.#report();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#beating;
    await this.#supervisor?.close();
    await this.#nimbus.close();
    await this.#reporting;
  }

  async #write(): Promise<void> {
    await this.#options.check();
    const { port } = this.#options.seat;
    await this.#file.put(localStateKeys.workerHeartbeat, LSWorkerHeartbeat, { ...this.#beatNow(), port });
  }

  #report(): void {
    if (this.#reporting !== null) return;
    this.#reporting = this.#tell().finally(() => {
      this.#reporting = null;
    });
  }

  async #tell(): Promise<void> {
    const { topology_id: storm_id, executors, time_secs } = this.#beatNow();
    const heartbeat = { storm_id, executors, time_secs };
    try {
      await (await this.#connected()).calls.sendSupervisorWorkerHeartbeat({ heartbeat }, { timeoutMs: answerMs });
      this.#supervisorAnswers = true;
    } catch (error) {
      if (this.#stopped) return;
      this.#say("Exception when send heartbeat to local supervisor", error);
      this.#supervisorAnswers = false;
      await this.#supervisor?.close();
      this.#supervisor = null;
      await this.#nimbus.calls
        .sendSupervisorWorkerHeartbeat({ heatbeat: heartbeat }, { timeoutMs: answerMs })
        .catch((other: unknown) => {
          if (this.#stopped) return;
          this.#options.runtime.log.debug(`Exception when send heartbeat to master: ${messageOf(other)}`);
          return this.#nimbus.lookAgain();
        });
    }
  }

  /** Storm says it every second; once for each time that the supervisor goes is enough. */
  #say(words: string, error: unknown): void {
    if (this.#supervisorAnswers) this.#options.runtime.log.warn(`${words}: ${messageOf(error)}`);
  }

  async #connected(): Promise<ThriftClient<typeof Supervisor.methods>> {
    if (this.#supervisor?.isOpen === true) return this.#supervisor;
    const { runtime, conf } = this.#options;
    const host = listenHost(ownHost(conf) ?? "") ?? "127.0.0.1";
    const port = conf.number("supervisor.thrift.port");
    this.#supervisor = await connectThrift({ runtime, host, port, service: Supervisor, connectTimeoutMs: answerMs });
    return this.#supervisor;
  }

  #beatNow() {
    const { runtime, seat, executors } = this.#options;
    return {
      time_secs: Math.floor(runtime.clock.nowMs() / 1000),
      topology_id: seat.topologyId,
      executors: executors().map(infoOf),
    };
  }
}
