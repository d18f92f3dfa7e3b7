/** One server, clients that call, topologies that answer, and what is done to them by a seed. */
import { isStormLabError, type Runtime, SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { DRPCClient } from "../../../src/client/index.ts";
import { connectThrift, type ThriftClient } from "../../../src/rpc/index.ts";
import { DistributedRPCInvocations, DRPCExecutionException, type DRPCRequest } from "../../../src/wire/thrift/index.ts";
import { requestTimeoutMs, type ServerKind, serverProgram } from "./server-kinds.ts";

export interface Sight {
  readonly answered: number;
  readonly failed: number;
  /** Handed out again, after a spout was lost. */
  readonly again: number;
  /** Ended by their client's death. */
  readonly withdrawn: number;
  readonly timedOut: number;
  /** What must not be. */
  readonly faults: readonly string[];
}

type Invocations = ThriftClient<typeof DistributedRPCInvocations.methods>;

const functionName = "f";
const clientCount = 3;
const spoutCount = 2;
const callsAtOnce = 6;
const faultCount = 10;
/** A turn of the server and the way to the client; more of it and a call was late. */
const slackMs = 1000;
/** On its way while its client died. */
const handOutSlackMs = 500;
/** What a topology fails, and what it never answers. */
const failing = "fails";
const silent = "silent";

class Watch {
  answered = 0;
  failed = 0;
  again = 0;
  withdrawn = 0;
  timedOut = 0;
  readonly faults: string[] = [];
  /** By arguments, which are of one call: when it was over for its client. */
  readonly overAtMs = new Map<string, number>();
  readonly handedOut = new Map<string, number>();
  /** By client: what it waits for. */
  readonly waiting = new Map<string, Set<string>>();
  serverWasKilled = false;
}

export async function runSeed(seed: number, kind: ServerKind): Promise<Sight> {
  const world = new SimulatedWorld({ seed, logLevel: "error" });
  const random = new SeededRandom(seed, "faults");
  const watch = new Watch();
  world.registerProgram("server", serverProgram(kind));
  let server = world.start({ host: "server", program: "server" });
  let born = 0;
  const client = () => {
    const name = `client-${++born}`;
    return { name, pid: world.start({ host: name, program: clientProgram(world, name, watch) }).pid };
  };
  const spout = () => world.start({ host: `spout-${++born}`, program: spoutProgram(world, watch) }).pid;
  const clients = Array.from({ length: clientCount }, client);
  const spouts = Array.from({ length: spoutCount }, spout);
  const replaceClient = (index: number): void => {
    const { name, pid } = clients[index]!;
    world.kill(pid);
    for (const args of watch.waiting.get(name) ?? []) {
      watch.withdrawn++;
      watch.overAtMs.set(args, world.nowMs);
    }
    watch.waiting.delete(name);
    clients[index] = client();
  };
  // With half of the seeds nobody harms the server: then no call may fail for its death.
  const choices = seed % 2 === 0 ? 3 : 2;
  for (let fault = 0; fault < faultCount; fault++) {
    await world.run({ forMs: 300 + random.below(900) });
    const choice = random.below(choices);
    if (choice === 0) {
      // All of them sometimes: then calls queue, and some of their clients die.
      const dying = random.below(2) === 0 ? spoutCount : 1;
      for (let index = 0; index < dying; index++) world.kill(spouts[index]!);
      await world.run({ forMs: random.below(600) });
      if (dying === spoutCount) replaceClient(random.below(clientCount));
      await world.run({ forMs: random.below(1500) });
      for (let index = 0; index < dying; index++) spouts[index] = spout();
    } else if (choice === 1) {
      replaceClient(random.below(clientCount));
    } else {
      watch.serverWasKilled = true;
      for (let life = random.below(3); life >= 0; life--) {
        world.kill(server.pid);
        await world.run({ forMs: random.below(50) });
        server = world.start({ host: "server", program: "server" });
        await world.run({ forMs: random.below(300) });
      }
    }
  }
  await world.run({ forMs: requestTimeoutMs * 2 });
  return watch;
}

/** Calls until it is killed, several at a time. */
function clientProgram(world: SimulatedWorld, name: string, watch: Watch) {
  return async (runtime: Runtime): Promise<number> => {
    const client = new DRPCClient("server", 3772, { runtime, timeoutMs: requestTimeoutMs * 10 });
    const waiting = new Set<string>();
    watch.waiting.set(name, waiting);
    let number = 0;
    const callAgain = async (): Promise<void> => {
      for (;;) {
        const kind = runtime.random.below(40);
        const args = `${name}/${++number}${kind < 4 ? failing : kind === 4 ? silent : ""}`;
        const beganMs = world.nowMs;
        waiting.add(args);
        await ending(client, args, watch);
        waiting.delete(args);
        watch.overAtMs.set(args, world.nowMs);
        const tookMs = world.nowMs - beganMs;
        // A call that is made again, at a server that came back, has its time again.
        const allowedMs = (watch.serverWasKilled ? 2 : 1) * requestTimeoutMs + slackMs;
        if (tookMs > allowedMs) watch.faults.push(`${args} took ${tookMs} ms`);
        await sleep(runtime, runtime.random.below(100));
      }
    };
    await Promise.all(Array.from({ length: callsAtOnce }, callAgain));
    return 0;
  };
}

async function ending(client: DRPCClient, args: string, watch: Watch): Promise<void> {
  try {
    const result = await client.execute(functionName, args);
    watch.answered++;
    if (result !== `${args}!`) watch.faults.push(`${args} was answered ${result}`);
  } catch (error) {
    watch.failed++;
    if (DRPCExecutionException.is(error)) {
      const { msg, type } = error.value;
      const isItsOwn = msg === args && args.endsWith(failing);
      const isLate = type === "SERVER_TIMEOUT" && msg === "Timed Out" && args.endsWith(silent);
      if (isLate) watch.timedOut++;
      const isOfSpouts = type === "FAILED_REQUEST" && msg.includes("spouts");
      if (!isItsOwn && !isLate && !isOfSpouts) watch.faults.push(`${args} failed: ${type} ${msg}`);
    } else if (!watch.serverWasKilled || !isStormLabError(error, "SL-DRPC-NO-SERVER"))
      watch.faults.push(`${args} failed: ${String(error)}`);
  }
}

/** Takes calls over one connection and answers over others, after a while, in batches or one by one. */
function spoutProgram(world: SimulatedWorld, watch: Watch) {
  return async (runtime: Runtime): Promise<number> => {
    for (;;) {
      const fetching = await connected(runtime);
      while (fetching.isOpen) {
        const asked = fetching.calls.fetchRequests({ functionName, max: 1 + runtime.random.below(20), waitMs: 2000 });
        const requests = await asked.catch(() => []);
        for (const { func_args } of requests) seen(world, watch, func_args);
        if (requests.length > 0) answer(runtime, requests).catch((error: unknown) => watch.faults.push(String(error)));
      }
    }
  };
}

function seen(world: SimulatedWorld, watch: Watch, args: string): void {
  const count = (watch.handedOut.get(args) ?? 0) + 1;
  watch.handedOut.set(args, count);
  if (count > 1) watch.again++;
  const overAtMs = watch.overAtMs.get(args);
  if (overAtMs !== undefined && world.nowMs - overAtMs > handOutSlackMs)
    watch.faults.push(`${args} was handed out ${world.nowMs - overAtMs} ms after it was over`);
}

/** What a connection did not take, another one may, as Storm's ReturnResults tries; perhaps at the server's next life. */
async function answer(runtime: Runtime, all: readonly DRPCRequest[]): Promise<void> {
  await sleep(runtime, runtime.random.below(400));
  const requests = all.filter(({ func_args }) => !func_args.endsWith(silent));
  for (let attempt = 0; attempt < 3; attempt++) {
    const connection = await connected(runtime);
    const isTaken = await settled(runtime, connection, requests).then(
      () => true,
      () => false,
    );
    await connection.close();
    if (isTaken) return;
  }
}

async function settled(runtime: Runtime, { calls }: Invocations, requests: readonly DRPCRequest[]): Promise<void> {
  if (runtime.random.below(2) === 0) {
    for (const { request_id: id, func_args: args } of requests) {
      if (args.endsWith(failing)) await calls.failRequestV2({ id, e: { msg: args, type: "FAILED_REQUEST" } });
      else await calls.result({ id, result: `${args}!` });
    }
    return;
  }
  const results = requests.map(({ request_id, func_args: args }) =>
    args.endsWith(failing) ? { request_id, failure: { msg: args } } : { request_id, result: `${args}!` },
  );
  await calls.results({ results });
}

async function connected(runtime: Runtime): Promise<Invocations> {
  for (;;) {
    const options = { runtime, host: "server", port: 3773, service: DistributedRPCInvocations, timeoutMs: 5000 };
    const client = await connectThrift(options).catch(() => null);
    if (client !== null) return client;
    await sleep(runtime, 50);
  }
}

function sleep(runtime: Runtime, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    runtime.timers.after(delayMs, resolve);
  });
}
