/**
 * From a client's submit to a topology that runs: checked, completed, its blobs stored and copied to as many nimbuses as it asks for,
 * and only then made known. What was stored before something failed belongs to no topology and is swept away.
 */
import { messageOf, type Runtime } from "../base/index.ts";
import type { StormConf } from "../conf/index.ts";
import type { ClusterState } from "../state/index.ts";
import {
  AlreadyAliveException,
  applicationError,
  type StormBase,
  type StormTopology,
  type SubmitOptions,
} from "../wire/thrift/index.ts";
import { topologyBlobKeys } from "./blobs/blob-keys.ts";
import { type BlobStore, defaultBlobMeta } from "./blobs/blob-store.ts";
import { type ConfObject, numberOf } from "./conf-values.ts";
import type { Inbox } from "./inbox.ts";
import type { LeaderRole, Term } from "./leader-role.ts";
import { normalizeConf, normalizeTopology } from "./normalize.ts";
import { startExecutors } from "./system-topology.ts";
import type { TopologyActions } from "./topology-actions.ts";
import { findTopology } from "./topology-names.ts";
import type { TopologyStore } from "./topology-store.ts";
import { validateConfText, validateName, validateTopology } from "./validate-topology.ts";

export interface SubmissionParts {
  readonly runtime: Runtime;
  readonly conf: StormConf;
  readonly state: ClusterState;
  readonly blobs: BlobStore;
  readonly store: TopologyStore;
  readonly inbox: Inbox;
  readonly leader: LeaderRole;
  readonly actions: TopologyActions;
  /** The version of Storm that a topology without one gets. */
  readonly stormVersion: string;
  /** Who owns what is submitted: security is off, so it is the user whom nimbus runs as. */
  readonly user: string;
  readonly submitted: () => void;
}

export interface SubmitRequest {
  readonly name: string;
  readonly uploadedJarLocation: string;
  readonly jsonConf: string;
  readonly topology: StormTopology;
  readonly options: SubmitOptions;
}

/** Between two looks at who has copied the code. */
const replicationPollMs = 250;

export class Submissions {
  readonly #parts: SubmissionParts;
  readonly #names = new Set<string>();
  readonly #ids = new Set<string>();
  #count = 0;

  constructor(parts: SubmissionParts) {
    this.#parts = parts;
  }

  /** Ids of topologies on their way. */
  get inFlight(): Iterable<string> {
    return this.#ids;
  }

