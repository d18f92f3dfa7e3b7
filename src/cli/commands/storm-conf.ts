/** `--config` and `-c`: the options by which every command of Storm's finds its configuration. */
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Runtime } from "../../base/index.ts";
import type { ReadConf, StormConf } from "../../conf/index.ts";
import type { CommandContext, CommandInput, OptionSpec } from "../command.ts";

export const confOptions: readonly OptionSpec[] = [
  { flags: "--config <file>", summary: "the storm.yaml to read; else that of $STORM_CONF_DIR or conf/ here" },
  {
    flags: "-c, --conf <key=value>",
    summary: "a key on top of the file; JSON if it parses as such; may be given again",
    repeatable: true,
  },
];

/** Of commands that talk to a cluster: one that `up` made is found by its name, or by being the only one. */
export const clientOptions: readonly OptionSpec[] = [
  ...confOptions,
  { flags: "--cluster <name>", summary: "the cluster of this machine that is meant (env: STORM_LAB_CLUSTER)" },
];

/** Reads the configuration of a `daemon` or a `client`; what is probably wrong in it is said on standard error. */
export async function readConf(
  context: CommandContext,
  runtime: Runtime,
  { options }: CommandInput,
  role: "daemon" | "client",
): Promise<StormConf> {
  const { readStormConf } = await import("../../conf/index.ts");
  const { conf, warnings }: ReadConf = await readStormConf(runtime, {
    file: options.config === undefined ? null : resolve(String(options.config)),
    candidates: role === "daemon" ? daemonFiles(process.env) : clientFiles(options, process.env),
    overrides: (options.conf ?? []) as readonly string[],
  });
  for (const warning of warnings) context.stderr.write(`${context.stderr.style("yellow", "warning")} ${warning}\n`);
  return conf;
}

function daemonFiles({ STORM_CONF_DIR: confDir = "" }: NodeJS.ProcessEnv): string[] {
  return [...(confDir === "" ? [] : [resolve(confDir, "storm.yaml")]), resolve("conf/storm.yaml")];
}

/** A cluster that is named comes first; the only one there is comes last. */
function clientFiles(options: CommandInput["options"], env: NodeJS.ProcessEnv): string[] {
  const named = String(options.cluster ?? env.STORM_LAB_CLUSTER ?? "");
  const clusters = join(
    (env.STORM_LAB_HOME ?? "") === "" ? join(homedir(), ".storm-lab") : String(env.STORM_LAB_HOME),
    "clusters",
  );
  const yamlOf = (name: string) => resolve(clusters, name, "conf", "storm.yaml");
  if (named !== "") return [yamlOf(named)];
  const names = existsSync(clusters) ? readdirSync(clusters).filter((name) => existsSync(yamlOf(name))) : [];
  return [
    ...daemonFiles(env),
    resolve(homedir(), ".storm", "storm.yaml"),
    ...(names.length === 1 ? names.map(yamlOf) : []),
  ];
}
