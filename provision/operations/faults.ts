/**
 * Faults of a cluster on this machine. Processes are killed and frozen by signals; the network between nodes is cut and slowed
 * in the nodes' own doors (`src/base/runtime/faults`), as nobody can pull a cable between two processes.
 */
import {
  exitCodes,
  type FaultPlan,
  type NetworkFault,
  parseFaultPlan,
  replaceFile,
  StormLabError,
} from "../../src/base/index.ts";
import { type ClusterLayout, faultFileOf } from "../cluster/layout.ts";
import { textOf } from "../processes/managed-process.ts";
import type { Place } from "./place.ts";

/** Those that lie on the network now. */
export async function networkFaults(place: Place, layout: ClusterLayout): Promise<readonly NetworkFault[]> {
  const text = await textOf(place.runtime, faultFileOf(layout.folder));
  if (text === null) return [];
  try {
    return parseFaultPlan(text).faults;
  } catch {
    // Written by hand, or cut short: as good as none.
    return [];
  }
}

/** Between `a` and `b`; `b` empty: all other nodes. Throws SL-CLUSTER-TARGET for a node that is not there. */
export async function addNetworkFault(
  place: Place,
  layout: ClusterLayout,
  wanted: Pick<NetworkFault, "kind" | "a" | "b" | "delayMs">,
): Promise<NetworkFault> {
  const names = layout.nodes.map(({ name }) => name);
  for (const name of [...wanted.a, ...wanted.b]) if (!names.includes(name)) throw noNode(name, names);
  const b = wanted.b.length > 0 ? wanted.b : names.filter((name) => !wanted.a.includes(name));
  const before = await networkFaults(place, layout);
  const id = Math.max(0, ...before.map((fault) => fault.id)) + 1;
  const fault = { ...wanted, b, id };
  await write(place, layout, [...before, fault]);
  return fault;
}

/** Those that are over now; without `id` all of them. */
export async function healNetwork(place: Place, layout: ClusterLayout, id: number | null): Promise<NetworkFault[]> {
  const before = await networkFaults(place, layout);
  const healed = before.filter((fault) => id === null || fault.id === id);
  await write(
    place,
    layout,
    before.filter((fault) => !healed.includes(fault)),
  );
  return healed;
}

async function write(place: Place, layout: ClusterLayout, faults: readonly NetworkFault[]): Promise<void> {
  const plan: FaultPlan = { v: 1, nodes: faultNodes(layout), faults };
  await replaceFile(place.runtime.fs, faultFileOf(layout.folder), Buffer.from(`${JSON.stringify(plan)}\n`));
}

/** ZooKeeper's servers share an address, so they are known by their ports; a node with an address of its own by that. */
function faultNodes({ nodes, daemons }: ClusterLayout): FaultPlan["nodes"] {
  const shared = new Set(
    daemons.flatMap(({ role, ports }) => (role === "zookeeper" ? ports.map(({ host }) => host) : [])),
  );
  const isAlone = (address: string) =>
    nodes.filter((node) => node.address === address).length === 1 && !shared.has(address);
  return nodes.map(({ name, address }) => ({
    name,
    hosts: isAlone(address) ? [address] : [],
    places: daemons
      .filter(({ node }) => node === name)
      .flatMap(({ ports }) => ports.map(({ host, port }) => `${host}:${port}`)),
  }));
}

function noNode(name: string, names: readonly string[]): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-TARGET",
    what: `the cluster has no node ${name}`,
    why: `its nodes are ${names.join(", ")}`,
    hint: "storm-lab ps   shows which daemon is on which node",
    exitCode: exitCodes.usage,
  });
}
