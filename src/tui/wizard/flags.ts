/** The answers of the wizard, as flags say them. */
import { freePortBlock } from "../../../provision/index.ts";
import { exitCodes, type Runtime, StormLabError } from "../../base/index.ts";
import type { Answers } from "./answers.ts";

/** By the long flag in camel case, as the command line has read them. */
export type Flags = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Only those that were given. Throws SL-USAGE. */
export async function answersGiven(runtime: Runtime, options: Flags): Promise<Partial<Answers>> {
  if (options.nodes !== undefined && options.supervisors !== undefined) throw twice("--nodes", "--supervisors");
  if (options.up === true && options.print === true) throw twice("--up", "--print");
  const counts = Object.fromEntries(
    (["zookeeper", "nimbus", "supervisors", "slots", "drpc", "ui"] as const)
      .filter((key) => options[key] !== undefined)
      .map((key) => [key, wholeNumber(`--${key}`, options[key])]),
  );
  return {
    ...counts,
    ...(options.nodes === undefined ? {} : { supervisors: wholeNumber("--nodes", options.nodes) - 1 }),
    ...(options.name === undefined ? {} : { name: String(options.name) }),
    ...(options.pace === undefined ? {} : { pace: options.pace === "storm" ? "storm" : "classroom" }),
    ...(options.ports === undefined ? {} : { ports: await portsOf(runtime, String(options.ports)) }),
    ...(options.up === true ? { ending: "up" } : options.print === true ? { ending: "print" } : {}),
  };
}

async function portsOf(runtime: Runtime, text: string): Promise<Answers["ports"]> {
  if (text === "free") return freePortBlock(runtime);
  return text === "classic" ? text : wholeNumber("--ports", text);
}

function wholeNumber(flag: string, value: unknown): number {
  if (/^\d{1,6}$/.test(String(value))) return Number(value);
  throw new StormLabError({
    code: "SL-USAGE",
    what: `${flag} cannot be ${String(value)}`,
    why: flag === "--ports" ? "it is classic, free, or the first port of a block" : "it is a whole number",
    hint: "storm-lab help init",
    exitCode: exitCodes.usage,
  });
}

function twice(one: string, two: string): StormLabError {
  return new StormLabError({
    code: "SL-USAGE",
    what: `${one} and ${two} cannot both be given`,
    why: "they answer the same question",
    hint: "leave one of them out",
    exitCode: exitCodes.usage,
  });
}
