/** What a worker follows in ZooKeeper: its assignment, its topology's status, and the log levels that somebody asks for. */
import type { Runtime } from "../../base/index.ts";
import type { StormConf } from "../../conf/index.ts";
import { type ClusterState, type Following, follow } from "../../state/index.ts";
import type { Assignment, LogConfig, StormBase } from "../../wire/thrift/index.ts";
import type { WorkerSeat } from "./registration.ts";

export interface FollowingOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly state: ClusterState;
  readonly seat: WorkerSeat;
  /** Null: there is none. Each of these is called at least every poll, changed or not. */
  readonly assignment: (assignment: Assignment | null) => void;
  /** Null: the topology is gone. */
  readonly base: (base: StormBase | null) => void;
  readonly logConfig: (config: LogConfig | null) => void;
}

export function followCluster(options: FollowingOptions): Following {
  const { runtime, conf, state, seat } = options;
  const id = seat.topologyId;
  const pollMs = conf.number("task.refresh.poll.secs") * 1000;
  const parts = [
    follow(runtime, {
      name: `the assignment of ${id}`,
      read: (watch) => state.assignment(id, watch),
      pollMs,
      onValue: options.assignment,
    }),
    follow(runtime, {
      name: `the status of ${id}`,
      read: (watch) => state.storm(id, watch),
      pollMs,
      onValue: options.base,
    }),
    follow(runtime, {
      name: `the log levels of ${id}`,
      read: (watch) => state.logConfig(id, watch),
      pollMs: conf.number("worker.log.level.reset.poll.secs") * 1000,
      onValue: options.logConfig,
    }),
  ];
  return {
    refresh: () => {
      for (const part of parts) part.refresh();
    },
    stop: () => {
      for (const part of parts) part.stop();
    },
  };
}
