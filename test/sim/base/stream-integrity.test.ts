/** Whatever the network does, a stream is what was written, up to some point. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { seeds } from "../../kit/index.ts";
import { port, sleep } from "./programs.ts";

const totalBytes = 200_000;

/** The byte at this place of the stream. */
function expected(place: number): number {
  return (place * 31 + (place >> 8)) & 255;
}

async function play(seed: number): Promise<"complete" | "cut"> {
  const random = new SeededRandom(seed, "faults");
  const profile = {
    network: { loss: random.float() * 0.05, windowBytes: 1 + random.below(60_000), split: random.float() },
  };
  const world = new SimulatedWorld({ seed, profile });
  let received = 0;
  let ends = 0;
  const closes: (string | undefined)[] = [];
  world.start({
    host: "a",
    program: async (runtime) => {
      await runtime.net.listen({ port }, (socket) => {
        let until = received + random.below(60_000);
        socket.handle({
          data: (bytes) => {
            const wrong = bytes.findIndex((byte, i) => byte !== expected(received + i));
            assert.equal(wrong, -1, `byte ${received + wrong} of the stream`);
            received += bytes.length;
            if (received < until) return;
            until = received + random.below(60_000);
            socket.pause();
            runtime.timers.after(random.below(50), () => socket.resume());
          },
          end: () => {
            ends++;
            socket.end();
          },
          close: (error) => closes.push(error?.code),
        });
      });
      return new Promise(() => {});
    },
  });
  const writer = world.start({
    host: "b",
    program: async (runtime) => {
      await sleep(runtime, 5);
      const socket = await runtime.net.connect({ host: "a", port, timeoutMs: 60_000 });
      let written = 0;
      let wake: (() => void) | null = null;
      socket.handle({ data: () => assert.fail("nobody answers"), drain: () => wake?.(), close: () => wake?.() });
      while (written < totalBytes) {
        const bytes = Uint8Array.from(
          { length: Math.min(totalBytes - written, 1 + runtime.random.below(20_000)) },
          (_, i) => expected(written + i),
        );
        written += bytes.length;
        if (!socket.write(bytes))
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
      }
      socket.end();
      return new Promise(() => {});
    },
  });
  disturb(world, random, writer.pid);
  await world.run({ untilMs: 1_200_000 });
  assert.ok(closes.length <= 1, "close comes at most once");
  if (received < totalBytes || ends === 0) return "cut";
  assert.deepEqual(closes, [undefined], "an orderly end is told as one");
  assert.equal(received, totalBytes);
  return "complete";
}

function disturb(world: SimulatedWorld, random: SeededRandom, writer: number): void {
  const atMs = 5 + random.below(30);
  if (random.chance(0.5)) {
    world.at(atMs, () => world.partition(["a"], ["b"], { oneWay: random.chance(0.3) }));
    world.at(atMs + random.below(20_000), () => world.heal());
  }
  if (random.chance(0.3)) {
    world.at(atMs + 5, () => world.pause(writer));
    world.at(atMs + 500, () => world.resume(writer));
  }
  if (random.chance(0.2)) world.at(atMs + random.below(40), () => world.kill(writer));
}

describe("a stream under faults", () => {
  it("is a prefix of what was written, all of it when it ends in order", async () => {
    const outcomes = { complete: 0, cut: 0 };
    for (const seed of seeds({ smoke: 60 })) {
      try {
        outcomes[await play(seed)]++;
      } catch (error) {
        throw new Error(`seed ${seed}`, { cause: error });
      }
    }
    if (process.env.STORM_LAB_SEED === undefined)
      assert.ok(outcomes.complete > 10 && outcomes.cut > 3, JSON.stringify(outcomes));
  });
});
