/** What the workers of a topology have published, read from their files on this machine. */
import type { ClusterLayout } from "../cluster/layout.ts";
import { listed, textOf } from "../processes/managed-process.ts";
import type { Place } from "./place.ts";

/** The texts of `results.json`, one a worker that has written one. */
export async function workerResults(place: Place, layout: ClusterLayout, topologyId: string): Promise<string[]> {
  const texts: string[] = [];
  for (const { folder } of layout.nodes) {
    const root = `${folder}/logs/workers-artifacts/${topologyId}`;
    const ports = await listed(place.runtime, root);
    for (const port of ports) {
      const text = await textOf(place.runtime, `${root}/${port}/results.json`);
      if (text !== null) texts.push(text);
    }
  }
  return texts;
}
