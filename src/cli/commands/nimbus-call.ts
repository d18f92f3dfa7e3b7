/** What every command has in common that asks nimbus for something: the configuration, the leader, patience that is told of. */
import { exitCodes, type Runtime, StormLabError } from "../../base/index.ts";
import type { NimbusCalls } from "../../client/index.ts";
import type { CommandContext, CommandInput } from "../command.ts";
import { readConf } from "./storm-conf.ts";

/** `command`: as logs call the process. */
export async function withNimbus<T>(
  context: CommandContext,
  input: CommandInput,
  command: string,
  work: (calls: NimbusCalls, runtime: Runtime) => Promise<T>,
): Promise<T> {
  const { NimbusClient } = await import("../../client/index.ts");
  const runtime = context.openRuntime({ name: command, level: "error" });
  const conf = await readConf(context, runtime, input, "client");
  let told = false;
  await using client = new NimbusClient({
    runtime,
    conf,
    signal: context.interrupted,
    onRetry: ({ message }, delayMs) => {
      const every = (delayMs / 1000).toFixed(1);
      if (!told) context.stderr.write(`${message}; asking again every ${every} s\n`);
      told = true;
    },
  });
  return await work(client.calls, runtime);
}

/** Throws SL-TOPOLOGY-NAME. */
export async function checkNames(names: readonly string[]): Promise<void> {
  const { validateTopologyName } = await import("../../topology/index.ts");
  for (const name of names) {
    const check: (value: unknown) => asserts value is string = validateTopologyName;
    check(name);
  }
}

/** The whole number that an option gives; undefined when it was left out. Throws SL-COMMAND-VALUE. */
export function wholeNumberOf(option: string, value: unknown, min: number): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number >= min && String(value).trim() !== "") return number;
  throw badOption(option, String(value), `a whole number, ${min} or more`);
}

export function badOption(option: string, value: string, wants: string): StormLabError {
  return new StormLabError({
    code: "SL-COMMAND-VALUE",
    what: `${option} is ${JSON.stringify(value)}`,
    why: `${option} must be ${wants}`,
    hint: "storm-lab help COMMAND shows what each option takes",
    exitCode: exitCodes.usage,
  });
}
