/** What nimbus reads of storm.yaml, once, at its start. Times in ms where a timer takes them. */
import { type MetricsPlace, metricsPlace, type StormConf } from "../conf/index.ts";

export interface NimbusSettings {
  readonly port: number;
  /** Null: nowhere. */
  readonly metrics: MetricsPlace | null;
  readonly maxFrameBytes: number;
  readonly localDirectory: string;
  readonly sessionTimeoutMs: number;
  /** How long a request waits for ZooKeeper. */
  readonly patienceMs: number;
  readonly monitorMs: number;
  readonly taskTimeoutSecs: number;
  readonly taskLaunchSecs: number;
  readonly codeSyncMs: number;
  readonly fileExpiryMs: number;
  readonly inboxCleanMs: number;
  readonly inboxExpirationMs: number;
  readonly blobDeletionDelayMs: number;
  readonly messageTimeoutSecs: number;
  /** How long topologies stay in the history. */
  readonly historyMs: number;
}

export function readSettings(conf: StormConf): NimbusSettings {
  const ms = (key: string) => conf.number(key) * 1000;
  return {
    port: conf.number("nimbus.thrift.port"),
    metrics: metricsPlace(conf, "storm-lab.nimbus.metrics.port"),
    maxFrameBytes: conf.number("nimbus.thrift.max_buffer_size"),
    localDirectory: conf.text("storm.local.dir").replace(/\/+$/, ""),
    sessionTimeoutMs: conf.number("storm.zookeeper.session.timeout"),
    patienceMs: conf.number("storm.zookeeper.connection.timeout"),
    monitorMs: ms("nimbus.monitor.freq.secs"),
    taskTimeoutSecs: conf.number("nimbus.task.timeout.secs"),
    taskLaunchSecs: conf.number("nimbus.task.launch.secs"),
    codeSyncMs: ms("nimbus.code.sync.freq.secs"),
    fileExpiryMs: ms("nimbus.file.copy.expiration.secs"),
    inboxCleanMs: ms("nimbus.cleanup.inbox.freq.secs"),
    inboxExpirationMs: ms("nimbus.inbox.jar.expiration.secs"),
    blobDeletionDelayMs: conf.number("nimbus.topology.blobstore.deletion.delay.ms"),
    messageTimeoutSecs: conf.number("topology.message.timeout.secs"),
    historyMs: conf.number("logviewer.cleanup.age.mins") * 60_000,
  };
}
