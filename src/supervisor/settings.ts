/** What a supervisor reads of its configuration, once, at its start. */
import { type MetricsPlace, metricsPlace, type StormConf } from "../conf/index.ts";

export interface SupervisorSettings {
  /** What others call this machine. */
  readonly host: string;
  readonly thriftPort: number;
  readonly thriftFrameBytesMax: number;
  /** Null: nowhere. */
  readonly metrics: MetricsPlace | null;
  readonly slotPorts: readonly number[];
  readonly localDir: string;
  readonly logDir: string;
  readonly heartbeatMs: number;
  readonly workerHeartbeatMs: number;
  readonly monitorMs: number;
  readonly workerTimeoutMs: number;
  readonly updateBlobMs: number;
  readonly workerTimeoutMsMax: number;
  readonly startTimeoutMs: number;
  readonly shutdownMs: number;
  /** False: starts no workers. */
  readonly enabled: boolean;
  readonly resources: ReadonlyMap<string, number>;
  readonly schedulerMeta: ReadonlyMap<string, string>;
  readonly healthCheckDir: string;
  readonly healthCheckTimeoutMs: number;
}

const secondMs = 1000;

/** `hostName`: the machine's, where storm.local.hostname is not set. Paths of the conf are relative to the working folder. */
export function supervisorSettings(conf: StormConf, hostName: string): SupervisorSettings {
  const ms = (key: string) => conf.number(key) * secondMs;
  const further = conf.get("supervisor.resources.map") as Readonly<Record<string, number>>;
  const meta = conf.get("supervisor.scheduler.meta") as Readonly<Record<string, unknown>>;
  return {
    host: conf.optional((c) => c.text("storm.local.hostname"), "storm.local.hostname") ?? hostName,
    thriftPort: conf.number("supervisor.thrift.port"),
    thriftFrameBytesMax: conf.number("supervisor.thrift.max_buffer_size"),
    metrics: metricsPlace(conf, "storm-lab.supervisor.metrics.port"),
    slotPorts: conf.numbers("supervisor.slots.ports"),
    localDir: conf.text("storm.local.dir"),
    logDir: conf.text("storm.log.dir"),
    heartbeatMs: ms("supervisor.heartbeat.frequency.secs"),
    workerHeartbeatMs: ms("worker.heartbeat.frequency.secs"),
    monitorMs: ms("supervisor.monitor.frequency.secs"),
    workerTimeoutMs: ms("supervisor.worker.timeout.secs"),
    workerTimeoutMsMax: ms("worker.max.timeout.secs"),
    updateBlobMs: ms("supervisor.localizer.update.blob.interval.secs"),
    startTimeoutMs: ms("supervisor.worker.start.timeout.secs"),
    shutdownMs: ms("supervisor.worker.shutdown.sleep.secs"),
    enabled: conf.flag("supervisor.enable"),
    resources: new Map([
      ["supervisor.memory.capacity.mb", conf.number("supervisor.memory.capacity.mb")],
      ["supervisor.cpu.capacity", conf.number("supervisor.cpu.capacity")],
      ...Object.entries(further).map(([name, amount]): [string, number] => [name, Number(amount)]),
    ]),
    schedulerMeta: new Map(Object.entries(meta).map(([key, value]) => [key, String(value)])),
    healthCheckDir: conf.text("storm.health.check.dir"),
    healthCheckTimeoutMs: conf.number("storm.health.check.timeout.ms"),
  };
}
