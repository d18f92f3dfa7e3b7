/** The logs of a cluster: of every daemon, and of every worker that has ever run on its nodes. */
import { exitCodes, StormLabError } from "../../src/base/index.ts";
import type { ClusterLayout } from "../cluster/layout.ts";
import type { Place } from "../operations/place.ts";
import { listed } from "../processes/managed-process.ts";

export interface LogSource {
  /** `nimbus1`, `node2:6700 word-count-1-1767225600`. */
  readonly name: string;
  readonly path: string;
  /** Words that mean it: its node, its role, its id, its topology's id and name. */
  readonly words: readonly string[];
}

/** All that `word` means; without it all there are. Throws SL-CLUSTER-TARGET. */
export async function logSources(place: Place, layout: ClusterLayout, word: string | undefined): Promise<LogSource[]> {
  const daemons = layout.daemons.map(
    ({ id, node, role, outputFile }): LogSource => ({
      name: id,
      path: outputFile,
      words: [id, node, role],
    }),
  );
  const all = [...daemons, ...(await workerLogs(place, layout))];
  if (word === undefined) return all;
  const meant = all.filter(({ words }) => words.includes(word) || words.includes(word.replace(/s$/, "")));
  if (meant.length > 0) return meant;
  const known = [...new Set(all.flatMap(({ words }) => words))].join(", ");
  throw new StormLabError({
    code: "SL-CLUSTER-TARGET",
    what: `the cluster has no log of anything that is called ${word}`,
    why: `it has logs of: ${known}`,
    hint: "storm-lab list   shows the topologies, storm-lab ps the processes; leave the word out for all logs",
    exitCode: exitCodes.usage,
  });
}

async function workerLogs({ runtime }: Place, { nodes }: ClusterLayout): Promise<LogSource[]> {
  const found: LogSource[] = [];
  for (const { name: node, folder } of nodes) {
    const artifacts = `${folder}/logs/workers-artifacts`;
    for (const topologyId of await listed(runtime, artifacts)) {
      // An id is the name, the number of the submission and its second.
      const topology = topologyId.replace(/-\d+-\d+$/, "");
      for (const port of await listed(runtime, `${artifacts}/${topologyId}`)) {
        const words = [`${node}:${port}`, node, "worker", topologyId, topology];
        found.push({
          name: `${node}:${port} ${topologyId}`,
          path: `${artifacts}/${topologyId}/${port}/worker.log`,
          words,
        });
      }
    }
  }
  return found;
}
