/** The cluster as the event stream tells of it: a picture, and what has happened since. Pure. */
import type { Happening, Picture, PicturedTopology, Place } from "./api-types.ts";

export const noPicture: Picture = { leader: null, nimbuses: [], supervisors: [], topologies: [] };

/** The picture after it has happened. */
export function afterwards(picture: Picture, happening: Happening): Picture {
  const { event, id = "", host = "", port = 0 } = happening;
  const place: Place = { host, port };
  switch (event) {
    case "nimbus-joined":
      return { ...picture, nimbuses: [...without(picture.nimbuses, place), place] };
    case "nimbus-lost":
      return { ...picture, nimbuses: without(picture.nimbuses, place) };
    case "leader-elected":
      return { ...picture, leader: place };
    case "leader-lost":
      return { ...picture, leader: picture.leader !== null && same(picture.leader, place) ? null : picture.leader };
    case "supervisor-joined": {
      const others = picture.supervisors.filter((each) => each.id !== id);
      return { ...picture, supervisors: [...others, { id, host, slots: happening.slots ?? 0 }] };
    }
    case "supervisor-lost":
      return { ...picture, supervisors: picture.supervisors.filter((each) => each.id !== id) };
    case "topology-removed":
      return { ...picture, topologies: picture.topologies.filter((each) => each.id !== id) };
    case "topology-submitted": {
      const { name = id, status = "" } = happening;
      const others = picture.topologies.filter((each) => each.id !== id);
      return { ...picture, topologies: [...others, { id, name, status, slots: [], beating: [] }] };
    }
    default:
      return {
        ...picture,
        topologies: picture.topologies.map((each) => (each.id === id ? changed(each, happening) : each)),
      };
  }
}

function changed(
  topology: PicturedTopology,
  { event, status, place, given = [], taken = [] }: Happening,
): PicturedTopology {
  if (event === "topology-status") return { ...topology, status: status ?? topology.status };
  if (event === "topology-scheduled")
    return {
      ...topology,
      slots: [...given, ...topology.slots.filter((slot) => ![...given, ...taken].some((each) => same(each, slot)))],
    };
  if (event === "worker-started" && place)
    return { ...topology, beating: [...without(topology.beating, place), place] };
  if (event === "worker-ended" && place) return { ...topology, beating: without(topology.beating, place) };
  return topology;
}

function same(a: Place, b: Place): boolean {
  return a.host === b.host && a.port === b.port;
}

function without(places: readonly Place[], place: Place): Place[] {
  return places.filter((each) => !same(each, place));
}
