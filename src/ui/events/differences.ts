/** What happened between two pictures of a cluster. Pure. */
import type { Happening, Place } from "./cluster-event.ts";
import type { ClusterPicture, PicturedTopology, PicturedWorker } from "./cluster-picture.ts";

/** A worker's start is known to a second: a later one by more than this is another worker; so is a younger one. */
const sameStartSecs = 1;

/** In the order in which it is to be told: who is there, then what runs. */
export function differences(before: ClusterPicture, after: ClusterPicture): Happening[] {
  const happened: Happening[] = [];
  for (const [key, place] of after.nimbuses)
    if (!before.nimbuses.has(key)) happened.push({ event: "nimbus-joined", ...place });
  for (const [key, place] of before.nimbuses)
    if (!after.nimbuses.has(key)) happened.push({ event: "nimbus-lost", ...place });
  happened.push(...leadership(before, after));
  for (const [id, { host, slots }] of after.supervisors)
    if (!before.supervisors.has(id)) happened.push({ event: "supervisor-joined", id, host, slots });
  for (const [id, { host }] of before.supervisors)
    if (!after.supervisors.has(id)) happened.push({ event: "supervisor-lost", id, host });
  for (const [id, topology] of after.topologies) happened.push(...ofTopology(id, before.topologies.get(id), topology));
  for (const [id, topology] of before.topologies) {
    if (after.topologies.has(id)) continue;
    for (const place of topology.beating.values()) happened.push({ event: "worker-ended", id, place: bare(place) });
    happened.push({ event: "topology-removed", id, name: topology.name });
  }
  return happened;
}

function leadership({ leader: was, nimbuses }: ClusterPicture, after: ClusterPicture): Happening[] {
  const { leader } = after;
  if (was === leader) return [];
  const lost = was === null ? undefined : nimbuses.get(was);
  const elected = leader === null ? undefined : after.nimbuses.get(leader);
  return [
    ...(lost === undefined ? [] : [{ event: "leader-lost", ...lost } as const]),
    ...(elected === undefined ? [] : [{ event: "leader-elected", ...elected } as const]),
  ];
}

function ofTopology(id: string, before: PicturedTopology | undefined, after: PicturedTopology): Happening[] {
  const { name, status, workers } = after;
  const happened: Happening[] = [];
  if (before === undefined) happened.push({ event: "topology-submitted", id, name, status, workers });
  else if (before.status !== status) happened.push({ event: "topology-status", id, name, from: before.status, status });
  const given = [...after.slots].filter(([key]) => before?.slots.has(key) !== true).map(([, place]) => place);
  const taken = [...(before?.slots ?? [])].filter(([key]) => !after.slots.has(key)).map(([, place]) => place);
  if (given.length + taken.length > 0)
    happened.push({ event: "topology-scheduled", id, given: given.sort(inOrder), taken: taken.sort(inOrder) });
  happened.push(...ofWorkers(id, before, after), ...ofErrors(id, before, after));
  return happened;
}

function ofWorkers(id: string, before: PicturedTopology | undefined, after: PicturedTopology): Happening[] {
  const happened: Happening[] = [];
  for (const [key, worker] of before?.beating ?? []) {
    const now = after.beating.get(key);
    if (now === undefined || isAnother(worker, now)) happened.push({ event: "worker-ended", id, place: bare(worker) });
  }
  for (const [key, worker] of after.beating) {
    const was = before?.beating.get(key);
    if (was !== undefined && !isAnother(was, worker)) continue;
    happened.push({ event: "worker-started", id, place: bare(worker), executors: worker.executors });
  }
  return happened;
}

/** Of the same slot. */
function isAnother(before: PicturedWorker, after: PicturedWorker): boolean {
  return after.startedSecs > before.startedSecs + sameStartSecs || after.uptimeSecs < before.uptimeSecs;
}

function ofErrors(id: string, before: PicturedTopology | undefined, after: PicturedTopology): Happening[] {
  const happened: Happening[] = [];
  for (const [component, { error, timeSecs, place }] of after.errors) {
    const was = before?.errors.get(component);
    if (was?.timeSecs === timeSecs && was.error === error) continue;
    happened.push({ event: "error", id, component, error, place });
  }
  return happened;
}

function bare({ host, port }: Place): Place {
  return { host, port };
}

function inOrder(a: Place, b: Place): number {
  return a.host < b.host ? -1 : a.host > b.host ? 1 : a.port - b.port;
}
