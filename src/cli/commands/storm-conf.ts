/** `--config` and `-c`: the options by which every command of Storm's finds its configuration. */
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Runtime } from "../../base/index.ts";
import type { ReadConf, StormConf } from "../../conf/index.ts";
import type { CommandContext, CommandInput, OptionSpec } from "../command.ts";

const fileOption: OptionSpec = {
  flags: "--config <file>",
  summary: "the storm.yaml to read; else that of $STORM_CONF_DIR or conf/ here",
};

const clusterOption: OptionSpec = {
  flags: "--cluster <name>",
  summary: "the cluster of this machine that is meant (env: STORM_LAB_CLUSTER)",
  completes: "cluster",
};

export const confOptions: readonly OptionSpec[] = [
  fileOption,
  {
    flags: "-c, --conf <key=value>",
    summary: "a key on top of the file; JSON if it parses as such; may be given again",
    repeatable: true,
  },
];

/** Of commands that talk to a cluster: one that `up` made is found by its name, or by being the only one. */
export const clientOptions: readonly OptionSpec[] = [...confOptions, clusterOption];

/** Of commands that want to know of a cluster only where it is. */
export const placeOptions: readonly OptionSpec[] = [fileOption, clusterOption];

/** A `standalone` one reads no file that is not named. */
type Reader = "daemon" | "client" | "standalone";

/** Reads the configuration of a daemon or a client; what is probably wrong in it is said on standard error. */
export async function readConf(
  context: CommandContext,
  runtime: Runtime,
  { options }: CommandInput,
  role: Reader,
): Promise<StormConf> {
  const { readStormConf } = await import("../../conf/index.ts");
  const named = role !== "client" || options.config !== undefined ? null : namedYaml(options);
  if (named !== null && !existsSync(named.path)) await requireCluster(context, named.cluster);
  const { conf, warnings }: ReadConf = await readStormConf(runtime, {
    file: options.config === undefined ? (named?.path ?? null) : resolve(String(options.config)),
    candidates: candidatesOf(role),
    overrides: (options.conf ?? []) as readonly string[],
  });
  for (const warning of warnings) context.stderr.write(`${context.stderr.style("yellow", "warning")} ${warning}\n`);
  return conf;
}

function candidatesOf(role: Reader): string[] {
  if (role === "standalone") return [];
  return role === "daemon" ? daemonFiles(process.env) : clientFiles(process.env);
}

function daemonFiles({ STORM_CONF_DIR: confDir = "" }: NodeJS.ProcessEnv): string[] {
  return [...(confDir === "" ? [] : [resolve(confDir, "storm.yaml")]), resolve("conf/storm.yaml")];
}

/** Of the cluster that a client names; null: none is named. */
function namedYaml(options: CommandInput["options"]): { readonly cluster: string; readonly path: string } | null {
  const cluster = String(options.cluster ?? process.env.STORM_LAB_CLUSTER ?? "");
  return cluster === "" ? null : { cluster, path: yamlOf(clustersFolder(process.env), cluster) };
}

/** Throws SL-CLUSTER-NONE. */
async function requireCluster(context: CommandContext, cluster: string): Promise<void> {
  const provision = await import("../../../provision/index.ts");
  const { openPlace } = await import("./cluster/place.ts");
  await provision.requireCluster(openPlace(context, "conf"), cluster);
}

/** The only cluster there is comes last. */
function clientFiles(env: NodeJS.ProcessEnv): string[] {
  const clusters = clustersFolder(env);
  const yamls = existsSync(clusters) ? readdirSync(clusters).map((name) => yamlOf(clusters, name)) : [];
  const there = yamls.filter((path) => existsSync(path));
  return [...daemonFiles(env), resolve(homedir(), ".storm", "storm.yaml"), ...(there.length === 1 ? there : [])];
}

function clustersFolder({ STORM_LAB_HOME: home = "" }: NodeJS.ProcessEnv): string {
  return join(home === "" ? join(homedir(), ".storm-lab") : home, "clusters");
}

function yamlOf(clusters: string, name: string): string {
  return resolve(clusters, name, "conf", "storm.yaml");
}
