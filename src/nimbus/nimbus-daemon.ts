/**
 * A nimbus from its first connection to its end: what it does while it waits, follows and leads. It keeps nothing in memory that it
 * could not find again.
 */
import { exitCodes, isStormLabError, messageOf, type Runtime, StormLabError } from "../base/index.ts";
import { zooKeeperServers } from "../conf/index.ts";
import type { MetricFamily } from "../metrics/index.ts";
import { type NimbusInfo, nimbusInfoText, openClusterState, stormVersion } from "../state/index.ts";
import { topologyBlobKeys } from "./blobs/blob-keys.ts";
import { BlobSync } from "./blobs/blob-sync.ts";
import { BlobService } from "./calls/blob-calls.ts";
import { pageCalls } from "./calls/page-calls.ts";
import { questionCalls } from "./calls/question-calls.ts";
import { topologyCalls } from "./calls/topology-calls.ts";
import { workerCalls } from "./calls/worker-calls.ts";
import { Cleanup } from "./cleanup.ts";
import { composeParts } from "./compose.ts";
import { LeaderRole, type Term } from "./leader-role.ts";
import { ClusterReading } from "./metrics/cluster-reading.ts";
import { type NimbusOptions, type NimbusParts, nowSecs } from "./nimbus-parts.ts";
import type { Readiness } from "./readiness.ts";
import { AssignmentPush } from "./scheduling/assignment-push.ts";
import type { NimbusSettings } from "./settings.ts";

/** The sweep asks ZooKeeper for three lists; what it finds is in no hurry. */
const cleanupEveryMinMs = 10_000;
const retryMs = 1000;

export class NimbusDaemon {
  readonly #runtime: Runtime;
  readonly #servers: string;
  readonly #push: AssignmentPush;
  readonly #parts: NimbusParts;
  readonly #sync: BlobSync;
  readonly #blobService: BlobService;
  readonly #cleanup: Cleanup;
  readonly #reading: ClusterReading;
  readonly #stopping = Promise.withResolvers<void>();
  #stopped = false;

  constructor(options: NimbusOptions, settings: NimbusSettings, info: NimbusInfo) {
    const { runtime, conf } = options;
    this.#runtime = runtime;
    this.#servers = zooKeeperServers(conf);
    const { sessionTimeoutMs, patienceMs } = settings;
    const root = conf.text("storm.zookeeper.root");
    const state = openClusterState(runtime, { servers: this.#servers, root, sessionTimeoutMs, patienceMs });
    const leader = new LeaderRole(runtime, state, {
      info,
      stepBackMs: settings.codeSyncMs,
      prepare: () => this.#prepare(),
      begun: (term) => this.#begin(term),
      ended: () => this.#follow(),
    });
    this.#push = new AssignmentPush(runtime);
    this.#parts = composeParts({ options, settings, info, state, leader, push: this.#push });
    this.#sync = new BlobSync(runtime, state, this.#parts.blobs, nimbusInfoText(info), settings.codeSyncMs);
    this.#blobService = new BlobService(this.#parts);
    this.#reading = new ClusterReading(this.#parts);
    this.#cleanup = new Cleanup({
      ...this.#parts,
      inFlight: () => this.#parts.submissions.inFlight,
      delayMs: settings.blobDeletionDelayMs,
      everyMs: Math.max(settings.monitorMs, cleanupEveryMinMs),
    });
  }

  get leads(): boolean {
    return this.#parts.leader.term !== null;
  }

  families(): Promise<MetricFamily[]> {
    return this.#reading.families();
  }

