/** Topologies by the names that users give them. Ids are `name-<counter>-<second>`. */
import type { ClusterState } from "../state/index.ts";
import { NotAliveException, type StormBase } from "../wire/thrift/index.ts";

/** Of all statuses: one that is being killed still has its name. */
export async function topologyBases(state: ClusterState): Promise<Map<string, StormBase>> {
  const ids = await state.topologies();
  const bases = await Promise.all(ids.map((id) => state.storm(id)));
  return new Map(ids.flatMap((id, index) => (bases[index] == null ? [] : [[id, bases[index]] as const])));
}

/** Null: none of that name. */
export async function findTopology(state: ClusterState, name: string): Promise<string | null> {
  for (const id of await state.topologies()) {
    if (id.startsWith(`${name}-`) && (await state.storm(id))?.name === name) return id;
  }
  return null;
}

/** Throws NotAliveException. */
export async function topologyId(state: ClusterState, name: string): Promise<string> {
  const id = await findTopology(state, name);
  if (id === null) throw notAlive(name);
  return id;
}

export function notAlive(nameOrId: string): Error {
  return NotAliveException.error({ msg: `${nameOrId} is not alive` });
}
