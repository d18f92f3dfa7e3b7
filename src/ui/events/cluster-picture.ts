/** The cluster as it stands at one moment, by what ZooKeeper has of it. */
import type { ClusterState } from "../../state/index.ts";
import { parseNimbusInfo } from "../../state/index.ts";
import type { Assignment, StormBase } from "../../wire/thrift/index.ts";
import type { Place } from "./cluster-event.ts";

export interface PicturedWorker extends Place {
  readonly executors: number;
  /** Second of its start, by its own clock, within a second. */
  readonly startedSecs: number;
  /** When it last beat. */
  readonly uptimeSecs: number;
}

export interface PicturedError {
  readonly error: string;
  readonly timeSecs: number;
  readonly place: Place | null;
}

export interface PicturedTopology {
  readonly name: string;
  readonly status: string;
  readonly workers: number;
  /** Some component of it is debugged. */
  readonly isDebugged: boolean;
  /** Slots it is assigned, by `host:port`. */
  readonly slots: ReadonlyMap<string, Place>;
  /** Workers that beat, by `host:port`. */
  readonly beating: ReadonlyMap<string, PicturedWorker>;
  /** The last error of each component. */
  readonly errors: ReadonlyMap<string, PicturedError>;
}

export interface ClusterPicture {
  /** Those in line, by `host:port`. */
  readonly nimbuses: ReadonlyMap<string, Place>;
  /** `host:port`; null: nobody leads. */
  readonly leader: string | null;
  readonly supervisors: ReadonlyMap<string, { readonly host: string; readonly slots: number }>;
  readonly topologies: ReadonlyMap<string, PicturedTopology>;
}

export const emptyPicture: ClusterPicture = {
  nimbuses: new Map(),
  leader: null,
  supervisors: new Map(),
  topologies: new Map(),
};

/** `watch` is told of the next change of what ZooKeeper watches can tell of; heartbeats and errors are not among it. */
export async function takePicture(state: ClusterState, watch: () => void): Promise<ClusterPicture> {
  const [ids, infos, queue] = await Promise.all([
    state.topologies(watch),
    state.supervisorInfos(watch),
    state.leaderQueue(watch),
  ]);
  const places = queue.flatMap((text) => parseNimbusInfo(text) ?? []);
  const hosts = new Map([...infos].map(([id, { hostname }]) => [id, hostname]));
  const topologies = await Promise.all(ids.map(async (id) => [id, await topologyOf(state, id, hosts, watch)] as const));
  return {
    nimbuses: new Map(places.map(({ host, port }) => [`${host}:${port}`, { host, port }])),
    leader: places[0] === undefined ? null : `${places[0].host}:${places[0].port}`,
    supervisors: new Map(
      [...infos].map(([id, { hostname, meta }]) => [id, { host: hostname, slots: meta?.length ?? 0 }]),
    ),
    topologies: new Map(topologies.flatMap(([id, topology]) => (topology === null ? [] : [[id, topology] as const]))),
  };
}

async function topologyOf(
  state: ClusterState,
  id: string,
  hosts: ReadonlyMap<string, string>,
  watch: () => void,
): Promise<PicturedTopology | null> {
  const [base, assignment] = await Promise.all([state.storm(id, watch), state.assignment(id, watch)]);
  if (base === null) return null;
  const slots = slotsOf(assignment, hosts);
  const [beating, errors] = await Promise.all([beatingOf(state, id, slots), errorsOf(state, id, base)]);
  const { name, status, num_workers: workers } = base;
  const isDebugged = [...(base.component_debug?.values() ?? [])].some(({ enable }) => enable === true);
  const places = new Map([...slots].map(([key, { place }]) => [key, place]));
  return { name, status, workers, isDebugged, slots: places, beating, errors };
}

interface AssignedSlot {
  readonly node: string;
  readonly place: Place;
}

function slotsOf(assignment: Assignment | null, hosts: ReadonlyMap<string, string>): Map<string, AssignedSlot> {
  const slots = new Map<string, AssignedSlot>();
  for (const [, { node, port: ports }] of assignment?.executor_node_port ?? []) {
    const host = assignment?.node_host.get(node) ?? hosts.get(node) ?? node;
    for (const port of ports) slots.set(`${host}:${port}`, { node, place: { host, port } });
  }
  return slots;
}

async function beatingOf(
  state: ClusterState,
  id: string,
  slots: ReadonlyMap<string, AssignedSlot>,
): Promise<Map<string, PicturedWorker>> {
  const beating = new Map<string, PicturedWorker>();
  await Promise.all(
    [...slots].map(async ([key, { node, place }]) => {
      const beat = await state.workerBeat(id, node, place.port);
      if (beat === null) return;
      const { time_secs, uptime_secs: uptimeSecs, executor_stats: executors } = beat;
      beating.set(key, { ...place, executors: executors.length, startedSecs: time_secs - uptimeSecs, uptimeSecs });
    }),
  );
  return beating;
}

async function errorsOf(state: ClusterState, id: string, base: StormBase): Promise<Map<string, PicturedError>> {
  const errors = new Map<string, PicturedError>();
  await Promise.all(
    [...(base.component_executors ?? new Map<string, number>()).keys()].map(async (component) => {
      const last = await state.lastError(id, component);
      if (last === null) return;
      const { error, error_time_secs: timeSecs, host, port } = last;
      const place = host === undefined || port === undefined ? null : { host, port };
      errors.set(component, { error: error.split("\n", 1)[0] ?? "", timeSecs, place });
    }),
  );
  return errors;
}
