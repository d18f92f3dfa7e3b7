/** `storm-lab localconfvalue KEY`, as Storm's. */
import { exitCodes, nearestWord, StormLabError } from "../../base/index.ts";
import type { CommandContext, CommandSpec } from "../command.ts";
import { confOptions, readConf } from "./storm-conf.ts";

export const localConfValueCommand: CommandSpec = {
  name: "localconfvalue",
  examples: [["localconfvalue nimbus.seeds", "where a client here looks for nimbus"]],
  summary: "print the value that a key of storm.yaml has here",
  args: [{ name: "<key>", summary: "such as nimbus.thrift.port" }],
  options: confOptions,
  run: async (context, input) => {
    const { knownKeys } = await import("../../conf/index.ts");
    const conf = await readConf(context, context.openRuntime({ name: "localconfvalue" }), input, "client");
    const key = String(input.args.key);
    if (!Object.hasOwn(conf.values, key)) {
      throw unknownKey(key, Object.keys(knownKeys), "localconfvalue", {
        what: `${key} is not set, and is no key of Storm's`,
        why: "it is spelled otherwise, or an author's own key that stands in another file",
      });
    }
    return tellValue(context, key, conf.values[key]);
  },
};

/** As Storm prints it: a text without quotes, anything else as JSON. */
export function tellValue({ globals, stdout }: CommandContext, key: string, value: unknown): number {
  stdout.write(
    globals.output === "text"
      ? `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}\n`
      : `${JSON.stringify({ [key]: value })}\n`,
  );
  return exitCodes.done;
}

/** `command`: for the way out, with the key that was probably meant. */
export function unknownKey(
  key: string,
  known: readonly string[],
  command: string,
  words: { readonly what: string; readonly why: string },
): StormLabError {
  const guess = nearestWord(key, known, Math.max(2, Math.floor(key.length / 4)));
  return new StormLabError({
    code: "SL-CONF-KEY",
    ...words,
    hint: guess === null ? "docs/storm-yaml.md lists the keys" : `storm-lab ${command} ${guess}`,
    exitCode: exitCodes.usage,
  });
}
