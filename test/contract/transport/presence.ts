/** Who is there: what a worker waits for before its spouts begin. */
import assert from "node:assert/strict";
import { closeAll, open, openPair, type Play } from "./players.ts";

export function presenceContract(play: Play): void {
  play("a peer appears without a tuple, whoever came first, and again when it has come back", async (stage) => {
    const one = await open(stage, 1);
    one.endpoint.connect(2, stage.addressOf(2));
    assert.deepEqual(one.seen.appearances, []);
    const two = await open(stage, 2);
    two.endpoint.connect(1, one.endpoint.address);
    const seen = (times: number) => () => one.seen.appearances.length === times && two.seen.appearances.length === 1;
    await stage.until(seen(1), "each knows of the other");
    await stage.finish(two.endpoint.close(0), "two ends");
    const again = await open(stage, 2);
    again.endpoint.connect(1, one.endpoint.address);
    await stage.until(() => one.seen.appearances.length === 2 && again.seen.appearances.length === 1, "two is back");
    assert.deepEqual([one.seen.appearances, again.seen.appearances], [[2, 2], [1]]);
    await closeAll(stage, one, again);
  });

  play("a greeting is answered, and one to a stranger is nothing", async (stage) => {
    const [one, two] = await openPair(stage);
    await stage.until(() => one.seen.appearances.length === 1, "two has appeared");
    const before = one.endpoint.stats().framesReceived;
    one.endpoint.greet(2);
    one.endpoint.greet(7);
    if (stage.encodes) await stage.until(() => one.endpoint.stats().framesReceived > before, "the answer");
    assert.deepEqual(one.seen.appearances, [2]);
    await closeAll(stage, one, two);
  });
}
