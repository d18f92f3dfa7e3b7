/**
 * `npm run bench -- rpc [--rounds N]`: CPU time of small calls over loopback beside that of bare echoes of as many bytes. CPU
 * time, not the clock: a busy machine changes it little.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { cpus, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { realRuntime } from "../../src/base/index.ts";
import { connectThrift } from "../../src/rpc/index.ts";
import { DistributedRPC } from "../../src/wire/thrift/index.ts";

const { values } = parseArgs({ allowPositionals: true, options: { rounds: { type: "string", default: "3" } } });
const runtime = realRuntime({ name: "bench", self: { command: [process.execPath] }, level: "warn" });
const host = "127.0.0.1";
const serverFile = fileURLToPath(new URL("server.ts", import.meta.url));
const callCount = 50_000;
const args = { functionName: "exclamation", funcArgs: "hello world" };
/** Of the call with its frame; the answer is about as long. */
const callBytes = 64;
const loads = [
  { connections: 1, atOnce: 1 },
  { connections: 32, atOnce: 1 },
  { connections: 1, atOnce: 32 },
] as const;

/** Makes one call after the other until `left` is used up. */
type Worker = () => Promise<void>;
type Kind = "thrift" | "bare";

say(`Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "?"}, load ${loadavg()[0]?.toFixed(2)}`);
say("CPU µs a call              server               client");
let left = 0;
for (const kind of ["bare", "thrift"] as const) {
  for (const load of loads) {
    if (kind === "bare" && load.atOnce > 1) continue;
    const found = [];
    for (let round = 0; round < Number(values.rounds); round++) found.push(await measure(kind, load));
    const name = `${kind}, ${load.connections} × ${load.atOnce}`;
    say(`${name.padEnd(20)} ${spread(found.map(([ours]) => ours))} ${spread(found.map(([, theirs]) => theirs))}`);
  }
}

async function measure(kind: Kind, load: (typeof loads)[number]): Promise<readonly [server: number, client: number]> {
  const child = fork(serverFile, [kind], { execArgv: process.execArgv });
  const [port] = (await once(child, "message")) as [number];
  const workers: Worker[] = [];
  const ends: (() => Promise<void>)[] = [];
  for (let count = 0; count < load.connections; count++) {
    const { worker, end } = kind === "thrift" ? await thriftCaller(port) : await bareCaller(port);
    for (let slot = 0; slot < load.atOnce; slot++) workers.push(worker);
    ends.push(end);
  }
  const serverCpu = async (): Promise<NodeJS.CpuUsage> => {
    child.send("cpu");
    return ((await once(child, "message")) as [NodeJS.CpuUsage])[0];
  };
  await run(workers);
  const before = [await serverCpu(), process.cpuUsage()] as const;
  await run(workers);
  const after = [await serverCpu(), process.cpuUsage()] as const;
  await Promise.all(ends.map((end) => end()));
  child.kill();
  return [perCall(before[0], after[0]), perCall(before[1], after[1])];
}

async function run(workers: readonly Worker[]): Promise<void> {
  left = callCount;
  await Promise.all(workers.map((worker) => worker()));
}

async function thriftCaller(port: number) {
  const client = await connectThrift({ runtime, host, port, service: DistributedRPC });
  const worker = async (): Promise<void> => {
    while (left-- > 0) await client.calls.execute(args);
  };
  return { worker, end: () => client.close() };
}

async function bareCaller(port: number) {
  const socket = await runtime.net.connect({ host, port, timeoutMs: 10_000 });
  const bytes = Buffer.alloc(callBytes);
  let answered = (): void => {};
  const closed = new Promise<void>((resolve) => {
    socket.handle({ data: () => answered(), close: () => resolve() });
  });
  const worker = (): Promise<void> =>
    new Promise((resolve) => {
      answered = () => {
        if (left-- > 0) socket.write(bytes);
        else resolve();
      };
      answered();
    });
  return {
    worker,
    end: () => {
      socket.destroy();
      return closed;
    },
  };
}

function perCall(before: NodeJS.CpuUsage, after: NodeJS.CpuUsage): number {
  return (after.user + after.system - before.user - before.system) / callCount;
}

function spread(found: readonly number[]): string {
  const sorted = [...found].sort((a, b) => a - b);
  const at = (index: number): string => (sorted[index] ?? 0).toFixed(2);
  return `${at(Math.floor(sorted.length / 2))} (${at(0)} – ${at(sorted.length - 1)})`.padEnd(20);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
