/**
 * What the leader tells Prometheus of the cluster: read from ZooKeeper when it is asked, once for all who ask meanwhile, and left out where
 * ZooKeeper does not answer in time. Only the leader tells it, as in Storm: else every nimbus would tell the same.
 */
import { messageOf } from "../../base/index.ts";
import { gauge, type MetricFamily } from "../../metrics/index.ts";
import type { StormBase, SupervisorInfo, TopologyStatus } from "../../wire/thrift/index.ts";
import type { NimbusParts } from "../nimbus-parts.ts";
import { placesOf, readBeats } from "../stats/executor-beats.ts";
import { taskComponents } from "../system-topology.ts";
import { topologyBases } from "../topology-names.ts";
import { type MeasuredTopology, topologyFamilies } from "./topology-families.ts";

type Sources = Pick<NimbusParts, "runtime" | "conf" | "state" | "store" | "leader">;

/** Prometheus itself gives up after ten seconds, unless told otherwise. */
const patienceMs = 5000;

export class ClusterReading {
  readonly #sources: Sources;
  #underWay: Promise<MetricFamily[] | null> | null = null;

  constructor(sources: Sources) {
    this.#sources = sources;
  }

  async families(): Promise<MetricFamily[]> {
    const leads = this.#sources.leader.term !== null;
    const found = leads ? await this.#inTime() : [];
    return [
      gauge("storm_nimbus_leader", "1 where this nimbus leads.", Number(leads)),
      gauge(
        "storm_nimbus_cluster_unread",
        "1 where it leads and could not read from ZooKeeper what it tells of the cluster.",
        Number(found === null),
      ),
      ...(found ?? []),
    ];
  }

  async #inTime(): Promise<MetricFamily[] | null> {
    this.#underWay ??= this.#read().finally(() => {
      this.#underWay = null;
    });
    const late = Promise.withResolvers<null>();
    const timer = this.#sources.runtime.timers.after(patienceMs, () => late.resolve(null));
    try {
      return await Promise.race([this.#underWay, late.promise]);
    } finally {
      timer.cancel();
    }
  }

  /** Null: it cannot be read. */
  async #read(): Promise<MetricFamily[] | null> {
    const { state, runtime } = this.#sources;
    try {
      const [supervisors, nimbuses, bases] = await Promise.all([
        state.supervisorInfos(),
        state.nimbuses(),
        topologyBases(state),
      ]);
      const topologies = await Promise.all([...bases].map(([id, base]) => this.#measured(id, base)));
      return [
        gauge("storm_cluster_nimbuses", "Nimbuses.", nimbuses.length),
        gauge("storm_cluster_supervisors", "Supervisors.", supervisors.size),
        slots([...supervisors.values()]),
        statuses([...bases.values()]),
        ...topologyFamilies(topologies.filter((each) => each !== null)),
      ];
    } catch (error) {
      runtime.log.debug(`Could not read what is told of the cluster: ${messageOf(error)}`);
      return null;
    }
  }

  /** Null: its code is gone, or not here yet. */
  async #measured(id: string, { name }: StormBase): Promise<MeasuredTopology | null> {
    const { state, store, conf } = this.#sources;
    const [stored, assignment] = await Promise.all([store.read(id), state.assignment(id)]);
    if (stored === null) return null;
    const components = taskComponents({ ...conf.values, ...stored.conf }, stored.topology);
    const places = placesOf(assignment, components);
    return { name, places, beats: await readBeats(state, id, places) };
  }
}

function slots(supervisors: readonly SupervisorInfo[]): MetricFamily {
  const sum = (of: (info: SupervisorInfo) => number) => supervisors.reduce((total, info) => total + of(info), 0);
  const used = sum(({ used_ports }) => used_ports?.length ?? 0);
  const free = sum(({ meta, used_ports }) => Math.max(0, (meta?.length ?? 0) - (used_ports?.length ?? 0)));
  return gauge("storm_cluster_slots", "Slots of all supervisors.", [
    [{ state: "used" }, used],
    [{ state: "free" }, free],
  ]);
}

function statuses(bases: readonly StormBase[]): MetricFamily {
  const each: readonly TopologyStatus[] = ["ACTIVE", "INACTIVE", "REBALANCING", "KILLED"];
  return gauge(
    "storm_cluster_topologies",
    "Topologies, by status.",
    each.map((status) => [{ status }, bases.filter((base) => base.status === status).length] as const),
  );
}
