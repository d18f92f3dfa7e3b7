/** Which port of a cluster that is not there yet is taken, and by which of ours. */
import type { ClusterSpec } from "../cluster/cluster-spec.ts";
import { layoutCluster, type PlannedPort } from "../cluster/layout.ts";
import { clusterNames, folderOf, haveOwnAddresses, loadCluster, type Place } from "./place.ts";
import { listProcesses } from "./processes.ts";

export interface BusyPort extends PlannedPort {
  /** A process of another cluster that listens there; null: some other program does. */
  readonly holder: { readonly cluster: string; readonly daemon: string } | null;
}

/** The first one; null: all are free now. */
export async function busyPort(place: Place, spec: ClusterSpec): Promise<BusyPort | null> {
  const { runtime } = place;
  const layout = layoutCluster(spec, folderOf(place, spec.name), await haveOwnAddresses(runtime));
  for (const planned of layout.daemons.flatMap(({ ports }) => ports)) {
    const { host, port } = planned;
    const listener = await runtime.net.listen({ host, port }, (socket) => socket.destroy()).catch(() => null);
    if (listener === null) return { ...planned, holder: await holderOf(place, port) };
    await listener.close();
  }
  return null;
}

async function holderOf(place: Place, port: number): Promise<BusyPort["holder"]> {
  for (const cluster of await clusterNames(place)) {
    const layout = await loadCluster(place, cluster).catch(() => null);
    if (layout === null) continue;
    const row = (await listProcesses(place, layout)).find(({ pid, ports }) => pid !== null && ports.includes(port));
    if (row !== undefined) return { cluster, daemon: row.id };
  }
  return null;
}
