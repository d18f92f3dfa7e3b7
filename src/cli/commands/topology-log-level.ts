/** `storm-lab set_log_level NAME`, with Storm's options: the levels at which a topology's workers log. */
import { exitCodes } from "../../base/index.ts";
import type { LogLevel } from "../../wire/thrift/index.ts";
import type { CommandInput, CommandSpec } from "../command.ts";
import { badOption, checkNames, wholeNumberOf, withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

const levels = ["ALL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF"];

export const setLogLevelCommand: CommandSpec = {
  name: "set_log_level",
  examples: [
    ["set_log_level word-count -l ROOT=DEBUG:30", "more lines for half a minute"],
    ["set_log_level word-count -r ROOT", "the usual level again"],
  ],
  summary: "set the levels at which the workers of a topology log",
  args: [{ name: "<name>", summary: "of the topology", completes: "topology" }],
  options: [
    ...clientOptions,
    {
      flags: "-l, --log-setting <logger=LEVEL[:seconds]>",
      summary: "such as ROOT=DEBUG:30; may be given again",
      repeatable: true,
    },
    {
      flags: "-r, --remove-log-setting <logger>",
      summary: "back to the usual level; may be given again",
      repeatable: true,
    },
  ],
  run: async (context, input) => {
    const name = String(input.args.name);
    await checkNames([name]);
    const settings = settingsOf(input);
    await withNimbus(context, input, "set_log_level", async (calls) => {
      const { id } = await calls.getTopologySummaryByName({ name });
      await calls.setLogConfig({ name: id, config: { named_logger_level: settings } });
    });
    const told = [...settings].map(([logger, { target_log_level }]) => `${logger}=${target_log_level ?? "reset"}`);
    const said =
      context.globals.output === "text"
        ? `Log config ${told.join(", ")} is sent for topology ${name}`
        : JSON.stringify({ topology: name, settings: Object.fromEntries(settings) });
    context.stdout.write(`${said}\n`);
    return exitCodes.done;
  },
};

function settingsOf({ options }: CommandInput): Map<string, LogLevel> {
  const set = ((options.logSetting ?? []) as readonly string[]).map(settingOf);
  const removed = ((options.removeLogSetting ?? []) as readonly string[]).map((logger): [string, LogLevel] => [
    logger,
    { action: "REMOVE" },
  ]);
  if (set.length + removed.length === 0) throw badOption("--log-setting", "", "given, or --remove-log-setting");
  return new Map([...set, ...removed]);
}

function settingOf(word: string): [string, LogLevel] {
  const [, logger = "", level = "", , seconds] = /^([^=]+)=([^:=]+)(:([^:=]+))?$/.exec(word) ?? [];
  if (!levels.includes(level)) throw badOption("--log-setting", word, `LOGGER=LEVEL[:SECONDS], of ${levels.join(" ")}`);
  const timeout = wholeNumberOf("--log-setting", seconds, 0) ?? 0;
  return [logger, { action: "UPDATE", target_log_level: level, reset_log_level_timeout_secs: timeout }];
}
