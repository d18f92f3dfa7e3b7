/**
 * Many calls at two real servers, one of which is killed (`kill -9`) again and again, while connections of those who answer break: every
 * call gets its own answer. STORM_LAB_DRPC_CALLS sets how many; `npm run soak -- drpc-calls` makes a million.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { DRPCClient } from "../../src/client/index.ts";
import { deadline, freePort, type TemporaryDirectory, temporaryDirectory } from "../kit/index.ts";
import { answerCalls } from "./drpc-answers.ts";
import { freePorts, startDRPCProcess } from "./drpc-process.ts";
import { runtime } from "./zookeeper-process.ts";

const callCount = Number(process.env.STORM_LAB_DRPC_CALLS ?? 20_000);
const clientCount = 64;
const functionName = "digest";
/** Of the clients together; a server serves again long before the next. */
const callsBetweenKills = 20_000;
const callsBetweenBreaks = 3000;
const endMs = 60_000 + callCount * 3;
const longBytes = 1_000_000;

/** What only this call has: by it an answer of another one is seen. */
function digest(args: string): string {
  return createHash("sha1").update(args).digest("hex");
}

/** Of a million calls some are long, some are empty, some are of other scripts. */
function argsOf(number: number): string {
  if (number % 20_011 === 7) return `${number}${"x".repeat(longBytes - 20)}`;
  if (number % 997 === 0) return "";
  return number % 3 === 0 ? `${number} größe-字-😀` : `${number}`;
}

describe("calls", () => {
  it("each get their own answer, whoever is killed", async (context) => {
    await using folder = await temporaryDirectory();
    const servers = await Promise.all([serverOf(folder), serverOf(folder)]);
    await using _all = {
      [Symbol.asyncDispose]: async () => void (await Promise.all(servers.map((each) => each.stop()))),
    };
    await using answers = answerersOf(servers.map(({ invocationsPort }) => invocationsPort));
    const addresses = servers.map(({ port }) => ({ host: "127.0.0.1", port }));
    let [next, kills] = [0, 0];
    let troubles = Promise.resolve();
    const trouble = (number: number): void => {
      if (number % callsBetweenBreaks === callsBetweenBreaks - 1)
        troubles = troubles.then(() => answers.breakOne(number));
      if (number % callsBetweenKills !== callsBetweenKills / 2) return;
      const server = servers[kills++ % servers.length]!;
      troubles = troubles.then(() => server.killAndStart());
    };
    const run = async (): Promise<void> => {
      await using client = new DRPCClient(addresses, 3772, { runtime, timeoutMs: endMs });
      for (let number = next++; number < callCount; number = next++) {
        trouble(number);
        const args = argsOf(number);
        assert.equal(await client.execute(functionName, args), digest(args), `call ${number}`);
      }
    };
    await deadline(Promise.all(Array.from({ length: clientCount }, run)), endMs, `${callCount} calls`);
    await troubles;
    assert.ok(kills > 0);
    context.diagnostic(`${callCount} calls, each with its own answer; a server was killed ${kills} times`);
  });

  it("wait by the ten thousand, and are all answered when somebody comes", async () => {
    await using folder = await temporaryDirectory();
    await using child = startDRPCProcess(folder, freePorts);
    const { port, invocationsPort } = await child.ports;
    const clients = Array.from({ length: 20 }, () => new DRPCClient("127.0.0.1", port, { runtime }));
    await using _all = {
      [Symbol.asyncDispose]: async () => void (await Promise.all(clients.map((each) => each.close()))),
    };
    const calls = Array.from({ length: 10_000 }, (_, number) =>
      clients[number % clients.length]!.execute(functionName, `${number}`).then(
        (result) => result === digest(`${number}`),
      ),
    );
    // The last one of each client waits when an earlier one of another function is answered.
    await using probe = answerCalls(invocationsPort, "probe", (args) => args);
    await deadline(Promise.all(clients.map((client) => client.execute("probe", "x"))), 60_000, "the probes");
    await using answers = answerCalls(invocationsPort, functionName, digest);
    const right = await deadline(Promise.all(calls), 60_000, "ten thousand calls");
    assert.equal(right.filter(Boolean).length, 10_000);
    assert.ok(probe !== answers);
  });

  it("and results may have a million bytes", async () => {
    await using folder = await temporaryDirectory();
    await using child = startDRPCProcess(folder, freePorts);
    const { port, invocationsPort } = await child.ports;
    await using client = new DRPCClient("127.0.0.1", port, { runtime });
    await using _answers = answerCalls(invocationsPort, "turned", (args) => `${args.slice(1)}${args[0]}`);
    const args = Array.from({ length: 8 }, (_, number) => `${number}${"é".repeat(longBytes / 2 - 10)}`);
    const results = await deadline(
      Promise.all(args.map((each) => client.execute("turned", each))),
      60_000,
      "long calls",
    );
    for (const [number, result] of results.entries()) assert.ok(result === `${args[number]!.slice(1)}${number}`);
  });
});

/** On ports that it keeps over its lives. */
async function serverOf(folder: TemporaryDirectory) {
  const [port, invocationsPort] = [await freePort(), await freePort()];
  const conf = [`drpc.port=${port}`, `drpc.invocations.port=${invocationsPort}`, "drpc.http.port=-1"];
  let child = startDRPCProcess(folder, conf);
  await child.ports;
  return {
    port,
    invocationsPort,
    async killAndStart(): Promise<void> {
      await child.process.kill();
      child = startDRPCProcess(folder, conf);
      await child.ports;
    },
    stop: () => child[Symbol.asyncDispose](),
  };
}

/** Two at each server. */
function answerersOf(ports: readonly number[]) {
  const all = [...ports, ...ports].map((port) => answerCalls(port, functionName, digest));
  return {
    breakOne: (number: number) => all[number % all.length]!.breakOff(),
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(all.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}
