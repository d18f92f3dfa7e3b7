/** The files of a report: what somebody who helps from afar has to see, with secrets and home folders masked. */
import type { ClusterLayout } from "../../provision/index.ts";
import { logSources, type Place } from "../../provision/index.ts";
import { tailOf } from "./cluster-facts.ts";
import { masked } from "./mask.ts";

const logBytesMax = 64 * 1024;
/** Workers of long ago are left out. */
const logsMax = 100;

/** By path in the archive. `told`: what the doctor has found, and of what versions. */
export async function reportFiles(
  place: Place,
  layout: ClusterLayout | null,
  told: unknown,
  homes: readonly string[],
): Promise<Map<string, Uint8Array>> {
  const { runtime } = place;
  const files = new Map<string, Uint8Array>();
  const add = (path: string, text: string) => files.set(path, Buffer.from(masked(text, homes)));
  add("findings.json", `${JSON.stringify(told, null, 2)}\n`);
  if (layout === null) return files;
  const configs = [
    `${layout.folder}/cluster.yaml`,
    layout.clientYaml,
    ...layout.nodes.map(({ stormYaml }) => stormYaml),
    ...layout.ensemble.seats.flatMap(({ configFile, dataDir }) => [configFile, `${dataDir}/myid`]),
  ];
  const logs = (await logSources(place, layout, undefined)).slice(0, logsMax).map(({ path }) => path);
  for (const path of [...configs, ...logs]) {
    const text = await tailOf(runtime, path, logBytesMax);
    if (text !== null) add(path.slice(layout.folder.length + 1), text);
  }
  return files;
}
