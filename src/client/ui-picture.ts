/** The cluster as the ui daemon's event stream tells of it: a picture, and what has happened since. Pure. */
import type { UiHappening, UiPlace } from "./ui-answers.ts";

export interface UiPicturedTopology {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** What it is assigned. */
  readonly slots: readonly UiPlace[];
  /** Workers that are heard of. */
  readonly beating: readonly UiPlace[];
}

export interface UiPicture {
  readonly leader: UiPlace | null;
  readonly nimbuses: readonly UiPlace[];
  readonly supervisors: readonly { readonly id: string; readonly host: string; readonly slots: number }[];
  readonly topologies: readonly UiPicturedTopology[];
}

export const emptyUiPicture: UiPicture = { leader: null, nimbuses: [], supervisors: [], topologies: [] };

/** The picture after it has happened. */
export function pictureAfter(picture: UiPicture, happening: UiHappening): UiPicture {
  const { event, id = "", host = "", port = 0 } = happening;
  const place: UiPlace = { host, port };
  switch (event) {
    case "nimbus-joined":
      return { ...picture, nimbuses: [...without(picture.nimbuses, place), place] };
    case "nimbus-lost":
      return { ...picture, nimbuses: without(picture.nimbuses, place) };
    case "leader-elected":
      return { ...picture, leader: place };
    case "leader-lost":
      return { ...picture, leader: picture.leader !== null && isSame(picture.leader, place) ? null : picture.leader };
    case "supervisor-joined": {
      const others = picture.supervisors.filter((each) => each.id !== id);
      return { ...picture, supervisors: [...others, { id, host, slots: happening.slots ?? 0 }] };
    }
    case "supervisor-lost":
      return { ...picture, supervisors: picture.supervisors.filter((each) => each.id !== id) };
    case "topology-submitted": {
      const { name = id, status = "" } = happening;
      const others = picture.topologies.filter((each) => each.id !== id);
      return { ...picture, topologies: [...others, { id, name, status, slots: [], beating: [] }] };
    }
    case "topology-removed":
      return { ...picture, topologies: picture.topologies.filter((each) => each.id !== id) };
    default:
      return {
        ...picture,
        topologies: picture.topologies.map((each) => (each.id === id ? topologyAfter(each, happening) : each)),
      };
  }
}

function topologyAfter(
  topology: UiPicturedTopology,
  { event, status, place, given = [], taken = [] }: UiHappening,
): UiPicturedTopology {
  const { slots, beating } = topology;
  if (event === "topology-status") return { ...topology, status: status ?? topology.status };
  if (event === "topology-scheduled") {
    const kept = slots.filter((slot) => ![...given, ...taken].some((each) => isSame(each, slot)));
    return { ...topology, slots: [...given, ...kept] };
  }
  if (event === "worker-started" && place) return { ...topology, beating: [...without(beating, place), place] };
  if (event === "worker-ended" && place) return { ...topology, beating: without(beating, place) };
  return topology;
}

function isSame(a: UiPlace, b: UiPlace): boolean {
  return a.host === b.host && a.port === b.port;
}

function without(places: readonly UiPlace[], place: UiPlace): UiPlace[] {
  return places.filter((each) => !isSame(each, place));
}
