/** `storm-lab drpc call`: one call of a function, its result on standard output. */
import { exitCodes } from "../../base/index.ts";
import type { DRPCServerAddress } from "../../client/index.ts";
import type { CommandContext, CommandInput, CommandSpec, OptionSpec } from "../command.ts";
import { badOption, wholeNumberOf } from "./nimbus-call.ts";
import { clientOptions, readConf } from "./storm-conf.ts";

/** Of commands that call a function. */
export const callOptions: readonly OptionSpec[] = [
  {
    flags: "--server <host:port>",
    summary: "a DRPC server; may be given again; else drpc.servers of storm.yaml, else this machine",
    repeatable: true,
  },
  { flags: "--timeout <seconds>", summary: "for the answer", default: "60" },
  ...clientOptions,
];

export const drpcCallCommand: CommandSpec = {
  name: "call",
  examples: [
    ["drpc call exclamation hello", "prints hello!"],
    ["drpc call reach http://baidu.com --timeout 10", "wait ten seconds at most"],
  ],
  summary: "call a function and print its result",
  args: [
    { name: "<function>", summary: "the function's name" },
    { name: "[arguments]", summary: "one text; nothing: the empty one" },
  ],
  options: callOptions,
  run: async (context, input) => {
    const functionName = String(input.args.function);
    const args = String(input.args.arguments ?? "");
    const timeoutMs = timeoutMsOf(input);
    const { DRPCClient } = await import("../../client/index.ts");
    const runtime = context.openRuntime({ name: "drpc-call", level: "error" });
    const servers = await serversOf(context, runtime, input);
    await using client = new DRPCClient(servers, servers[0]?.port, { runtime });
    const beganMs = runtime.clock.monotonicMs();
    const result = await client.execute(functionName, args, { timeoutMs, signal: context.interrupted });
    const tookMs = Number((runtime.clock.monotonicMs() - beganMs).toFixed(3));
    if (context.globals.output === "text") context.stdout.write(`${result}\n`);
    else context.stdout.write(`${JSON.stringify({ function: functionName, arguments: args, result, tookMs })}\n`);
    return exitCodes.done;
  },
};

export function timeoutMsOf({ options }: CommandInput): number {
  return (wholeNumberOf("--timeout", options.timeout, 1) ?? 1) * 1000;
}

/** Those that are named, else those of the configuration, else one on this machine. */
export async function serversOf(
  context: CommandContext,
  runtime: Parameters<typeof readConf>[1],
  input: CommandInput,
): Promise<readonly DRPCServerAddress[]> {
  const { drpcServersOf, drpcPort } = await import("../../client/index.ts");
  const named = (input.options.server ?? []) as readonly string[];
  if (named.length > 0) return named.map((server) => addressOf(server, drpcPort));
  const conf = await readConf(context, runtime, input, "client");
  const servers = drpcServersOf(conf);
  return servers.length > 0 ? servers : [{ host: "localhost", port: conf.number("drpc.port") }];
}

function addressOf(server: string, port: number): DRPCServerAddress {
  const colon = server.lastIndexOf(":");
  if (colon < 0) return { host: server, port };
  const number = Number(server.slice(colon + 1));
  const host = server.slice(0, colon);
  if (host !== "" && Number.isInteger(number) && number > 0 && number < 65_536) return { host, port: number };
  throw badOption("--server", server, "HOST or HOST:PORT");
}
