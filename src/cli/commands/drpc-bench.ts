/** `storm-lab drpc bench`: how many calls a second, and how long each takes, as clients see it. */
import { exitCodes } from "../../base/index.ts";
import type { CommandSpec } from "../command.ts";
import { callOptions, serversOf, timeoutMsOf } from "./drpc-call.ts";
import { wholeNumberOf } from "./nimbus-call.ts";

export const drpcBenchCommand: CommandSpec = {
  name: "bench",
  examples: [["drpc bench --function exclamation --clients 8 --calls 1000", "eight clients, a thousand calls"]],
  summary: "call a function again and again: calls a second, and how long they take",
  description: "Each client has a connection of its own and makes one call at a time.",
  options: [
    { flags: "-f, --function <name>", summary: "what is called", default: "exclamation" },
    { flags: "-a, --arguments <text>", summary: "with what", default: "hello" },
    { flags: "--clients <count>", summary: "that call at the same time", default: "32" },
    { flags: "--calls <count>", summary: "of all of them together", default: "10000" },
    ...callOptions,
  ],
  run: async (context, input) => {
    const clientCount = wholeNumberOf("--clients", input.options.clients, 1) ?? 1;
    const callCount = wholeNumberOf("--calls", input.options.calls, 1) ?? 1;
    const timeoutMs = timeoutMsOf(input);
    const functionName = String(input.options.function);
    const { DRPCClient } = await import("../../client/index.ts");
    const runtime = context.openRuntime({ name: "drpc-bench", level: "error" });
    const servers = await serversOf(context, runtime, input);
    const { clock } = runtime;
    const signal = context.interrupted;
    const clients = Array.from({ length: clientCount }, () => new DRPCClient(servers, servers[0]?.port, { runtime }));
    const tookMs: number[] = [];
    const failures = new Map<string, number>();
    const args = String(input.options.arguments);
    const call = async (client: (typeof clients)[number]): Promise<void> => {
      const beganMs = clock.monotonicMs();
      try {
        await client.execute(functionName, args, { timeoutMs, signal });
        tookMs.push(clock.monotonicMs() - beganMs);
      } catch (error) {
        const told = error instanceof Error ? error.message : String(error);
        failures.set(told, (failures.get(told) ?? 0) + 1);
      }
    };
    try {
      // A client's first call makes its connection; where nobody answers it all ends here, in the call's own words.
      await clients[0]!.execute(functionName, args, { timeoutMs, signal });
      await Promise.all(clients.map((client) => client.execute(functionName, args, { timeoutMs, signal })));
      let left = callCount;
      const run = async (client: (typeof clients)[number]): Promise<void> => {
        while (left-- > 0 && !signal.aborted) await call(client);
      };
      const beganMs = clock.monotonicMs();
      await Promise.all(clients.map(run));
      const seconds = (clock.monotonicMs() - beganMs) / 1000;
      const report = reportOf(tookMs, seconds, failures);
      context.stdout.write(context.globals.output === "text" ? textOf(report) : `${JSON.stringify(report)}\n`);
    } finally {
      await Promise.all(clients.map((client) => client.close()));
    }
    return failures.size === 0 ? exitCodes.done : exitCodes.partlyDone;
  },
};

interface Report {
  readonly calls: number;
  readonly callsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** By what they say. */
  readonly failed: Readonly<Record<string, number>>;
}

function reportOf(tookMs: number[], seconds: number, failures: ReadonlyMap<string, number>): Report {
  tookMs.sort((a, b) => a - b);
  const at = (part: number) =>
    Number((tookMs[Math.min(tookMs.length - 1, Math.floor(tookMs.length * part))] ?? 0).toFixed(3));
  return {
    calls: tookMs.length,
    callsPerSecond: Math.round(tookMs.length / seconds),
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    maxMs: at(1),
    failed: Object.fromEntries(failures),
  };
}

function textOf({ calls, callsPerSecond, p50Ms, p99Ms, maxMs, failed }: Report): string {
  const lines = [
    `${calls} calls, ${callsPerSecond} a second`,
    `p50 ${p50Ms} ms, p99 ${p99Ms} ms, longest ${maxMs} ms`,
    ...Object.entries(failed).map(([told, count]) => `${count} failed: ${told}`),
  ];
  return lines.map((line) => `${line}\n`).join("");
}
