/** `--config` and `-c`: the options by which every command of Storm's finds its configuration. */
import { resolve } from "node:path";
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
    candidates: candidates(role, process.env),
    overrides: (options.conf ?? []) as readonly string[],
  });
  for (const warning of warnings) context.stderr.write(`${context.stderr.style("yellow", "warning")} ${warning}\n`);
  return conf;
}

function candidates(role: "daemon" | "client", env: NodeJS.ProcessEnv): string[] {
  const confDir = env.STORM_CONF_DIR ?? "";
  const home = env.HOME ?? "";
  return [
    ...(confDir === "" ? [] : [resolve(confDir, "storm.yaml")]),
    resolve("conf/storm.yaml"),
    ...(role === "client" && home !== "" ? [resolve(home, ".storm/storm.yaml")] : []),
  ];
}
