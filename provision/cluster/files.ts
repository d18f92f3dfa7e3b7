/** Every file and folder of a cluster that `up` writes. Pure. */
import type { WantedFile } from "../plan/wanted-file.ts";
import { ensembleFiles, ensembleFolders } from "../zookeeper-ensemble/tree.ts";
import type { ClusterLayout } from "./layout.ts";
import { startAllScript, stopAllScript } from "./scripts.ts";
import { clientStormYaml, nodeStormYaml } from "./storm-yaml.ts";

/** `clusterFile`: the text of cluster.yaml; `program`: the words that start storm-lab. */
export function clusterFiles(layout: ClusterLayout, clusterFile: string, program: readonly string[]): WantedFile[] {
  return [
    { path: `${layout.folder}/cluster.yaml`, text: clusterFile },
    ...ensembleFiles(layout.ensemble, program),
    ...layout.nodes.map((node) => ({ path: node.stormYaml, text: nodeStormYaml(layout, node) })),
    { path: layout.clientYaml, text: clientStormYaml(layout) },
    { path: `${layout.folder}/start-all.sh`, text: startAllScript(layout, program), executable: true },
    { path: `${layout.folder}/stop-all.sh`, text: stopAllScript(layout, program), executable: true },
  ];
}

export function clusterFolders(layout: ClusterLayout): string[] {
  return [
    layout.folder,
    `${layout.folder}/run`,
    `${layout.folder}/conf`,
    ...ensembleFolders(layout.ensemble),
    ...layout.nodes.flatMap(({ folder }) => [`${folder}/conf`, `${folder}/logs`]),
  ];
}
