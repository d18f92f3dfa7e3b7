/** What storm.yaml says on the nodes of a simulated cluster. */
import { StormConf } from "../conf/index.ts";

export interface Pace {
  readonly conf: Readonly<Record<string, unknown>>;
  /** Of the ZooKeeper servers: sessions last 2 to 20 of them. */
  readonly tickMs: number;
  /** Within this time after the last fault everything must be right again, what is left of killed topologies swept away. */
  readonly convergeMsMax: number;
  /** It must have been right for so long: longer than nimbus waits for the first sign of a worker. */
  readonly stayMs: number;
  /** A worker of a topology that is no more must have ended within this time, unless its node has trouble of its own. */
  readonly goneMsMax: number;
}

/** Slots of each node. */
export const slotPorts = [6700, 6701, 6702, 6703] as const;
/** Beyond this many nodes daemons beat and poll every ten seconds: what all of them do all the time is most of a simulation's work. */
const classroomNodesMax = 100;

/** The classroom's, as `pace: classroom` of cluster.yaml has it. */
const classroom: Pace = {
  conf: {
    "storm.zookeeper.session.timeout": 4000,
    "storm.zookeeper.connection.timeout": 3000,
    // Storm's ten minutes are a long time to wait for an answer over a connection that a partition has made a hole of.
    "storm.thrift.socket.timeout.ms": 20_000,
    "nimbus.monitor.freq.secs": 1,
    "nimbus.task.timeout.secs": 5,
    "nimbus.supervisor.timeout.secs": 5,
    "nimbus.task.launch.secs": 15,
    "nimbus.code.sync.freq.secs": 5,
    "nimbus.topology.blobstore.deletion.delay.ms": 10_000,
    "supervisor.heartbeat.frequency.secs": 1,
    "supervisor.monitor.frequency.secs": 1,
    "supervisor.worker.timeout.secs": 5,
    "supervisor.worker.start.timeout.secs": 15,
    "supervisor.worker.shutdown.sleep.secs": 1,
    "executor.metrics.frequency.secs": 2,
    "task.refresh.poll.secs": 2,
  },
  tickMs: 500,
  convergeMsMax: 120_000,
  stayMs: 20_000,
  goneMsMax: 30_000,
};

/** Watches and pushes still tell at once; only what is found out by silence takes longer. */
const large: Pace = {
  conf: {
    ...classroom.conf,
    "storm.zookeeper.session.timeout": 10_000,
    "nimbus.monitor.freq.secs": 5,
    "nimbus.task.timeout.secs": 15,
    "nimbus.supervisor.timeout.secs": 15,
    "supervisor.heartbeat.frequency.secs": 10,
    "supervisor.monitor.frequency.secs": 10,
    "supervisor.worker.timeout.secs": 15,
    "worker.heartbeat.frequency.secs": 5,
    "executor.metrics.frequency.secs": 10,
    "task.refresh.poll.secs": 10,
  },
  tickMs: 1000,
  convergeMsMax: 180_000,
  stayMs: 20_000,
  goneMsMax: 60_000,
};

export function paceFor(nodes: number): Pace {
  return nodes <= classroomNodesMax ? classroom : large;
}

export interface ConfParts {
  readonly pace: Pace;
  readonly zooKeepers: readonly string[];
  readonly nimbuses: readonly string[];
  /** The machine's own name. */
  readonly host: string;
}

export function nodeConf({ pace, zooKeepers, nimbuses, host }: ConfParts): StormConf {
  return new StormConf({
    ...pace.conf,
    "storm.zookeeper.servers": zooKeepers,
    "nimbus.seeds": nimbuses,
    "storm.local.hostname": host,
    "storm.local.dir": "/storm-local",
    "storm.log.dir": "/logs",
    "supervisor.slots.ports": [...slotPorts],
  });
}