  /** Throws AlreadyAliveException, InvalidTopologyException. */
  async submit(request: SubmitRequest): Promise<void> {
    const { conf, leader } = this.#parts;
    const { name } = request;
    const term = await leader.require();
    validateName(name);
    await this.assertFree(name);
    const asked = validateConfText(request.jsonConf);
    validateTopology(request.topology, { ...conf.values, ...asked }, conf);
    if (this.#names.has(name)) throw alreadyAlive(name, "it is being submitted at this moment");
    this.#names.add(name);
    try {
      await this.#start(request, asked, term);
    } finally {
      this.#names.delete(name);
    }
    this.#parts.submitted();
  }

  /** Throws AlreadyAliveException. */
  async assertFree(name: string): Promise<void> {
    const id = await findTopology(this.#parts.state, name);
    if (id === null) return;
    const base = await this.#parts.state.storm(id);
    const waitSecs = base?.topology_action_options?.kill_options?.wait_secs ?? 0;
    const killed = `it is being killed and will be gone within ${waitSecs} s; submit it then`;
    throw alreadyAlive(name, base?.status === "KILLED" ? killed : "kill it first, or submit under another name");
  }

  async #start(request: SubmitRequest, asked: ConfObject, term: Term): Promise<void> {
    const { runtime, conf, actions } = this.#parts;
    const { name } = request;
    const second = Math.floor(runtime.clock.nowMs() / 1000);
    const id = await this.#freeId(name, second);
    const topologyConf = normalizeConf(conf, { id, name, owner: this.#parts.user, conf: asked });
    const merged: ConfObject = { ...conf.values, ...topologyConf };
    const topology = normalizeTopology(merged, request.topology, this.#parts.stormVersion);
    runtime.log.info(`Received topology submission for ${name} with conf ${JSON.stringify(asked)}`);
    let known = false;
    this.#ids.add(id);
    try {
      await this.#storeCode(id, request.uploadedJarLocation, topologyConf, topology, term);
      await this.#awaitReplication(id, merged, term);
      await term.writes.setupTopology(id);
      const { creds } = request.options;
      if (creds !== undefined) await term.writes.setCredentials(id, creds);
      const base = this.#base(request, merged, topology, second);
      known = true;
      const created = await actions.inTurn(() => term.writes.createStorm(id, base));
      if (!created) throw applicationError("INTERNAL_ERROR", `${id} exists already; submit again`);
    } catch (error) {
      // Whose creation may have happened keeps its code.
      if (!known) await this.#discard(id, term);
      throw error;
    } finally {
      this.#ids.delete(id);
    }
    runtime.log.info(`Activating ${name}: ${id}`);
  }

  /** What cannot be thrown away now is swept later. */
  async #discard(id: string, term: Term): Promise<void> {
    for (const key of Object.values(topologyBlobKeys(id))) {
      await this.#parts.blobs.delete(key, term.writes).catch(() => undefined);
    }
  }

  /** The counter begins anew with each leader, so an id of this second may be taken. */
  async #freeId(name: string, second: number): Promise<string> {
    const { blobs, state } = this.#parts;
    const known = new Set([...blobs.topologyIds, ...(await state.topologiesWithRemains())]);
    for (;;) {
      const id = `${name}-${++this.#count}-${second}`;
      if (!known.has(id)) return id;
    }
  }

  async #storeCode(id: string, location: string, conf: ConfObject, topology: StormTopology, term: Term): Promise<void> {
    const { blobs, inbox, store, runtime } = this.#parts;
    runtime.log.info(`uploadedJar ${location} for ${id}`);
    const { jar } = topologyBlobKeys(id);
    const draft = await blobs.create(jar, defaultBlobMeta);
    try {
      await blobs.fill(draft, inbox.read(location));
    } catch (error) {
      throw applicationError(
        "INTERNAL_ERROR",
        `the archive ${location} cannot be read (${messageOf(error)}); upload it again`,
      );
    }
    await blobs.publish(jar, draft, term.writes);
    await store.write(id, { conf, topology }, term.writes);
  }

  /** Until so many nimbuses have the code as the topology wants, or for as long as it wants to wait. */
  async #awaitReplication(id: string, conf: ConfObject, term: Term): Promise<void> {
    const { runtime, blobs } = this.#parts;
    const wanted = numberOf(conf, "topology.min.replication.count", 1);
    const waitSecs = numberOf(conf, "topology.max.replication.wait.time.sec", 60);
    const sinceMs = runtime.clock.monotonicMs();
    const keys = Object.values(topologyBlobKeys(id));
    for (;;) {
      const counts = await Promise.all(keys.map((key) => blobs.replication(key)));
      const reached = Math.min(...counts);
      if (reached >= wanted) return;
      if (term.over.aborted) await this.#parts.leader.require();
      if (waitSecs >= 0 && runtime.clock.monotonicMs() - sinceMs >= waitSecs * 1000) {
        runtime.log.info(
          `desired replication count of ${wanted} not achieved for ${id} but we have hit the max wait time ${waitSecs} ` +
            `so moving on with ${reached}`,
        );
        return;
      }
      await new Promise<void>((resolve) => runtime.timers.after(replicationPollMs, resolve));
    }
  }

  #base({ name, options }: SubmitRequest, conf: ConfObject, topology: StormTopology, second: number): StormBase {
    const version = conf["topology.version"];
    return {
      name,
      status: options.initial_status,
      num_workers: numberOf(conf, "topology.workers", 1),
      component_executors: startExecutors(conf, topology),
      launch_time_secs: second,
      owner: this.#parts.user,
      principal: "",
      component_debug: new Map(),
      ...(typeof version === "string" ? { topology_version: version } : {}),
    };
  }
}

function alreadyAlive(name: string, way: string): Error {
  return AlreadyAliveException.error({ msg: `${name} is already alive: ${way}` });
}
