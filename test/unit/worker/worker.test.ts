import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addresses, Bench, type Sent } from "./bench.ts";

describe("a worker", () => {
  it("connects to every worker but itself, and again when told that one has moved", async () => {
    const bench = new Bench();
    await bench.listen();
    bench.worker.connect(addresses("fake://0", "fake://elsewhere"));
    assert.deepEqual(bench.endpoint.connections, [
      [1, "fake://1"],
      [1, "fake://elsewhere"],
    ]);
  });

  it("executes what comes from other workers, its tree and all, and sends on what is anchored to it", async () => {
    const bench = new Bench();
    await bench.start();
    bench.receive("one", [1, 2, 3, 4]);
    bench.receive("two", [1, 2, 5, 6], [7, 8, 9, 10]);
    await bench.world.until(() => bench.executed.length === 2, { what: "both tuples" });
    const wide = (hi: number, lo: number) => ((BigInt(hi) << 32n) | BigInt(lo)).toString();
    assert.deepEqual([...(bench.executed[0]?.getMessageId() ?? [])], [[wide(1, 2), wide(3, 4)]]);
    assert.deepEqual(
      [...(bench.executed[1]?.getMessageId() ?? [])],
      [
        [wide(1, 2), wide(5, 6)],
        [wide(7, 8), wide(9, 10)],
      ],
    );
    assert.deepEqual(
      bench.endpoint.sent.map(([peer, target, source, , rootHi, rootLo]) => [peer, target, source, rootHi, rootLo]),
      [
        [1, 3, 1, 1, 2],
        [1, 3, 1, 1, 2],
      ],
    );
    const [, two] = bench.endpoint.sent as [Sent, Sent];
    assert.deepEqual(two[8]?.slice(0, 2), [7, 8]);
    assert.deepEqual(two[8]?.slice(2), [two[6], two[7]], "one edge for the tuple, in every tree");
    assert.ok(bench.endpoint.flushes > 0);
  });

  it("keeps what comes before it is open until it is open", async () => {
    const ready = Promise.withResolvers<void>();
    const bench = new Bench({ prepare: () => ready.promise });
    await bench.listen();
    const opening = bench.worker.open();
    bench.receive("early");
    await bench.world.run({ forMs: 100 });
    assert.equal(bench.executed.length, 0);
    ready.resolve();
    await bench.finish(opening);
    await bench.world.run({ forMs: 100 });
    assert.equal(bench.executed.length, 0, "open, and not started");
    bench.worker.start(true);
    await bench.world.until(() => bench.executed.length === 1, { what: "the early tuple" });
  });

  for (const [what, press] of [
    ["says that its task is under pressure", (bench: Bench, on: boolean) => bench.handlers.pressure(1, on ? [3] : [])],
    ["cannot be sent more", (bench: Bench, on: boolean) => bench.handlers.congestion(1, on)],
  ] as const) {
    it(`holds its spout and bolts while another worker ${what}`, async () => {
      const bench = new Bench();
      await bench.start();
      bench.emitting = true;
      bench.worker.activate();
      await bench.world.until(() => bench.spoutEmits > 100, { what: "tuples" });
      press(bench, true);
      press(bench, true);
      const { spoutEmits } = bench;
      bench.receive("waits");
      await bench.world.run({ forMs: 1000 });
      assert.equal(bench.spoutEmits, spoutEmits);
      assert.ok(!bench.executed.some((tuple) => tuple.getValue(0) === "waits"));
      press(bench, false);
      await bench.world.until(() => bench.spoutEmits > spoutEmits, { what: "tuples again" });
      await bench.world.until(() => bench.executed.some((tuple) => tuple.getValue(0) === "waits"), {
        what: "it goes on",
      });
    });
  }

  it("goes on only when neither pressure nor congestion holds it", async () => {
    const bench = new Bench();
    await bench.start();
    bench.handlers.pressure(1, [3]);
    bench.handlers.congestion(1, true);
    bench.receive("waits");
    bench.handlers.pressure(1, []);
    await bench.world.run({ forMs: 100 });
    assert.equal(bench.executed.length, 0);
    bench.handlers.congestion(1, false);
    await bench.world.until(() => bench.executed.length === 1, { what: "it goes on" });
  });

  it("tells the others when a queue of its own is full, and when it has drained", async () => {
    const bench = new Bench({ slow: true });
    await bench.start();
    for (let value = 0; value < 6; value++) bench.receive(value);
    await bench.world.run({ forMs: 10 });
    assert.deepEqual(bench.endpoint.pressures, [[1]]);
    for (let value = 0; value < 6; value++) {
      bench.release.shift()?.();
      await bench.world.run({ forMs: 10 });
    }
    assert.deepEqual(bench.endpoint.pressures, [[1], []]);
    assert.deepEqual(
      bench.executed.map((tuple) => tuple.getValue(0)),
      [0, 1, 2, 3, 4, 5],
    );
  });

  it("tells of frames that were lost, and goes on", async () => {
    const bench = new Bench();
    await bench.start();
    bench.handlers.lost(1, 3);
    assert.deepEqual(
      bench.problems.map(({ code, message }) => [code, message]),
      [["SL-FRAMES-LOST", "3 frame(s) from worker 1 were lost"]],
    );
    bench.receive("on");
    await bench.world.until(() => bench.executed.length === 1, { what: "it goes on" });
  });

  it("is quiet only when nothing is queued or under way", async () => {
    const bench = new Bench({ slow: true });
    await bench.start();
    await bench.world.until(() => bench.worker.progress.quiet, { what: "quiet" });
    bench.receive("one");
    assert.equal(bench.worker.progress.quiet, false, "queued");
    await bench.world.until(() => bench.executed.length === 1, { what: "it is executed" });
    assert.equal(bench.worker.progress.quiet, false, "under way");
    bench.release[0]?.();
    await bench.world.until(() => bench.worker.progress.quiet, { what: "quiet again" });
    assert.equal(bench.worker.progress.sent, 1);
  });

  it("says false when its components cannot be opened, and whose fault it is", async () => {
    const bench = new Bench({ prepare: () => Promise.reject(new Error("no")) });
    await bench.listen();
    assert.equal(await bench.finish(bench.worker.open()), false);
    assert.deepEqual(
      bench.failures.map(({ componentId, taskId }) => [componentId, taskId]),
      [["b", 1]],
    );
  });

  it("closes its components, then its endpoint", async () => {
    const bench = new Bench();
    await bench.start();
    await bench.finish(bench.worker.stop(250));
    assert.equal(bench.endpoint.closedWithMs, 250);
    bench.receive("late");
    await bench.world.run({ forMs: 1000 });
    assert.equal(bench.executed.length, 0);
  });
});
