/** Puts the parts of a nimbus together. */
import { BlacklistScheduler, blacklistRules, schedulerOf } from "../schedule/index.ts";
import { type ClusterState, type NimbusInfo, nimbusInfoText, stormVersion } from "../state/index.ts";
import { BlobFiles } from "./blobs/blob-files.ts";
import { BlobStore } from "./blobs/blob-store.ts";
import { numberOf } from "./conf-values.ts";
import { HeartbeatCache } from "./heartbeats.ts";
import { TopologyHistory } from "./history.ts";
import { Inbox } from "./inbox.ts";
import type { LeaderRole } from "./leader-role.ts";
import type { NimbusOptions, NimbusParts } from "./nimbus-parts.ts";
import { updateTopology } from "./rebalance-blobs.ts";
import type { AssignmentPush } from "./scheduling/assignment-push.ts";
import { Scheduling } from "./scheduling/scheduling.ts";
import type { NimbusSettings } from "./settings.ts";
import { Submissions } from "./submission.ts";
import { TopologyActions } from "./topology-actions.ts";
import { TopologyStore } from "./topology-store.ts";

export interface Composition {
  readonly options: NimbusOptions;
  readonly settings: NimbusSettings;
  readonly info: NimbusInfo;
  readonly state: ClusterState;
  readonly leader: LeaderRole;
  readonly push: AssignmentPush;
}

export function composeParts({ options, settings, info, state, leader, push }: Composition): NimbusParts {
  const { runtime, conf, user } = options;
  const { localDirectory } = settings;
  const blobs = new BlobStore(runtime, state, new BlobFiles(runtime, `${localDirectory}/blobs`), nimbusInfoText(info));
  const store = new TopologyStore(blobs);
  const heartbeats = new HeartbeatCache(runtime.clock);
  const inbox = new Inbox(runtime, localDirectory, settings.fileExpiryMs);
  const warn = (message: string) => runtime.log.warn(message);
  const scheduler = new BlacklistScheduler(schedulerOf(conf.values), blacklistRules(conf.values), warn);
  const scheduling = new Scheduling({ runtime, conf, state, store, settings, heartbeats, scheduler, push });
  const actions = new TopologyActions(runtime, state, {
    messageTimeoutSecs: async (id) =>
      numberOf((await store.read(id))?.conf ?? {}, "topology.message.timeout.secs", settings.messageTimeoutSecs),
    updateBlobs: (id, rebalance, term) => updateTopology(store, id, rebalance, term),
    rescheduleFromScratch: (id) => scheduling.fromScratch(id),
    removed: (id, before) => {
      heartbeats.forget(id);
      scheduling.removed(before);
    },
  });
  const history = new TopologyHistory(runtime, localDirectory, settings.historyMs);
  const known = {
    runtime,
    conf,
    settings,
    info,
    state,
    blobs,
    store,
    inbox,
    heartbeats,
    leader,
    actions,
    scheduler,
    scheduling,
  };
  const submissions = new Submissions({ ...known, stormVersion, user, submitted: () => scheduling.soon() });
  return { ...known, submissions, history };
}
