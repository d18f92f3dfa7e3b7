import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { bytesOf, echoServer, port, sleep } from "./programs.ts";

/** Clients that talk, write and log, under faults drawn from the world's own chance. */
async function client(runtime: Runtime, args: readonly string[]): Promise<number> {
  const log = await runtime.fs.open("/log", "append");
  for (let round = 0; round < 30; round++) {
    try {
      const socket = await runtime.net.connect({ host: args[0] ?? "", port, timeoutMs: 200 });
      await new Promise<void>((resolve) => {
        socket.handle({ data: () => socket.end(), close: () => resolve() });
        socket.write(runtime.random.bytes(1 + runtime.random.below(5000)));
      });
    } catch (error) {
      runtime.log.warn("not connected", { error });
    }
    await log.write(bytesOf(`${runtime.clock.monotonicMs()}\n`), 0);
    if (runtime.random.below(3) === 0) await log.sync();
    await sleep(runtime, runtime.random.below(50));
  }
  await log.close();
  return 0;
}

async function play(seed: number, disturb?: () => Promise<void>) {
  const timeline: string[] = [];
  const world = new SimulatedWorld({
    seed,
    timeline: (line) => timeline.push(line),
    profile: { network: { loss: 0.02 } },
  });
  world.start({ host: "a", name: "echo", program: echoServer });
  const victims = ["b", "c", "d"].map((host) => world.start({ host, name: host, program: client, args: ["a"] }));
  world.at(100, () => world.partition(["a"], ["b"]));
  world.at(200, () => world.kill(victims[1]!.pid));
  world.at(300, () => world.pause(victims[2]!.pid));
  world.at(500, () => world.resume(victims[2]!.pid));
  world.at(700, () => world.heal());
  world.at(900, () => world.crashHost("d"));
  for (let untilMs = 250; untilMs <= 20_000; untilMs += 250) {
    await world.run({ untilMs });
    await disturb?.();
  }
  return { ...world.trace, timeline };
}

describe("one seed", () => {
  it("gives one history, whatever the real machine does meanwhile", async () => {
    const first = await play(11);
    const again = await play(11, () => new Promise((resolve) => setImmediate(resolve)));
    assert.ok(first.events > 500, `${first.events} events`);
    assert.deepEqual(again.timeline, first.timeline);
    assert.equal(again.hash, first.hash);
    assert.equal(again.events, first.events);
  });

  it("gives a history of its own", async () => {
    const hashes = new Set<string>();
    for (let seed = 1; seed <= 5; seed++) hashes.add((await play(seed)).hash);
    assert.equal(hashes.size, 5);
  });
});
