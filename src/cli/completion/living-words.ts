/** Words that are not in the table of commands: clusters that are there, their processes, topologies that run, error codes. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { CommandContext, CompletedKind } from "../command.ts";
import { clusterHome } from "../commands/cluster/place.ts";

/** A shell waits for it. */
const nimbusTimeoutMs = 2000;

/** `words`: the whole line; it may name a cluster. What cannot be found out is not offered: a shell has no place for an error. */
export async function livingWords(
  kind: CompletedKind,
  words: readonly string[],
  context: CommandContext,
): Promise<readonly string[]> {
  switch (kind) {
    case "cluster":
      return namesIn(clustersFolder());
    case "process":
      return processWords(clusterOf(words));
    case "error-code":
      return Object.keys((await import("../error-registry.ts")).allErrorCodes);
    case "topology":
      return topologyNames(words, context);
    case "file":
      return [];
  }
}

function processWords(cluster: string | null): readonly string[] {
  if (cluster === null) return [];
  const folder = join(clustersFolder(), cluster);
  const daemons = namesIn(join(folder, "run")).flatMap((name) => (name.endsWith(".pid") ? [name.slice(0, -4)] : []));
  const nodes = namesIn(folder).filter((name) => /^node\d+$/.test(name));
  const roles = daemons.map((name) => name.replace(/\d+$/, ""));
  return [...new Set([...nodes, ...daemons, ...roles, ...(daemons.length === 0 ? [] : ["worker"])])].sort();
}

async function topologyNames(words: readonly string[], context: CommandContext): Promise<readonly string[]> {
  const cluster = clusterOf(words);
  if (cluster === null && !words.includes("--config")) return [];
  const [{ NimbusClient }, { readConf }] = await Promise.all([
    import("../../client/index.ts"),
    import("../commands/storm-conf.ts"),
  ]);
  const runtime = context.openRuntime({ name: "complete", level: "error" });
  const config = valueBehind("--config", words);
  const options = { ...(cluster === null ? {} : { cluster }), ...(config === undefined ? {} : { config }) };
  const silent = { ...context, stderr: { ...context.stderr, write: () => {} } };
  try {
    const conf = await readConf(silent, runtime, { args: {}, options, rest: [] }, "client");
    await using client = new NimbusClient({ runtime, conf, signal: AbortSignal.timeout(nimbusTimeoutMs) });
    return (await client.calls.getTopologySummaries()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** The one that the line or the environment names, else the only one. */
function clusterOf(words: readonly string[]): string | null {
  const named = valueBehind("--cluster", words) ?? process.env.STORM_LAB_CLUSTER ?? "";
  const names = namesIn(clustersFolder());
  return named !== "" ? named : names.length === 1 ? (names[0] ?? null) : null;
}

function valueBehind(flag: string, words: readonly string[]): string | undefined {
  const given = words.filter((word) => word !== "=");
  const at = given.indexOf(flag);
  return at < 0 ? undefined : given[at + 1];
}

function clustersFolder(): string {
  return join(clusterHome(), "clusters");
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).sort() : [];
}
