/** What the ui daemon reads of storm.yaml, once, at its start. */
import { listenHost, type StormConf } from "../conf/index.ts";
import type { CleanerSettings } from "../logviewer/index.ts";
import type { GuardSettings } from "./guard.ts";

export interface UiSettings {
  /** Null: every address of the machine. */
  readonly host: string | null;
  readonly port: number;
  /** Null: logs are served on `port` alone. */
  readonly logviewerPort: number | null;
  /** Of the cluster all of whose logs are served; null: only `ownLogs`. */
  readonly clusterFolder: string | null;
  /** Of this node: its name and its folder of logs. */
  readonly ownLogs: { readonly host: string; readonly folder: string };
  /** Of this node: where its supervisor and its workers say what lives. */
  readonly localDir: string;
  /** Then a worker's heartbeat no longer counts. */
  readonly workerSilentMs: number;
  readonly cleaner: CleanerSettings;
  readonly sessionTimeoutMs: number;
  readonly patienceMs: number;
  readonly guard: GuardSettings;
}

export function readSettings(conf: StormConf): UiSettings {
  const name = conf.text("ui.host");
  const own = conf.get("storm.local.hostname");
  const token = conf.get("storm-lab.ui.token");
  const clusterFolder = conf.get("storm-lab.logviewer.cluster.dir");
  const logviewerPort = conf.number("logviewer.port");
  const host = name === "0.0.0.0" || name === "::" ? null : (listenHost(name) ?? name);
  return {
    host,
    port: conf.number("ui.port"),
    logviewerPort: logviewerPort === -1 ? null : logviewerPort,
    clusterFolder: typeof clusterFolder === "string" ? clusterFolder : null,
    ownLogs: { host: typeof own === "string" ? own : "localhost", folder: conf.text("storm.log.dir") },
    localDir: conf.text("storm.local.dir"),
    workerSilentMs: conf.number("supervisor.worker.timeout.secs") * 1000,
    cleaner: cleanerSettings(conf),
    sessionTimeoutMs: conf.number("storm.zookeeper.session.timeout"),
    patienceMs: conf.number("storm.zookeeper.connection.timeout"),
    guard: {
      names: [name, own].flatMap((each) => (typeof each === "string" ? [each.toLowerCase()] : [])),
      actionsEnabled: conf.flag("ui.actions.enabled"),
      isOpen: host === null || listenHost(host) === null,
      token: typeof token === "string" ? token : null,
    },
  };
}

function cleanerSettings(conf: StormConf): CleanerSettings {
  const bytes = (key: string): number => conf.number(key) * 1024 * 1024;
  const intervalSecs = conf.get("logviewer.cleanup.interval.secs");
  return {
    intervalMs: typeof intervalSecs === "number" ? intervalSecs * 1000 : null,
    ageMs: conf.number("logviewer.cleanup.age.mins") * 60_000,
    sumBytesMax: bytes("logviewer.max.sum.worker.logs.size.mb"),
    perWorkerBytesMax: bytes("logviewer.max.per.worker.logs.size.mb"),
  };
}
