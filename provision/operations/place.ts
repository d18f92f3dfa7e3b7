/** Where the clusters of this machine are: one folder each, and nothing outside it. */
import { exitCodes, type Runtime, StormLabError } from "../../src/base/index.ts";
import { type ClusterLayout, layoutCluster } from "../cluster/layout.ts";
import { readClusterFile } from "../cluster/read-cluster-file.ts";

export interface Place {
  readonly runtime: Runtime;
  /** Holds `clusters/NAME/`. */
  readonly home: string;
  /** The words that start storm-lab, for scripts. */
  readonly program: readonly string[];
}

export function folderOf({ home }: Place, name: string): string {
  return `${home}/clusters/${name}`;
}

export function clusterFileOf(place: Place, name: string): string {
  return `${folderOf(place, name)}/cluster.yaml`;
}

/** Names, sorted. */
export async function clusterNames(place: Place): Promise<string[]> {
  const { fs } = place.runtime;
  const root = `${place.home}/clusters`;
  if ((await fs.stat(root))?.kind !== "directory") return [];
  const names = await fs.list(root);
  const stats = await Promise.all(names.map((name) => fs.stat(clusterFileOf(place, name))));
  return names.filter((_, index) => stats[index]?.kind === "file");
}

/** Throws SL-CLUSTER-NONE. */
export async function requireCluster(place: Place, name: string): Promise<void> {
  if ((await place.runtime.fs.stat(clusterFileOf(place, name))) === null) throw await noCluster(place, name);
}

/** As its folder says. Throws SL-CLUSTER-NONE. */
export async function loadCluster(place: Place, name: string): Promise<ClusterLayout> {
  await requireCluster(place, name);
  const file = clusterFileOf(place, name);
  const spec = await readClusterFile(place.runtime, file);
  // The folder's name is the cluster's name, whatever an edited file says.
  return layoutCluster({ ...spec, name }, folderOf(place, name), await haveOwnAddresses(place.runtime));
}

/** Whether nodes can have loopback addresses of their own, 127.0.0.2 and so on: on Linux they are simply there. */
export async function haveOwnAddresses(runtime: Runtime): Promise<boolean> {
  try {
    const listener = await runtime.net.listen({ host: "127.0.0.2", port: 0 }, (socket) => socket.destroy());
    await listener.close();
    return true;
  } catch {
    return false;
  }
}

/** The cluster that is meant when none is named: the only one there is. Throws SL-CLUSTER-NONE, SL-CLUSTER-WHICH. */
export async function onlyCluster(place: Place): Promise<string> {
  const names = await clusterNames(place);
  const [first] = names;
  if (first === undefined) throw await noCluster(place, null);
  if (names.length === 1) return first;
  throw new StormLabError({
    code: "SL-CLUSTER-WHICH",
    what: `there are ${names.length} clusters here: ${names.join(", ")}`,
    why: "the command does not say which one is meant",
    hint: `add --cluster ${first}`,
    exitCode: exitCodes.usage,
  });
}

async function noCluster(place: Place, name: string | null): Promise<StormLabError> {
  const names = await clusterNames(place);
  return new StormLabError({
    code: "SL-CLUSTER-NONE",
    what: name === null ? "there is no cluster on this machine" : `there is no cluster ${name} on this machine`,
    why: names.length === 0 ? `${place.home}/clusters holds none` : `there are: ${names.join(", ")}`,
    hint: "storm-lab up   makes one",
    exitCode: exitCodes.noCluster,
  });
}
