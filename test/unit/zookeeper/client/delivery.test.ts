import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../../src/base/index.ts";
import { Delivery } from "../../../../src/zookeeper/client/delivery.ts";

/** What user code saw of `arrivals`: replies resolve promises that are awaited three deep, events call at once. */
async function order(arrivals: readonly string[]): Promise<string[]> {
  const world = new SimulatedWorld({ seed: 1 });
  const seen: string[] = [];
  world.start({
    host: "a",
    name: "user",
    program: (runtime) => {
      const delivery = new Delivery(runtime.timers);
      for (const arrival of arrivals) {
        if (arrival.startsWith("event")) delivery.event(() => seen.push(arrival));
        else {
          const answer = Promise.withResolvers<void>();
          const outer = async () => {
            await (async () => {
              await answer.promise;
            })();
            seen.push(arrival);
          };
          void outer();
          delivery.reply(() => answer.resolve());
        }
      }
      return new Promise(() => {});
    },
  });
  await world.run({ forMs: 100 });
  return seen;
}

describe("the delivery of answers and events", () => {
  it("keeps the server's order as user code sees it", async () => {
    for (const arrivals of [
      ["reply 1", "event 1"],
      ["event 1", "reply 1"],
      ["event 1", "event 2", "reply 1", "reply 2", "event 3", "reply 3", "event 4", "event 5", "reply 4"],
      ["reply 1", "reply 2", "event 1", "reply 3"],
    ]) {
      assert.deepEqual(await order(arrivals), arrivals);
    }
  });
});