  /** Until it is stopped, or cannot go on. */
  async run(readiness: Readiness): Promise<void> {
    const failed = this.#connectionFailed();
    const inboxTimer = this.#runtime.timers.every(this.#parts.settings.inboxCleanMs, () => void this.#cleanInbox());
    try {
      await Promise.race([this.#start(readiness), failed, this.#stopping.promise]);
      await Promise.race([failed, this.#stopping.promise]);
    } finally {
      this.#stopped = true;
      inboxTimer.cancel();
      await this.#close();
    }
  }

  async stop(): Promise<void> {
    if (!this.#stopped) this.#runtime.log.info("Shutting down master");
    this.#stopped = true;
    this.#stopping.resolve();
  }

  async #start(readiness: Readiness): Promise<void> {
    await this.#reachZooKeeper();
    if (this.#stopped) return;
    await this.#parts.blobs.load();
    const { host, port, tlsPort } = this.#parts.info;
    const uptime_secs = nowSecs(this.#parts);
    const summary = { host, port, uptime_secs, isLeader: false, version: stormVersion, tlsPort };
    this.#parts.state.keepNimbus(`${host}:${port}`, summary);
    readiness.set({
      ...topologyCalls(this.#parts),
      ...questionCalls(this.#parts),
      ...pageCalls(this.#parts),
      ...workerCalls(this.#parts),
      ...this.#blobService.calls,
    });
    if (this.#stopped) return;
    this.#parts.leader.start();
    this.#follow();
  }

  /** Waits for it: the daemons of a cluster may be started in any order. */
  async #reachZooKeeper(): Promise<void> {
    for (let attempt = 1; !this.#stopped; attempt++) {
      try {
        await this.#parts.state.makeBaseNodes();
        return;
      } catch (error) {
        if (!isStormLabError(error) || !error.retriable || this.#stopped) throw error;
        this.#runtime.log.warn(`Waiting for ZooKeeper at ${this.#servers} (try ${attempt}): ${messageOf(error)}`);
      }
    }
  }

  /** What speaks against leading: code that no nimbus that is alive has. */
  async #prepare(): Promise<string | null> {
    await this.#sync.stop();
    const keys = (await this.#parts.state.topologies()).flatMap((id) => Object.values(topologyBlobKeys(id)));
    const missing = await this.#sync.complete(keys);
    if (missing.size > 0) {
      const [[key, why] = ["", ""]] = missing;
      return `code for all active topologies not available locally: ${key} (${why}), and ${missing.size - 1} more`;
    }
    for (const key of this.#parts.blobs.keys) await this.#parts.blobs.holdAsNewest(key);
    return null;
  }

  #begin(term: Term): void {
    const { heartbeats, scheduling } = this.#parts;
    heartbeats.begin();
    scheduling.begin(term);
    this.#cleanup.begin(term);
    this.#armDelays(term);
  }

  /** Tried until it is done: a topology whose kill is not armed would live for ever. */
  #armDelays(term: Term): void {
    this.#parts.actions.begin(term).catch((error: unknown) => {
      if (term.over.aborted) return;
      this.#runtime.log.warn(`Could not arm the delays of the leader before: ${messageOf(error)}`);
      this.#runtime.timers.after(retryMs, () => {
        if (!term.over.aborted) this.#armDelays(term);
      });
    });
  }

  /** Copies what the others have, while it does not lead. */
  #follow(): void {
    if (!this.#stopped && this.#parts.leader.term === null) this.#sync.start();
  }

  async #cleanInbox(): Promise<void> {
    try {
      await this.#parts.inbox.clean(this.#parts.settings.inboxExpirationMs);
    } catch (error) {
      this.#runtime.log.warn(`Could not clean the inbox: ${messageOf(error)}`);
    }
  }

  #connectionFailed(): Promise<never> {
    return new Promise((_, reject) => {
      this.#parts.state.onConnection((connection) => {
        this.#runtime.log.info(`Zookeeper connection state has changed to ${connection}`);
        if (connection === "failed") reject(refusedByZooKeeper(this.#servers));
      });
    });
  }

  /** What waits for ZooKeeper ends when the connection is closed, and is awaited only then. */
  async #close(): Promise<void> {
    this.#push.stop();
    const parts = [this.#parts.leader, this.#sync, this.#blobService, this.#parts.inbox];
    const stopped = Promise.allSettled(parts.map((part) => part.stop()));
    await this.#parts.state.close();
    await stopped;
    this.#runtime.log.info("Shut down master");
  }
}

function refusedByZooKeeper(servers: string): StormLabError {
  return new StormLabError({
    code: "SL-NIMBUS-LOST-AUTH",
    what: `ZooKeeper at ${servers} refuses nimbus' credentials`,
    why: "nimbus can neither read nor write anything there",
    hint: "check storm.zookeeper.auth.scheme and storm.zookeeper.auth.payload",
    exitCode: exitCodes.access,
  });
}
