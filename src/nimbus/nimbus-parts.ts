/** What nimbus is made of, as its calls see it. */
import type { Runtime } from "../base/index.ts";
import type { StormConf } from "../conf/index.ts";
import type { BlacklistScheduler } from "../schedule/index.ts";
import type { ClusterState, NimbusInfo } from "../state/index.ts";
import type { BlobStore } from "./blobs/blob-store.ts";
import type { HeartbeatCache } from "./heartbeats.ts";
import type { TopologyHistory } from "./history.ts";
import type { Inbox } from "./inbox.ts";
import type { LeaderRole } from "./leader-role.ts";
import type { Scheduling } from "./scheduling/scheduling.ts";
import type { NimbusSettings } from "./settings.ts";
import type { Submissions } from "./submission.ts";
import type { TopologyActions } from "./topology-actions.ts";
import type { TopologyStore } from "./topology-store.ts";

export interface NimbusOptions {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  /** The machine's, for others to reach it by; `storm.local.hostname` goes before it. */
  readonly hostName: string;
  /** Owns the topologies: security is off, so everybody is the user whom nimbus runs as. */
  readonly user: string;
}

export interface NimbusParts {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly settings: NimbusSettings;
  readonly info: NimbusInfo;
  readonly state: ClusterState;
  readonly blobs: BlobStore;
  readonly store: TopologyStore;
  readonly inbox: Inbox;
  readonly heartbeats: HeartbeatCache;
  readonly leader: LeaderRole;
  readonly actions: TopologyActions;
  readonly submissions: Submissions;
  readonly scheduler: BlacklistScheduler;
  readonly scheduling: Scheduling;
  readonly history: TopologyHistory;
}

export function nowSecs({ runtime }: Pick<NimbusParts, "runtime">): number {
  return Math.floor(runtime.clock.nowMs() / 1000);
}
