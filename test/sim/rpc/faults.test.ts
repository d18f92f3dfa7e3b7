/**
 * Calls through partitions, pauses and killed servers: each call ends in its own answer or in an error that says what is
 * known, within its time; no answer goes to another call; a handler whose client has gone is told.
 */
import assert from "node:assert/strict";
import { it } from "node:test";
import { isStormLabError, type Runtime, SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { connectThrift, serveThrift } from "../../../src/rpc/index.ts";
import { DistributedRPC, DRPCExecutionException } from "../../../src/wire/thrift/index.ts";
import { seeds } from "../../kit/index.ts";

const port = 3772;
const clientCount = 4;
const callsPerClient = 60;
const timeoutMs = 4000;
/** The timer, the turns of a paused process, and what it takes to run the callbacks. */
const slackMs = 3000;

interface Tally {
  answered: number;
  declared: number;
  /** By code: calls without answer. */
  readonly failed: Map<string, number>;
  clientsGone: number;
}

function sleep(runtime: Runtime, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    runtime.timers.after(delayMs, resolve);
  });
}

/** Answers after a while, fails sometimes, and sometimes never answers. */
function serverProgram(tally: Tally) {
  return async (runtime: Runtime): Promise<number> => {
    await serveThrift({
      runtime,
      port,
      service: DistributedRPC,
      handlers: {
        execute: async ({ functionName, funcArgs = "" }, call) => {
          call.onClientGone(() => {
            tally.clientsGone++;
          });
          if (runtime.random.below(10) > 0) await sleep(runtime, runtime.random.below(200));
          if (functionName === "silent") return new Promise<string>(() => {});
          if (functionName === "fails") throw DRPCExecutionException.error({ msg: funcArgs, type: "FAILED_REQUEST" });
          return `${funcArgs}!`;
        },
      },
    });
    return new Promise(() => {});
  };
}

function clientProgram(id: number, tally: Tally, onDone: () => void) {
  return async (runtime: Runtime): Promise<number> => {
    const connect = () =>
      connectThrift({ runtime, host: "server", port, service: DistributedRPC, timeoutMs, connectTimeoutMs: 1000 });
    let client = await reconnected(runtime, connect);
    const pending: Promise<void>[] = [];
    for (let index = 0; index < callsPerClient; index++) {
      if (!client.isOpen) client = await reconnected(runtime, connect);
      pending.push(call(runtime, client, `${id}/${index}`, tally));
      await sleep(runtime, runtime.random.below(250));
    }
    await Promise.all(pending);
    onDone();
    await client.close();
    return 0;
  };
}

async function reconnected<T>(runtime: Runtime, connect: () => Promise<T>): Promise<T> {
  for (;;) {
    const client = await connect().catch((error: unknown) => {
      assert.ok(isStormLabError(error, "SL-RPC-UNREACHABLE"), String(error));
      return null;
    });
    if (client !== null) return client;
    await sleep(runtime, 300);
  }
}

async function call(
  runtime: Runtime,
  client: Awaited<ReturnType<typeof connectThrift<typeof DistributedRPC.methods>>>,
  funcArgs: string,
  tally: Tally,
): Promise<void> {
  const functionName = ["answers", "answers", "answers", "fails", "silent"][runtime.random.below(5)]!;
  const beganMs = runtime.clock.monotonicMs();
  try {
    assert.equal(await client.calls.execute({ functionName, funcArgs }), `${funcArgs}!`);
    tally.answered++;
  } catch (error) {
    if (DRPCExecutionException.is(error)) {
      assert.deepEqual(error.value, { msg: funcArgs, type: "FAILED_REQUEST" });
      tally.declared++;
    } else {
      const code = isStormLabError(error) ? error.code : String(error);
      assert.ok(["SL-RPC-LOST", "SL-RPC-DEADLINE"].includes(code), `${error}`);
      tally.failed.set(code, (tally.failed.get(code) ?? 0) + 1);
    }
  }
  const tookMs = runtime.clock.monotonicMs() - beganMs;
  assert.ok(tookMs <= timeoutMs + slackMs, `a call took ${tookMs} ms`);
}

async function runSeed(seed: number): Promise<Tally> {
  const profile = { network: { loss: 0.01, split: 0.3, lostByPartition: 0.5 } };
  const world = new SimulatedWorld({ seed, profile, logLevel: "error" });
  const random = new SeededRandom(seed, "faults");
  const tally: Tally = { answered: 0, declared: 0, failed: new Map(), clientsGone: 0 };
  world.registerProgram("server", serverProgram(tally));
  let server = world.start({ host: "server", program: "server" });
  let done = 0;
  for (let id = 0; id < clientCount; id++)
    world.start({
      host: `client-${id}`,
      program: clientProgram(id, tally, () => {
        done++;
      }),
    });
  for (let fault = 0; fault < 6; fault++) {
    await world.run({ forMs: 500 + random.below(1000) });
    const victim = [`client-${random.below(clientCount)}`];
    switch (random.below(3)) {
      case 0:
        world.partition(["server"], victim);
        await world.run({ forMs: random.below(3000) });
        world.heal();
        break;
      case 1:
        world.pause(server.pid);
        await world.run({ forMs: random.below(2000) });
        world.resume(server.pid);
        break;
      default:
        world.kill(server.pid);
        await world.run({ forMs: random.below(1000) });
        server = world.start({ host: "server", program: "server" });
    }
  }
  await world.until(() => done === clientCount, { what: "every call has ended", deadlineMs: 120_000 });
  return tally;
}

it("each call ends in its own answer or in an error, in time, through faults", async () => {
  let answered = 0;
  const failed = new Map<string, number>();
  let clientsGone = 0;
  for (const seed of seeds({ smoke: 15 })) {
    const tally = await runSeed(seed).catch((error: unknown) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
    const failures = [...tally.failed.values()].reduce((sum, count) => sum + count, 0);
    assert.equal(tally.answered + tally.declared + failures, clientCount * callsPerClient, `seed ${seed}`);
    answered += tally.answered + tally.declared;
    clientsGone += tally.clientsGone;
    for (const [code, count] of tally.failed) failed.set(code, (failed.get(code) ?? 0) + count);
  }
  assert.ok(answered > 0 && clientsGone > 0 && failed.size === 2, JSON.stringify([answered, clientsGone, [...failed]]));
});
