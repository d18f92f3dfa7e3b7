/** `storm-lab remoteconfvalue KEY`, as Storm's: the value that nimbus has. */
import { exitCodes, nearestWord, StormLabError } from "../../base/index.ts";
import type { CommandSpec } from "../command.ts";
import { withNimbus } from "./nimbus-call.ts";
import { clientOptions } from "./storm-conf.ts";

export const remoteConfValueCommand: CommandSpec = {
  name: "remoteconfvalue",
  summary: "print the value that a key of storm.yaml has at nimbus",
  args: [{ name: "<key>", summary: "such as nimbus.thrift.port" }],
  options: clientOptions,
  run: async (context, input) => {
    const key = String(input.args.key);
    const json = await withNimbus(context, input, "remoteconfvalue", (calls) => calls.getNimbusConf());
    const conf = JSON.parse(json) as Readonly<Record<string, unknown>>;
    if (!Object.hasOwn(conf, key)) throw unknownKey(key, Object.keys(conf));
    const value = conf[key];
    context.stdout.write(
      context.globals.output === "text"
        ? `${key}: ${typeof value === "string" ? value : JSON.stringify(value)}\n`
        : `${JSON.stringify({ [key]: value })}\n`,
    );
    return exitCodes.done;
  },
};

function unknownKey(key: string, known: readonly string[]): StormLabError {
  const guess = nearestWord(key, known, Math.max(2, Math.floor(key.length / 4)));
  return new StormLabError({
    code: "SL-CONF-KEY",
    what: `nimbus has no ${key}`,
    why: "it is spelled otherwise, or is a key of something else's",
    hint: guess === null ? "docs/storm-yaml.md lists the keys" : `storm-lab remoteconfvalue ${guess}`,
    exitCode: exitCodes.usage,
  });
}
