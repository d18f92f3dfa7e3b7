import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addresses, Bench } from "./bench.ts";

describe("a worker whose peers change", () => {
  const worker7 = new Map([
    [0, [1, 2, 4]],
    [7, [3]],
  ]);
  const at7 = new Map([
    [0, "fake://0"],
    [7, "fake://7"],
  ]);

  it("sends to where the task is now, and forgets a worker without any", async () => {
    const bench = new Bench();
    await bench.start();
    bench.receive("before");
    await bench.world.until(() => bench.endpoint.sent.length === 1, { what: "a tuple" });
    bench.worker.reassign(worker7, at7);
    bench.receive("after");
    await bench.world.until(() => bench.endpoint.sent.length === 2, { what: "another tuple" });
    assert.deepEqual(
      bench.endpoint.sent.map(([peer, target]) => [peer, target]),
      [
        [1, 3],
        [7, 3],
      ],
    );
    assert.deepEqual(bench.endpoint.connections.at(-1), [7, "fake://7"]);
    assert.deepEqual(bench.endpoint.disconnected, [1]);
  });

  for (const [what, press] of [
    ["pressure", (bench: Bench) => bench.handlers.pressure(1, [3])],
    ["congestion", (bench: Bench) => bench.handlers.congestion(1, true)],
  ] as const) {
    it(`goes on after the ${what} of a worker that has gone, also when it comes back`, async () => {
      const bench = new Bench();
      await bench.start();
      press(bench);
      bench.receive("waits");
      await bench.world.run({ forMs: 100 });
      assert.equal(bench.executed.length, 0);
      bench.worker.reassign(worker7, at7);
      await bench.world.until(() => bench.executed.length === 1, { what: "it goes on" });
      bench.worker.reassign(
        new Map([
          [0, [1, 2, 4]],
          [1, [3]],
        ]),
        addresses("fake://0", "fake://1"),
      );
      bench.receive("on");
      await bench.world.until(() => bench.executed.length === 2, { what: "it still goes on" });
    });
  }

  it("waits for a task under pressure where it is now", async () => {
    const bench = new Bench();
    await bench.start();
    bench.worker.reassign(worker7, at7);
    bench.handlers.pressure(7, [3]);
    bench.receive("waits");
    await bench.world.run({ forMs: 100 });
    assert.equal(bench.executed.length, 0);
  });

  it("drops tuples for a task that no worker has", async () => {
    const bench = new Bench();
    await bench.start();
    bench.worker.reassign(new Map([[0, [1, 2, 4]]]), addresses("fake://0"));
    bench.receive("one");
    await bench.world.until(() => bench.executed.length === 1, { what: "it is executed" });
    assert.deepEqual(bench.endpoint.sent, []);
  });

  it("knows which workers are there, and asks the others for a sign of life", async () => {
    const bench = new Bench();
    await bench.start();
    assert.deepEqual(bench.worker.askAbsent(), [1]);
    assert.deepEqual(bench.endpoint.greeted, [1]);
    bench.handlers.appeared(1);
    assert.deepEqual(bench.worker.askAbsent(), []);
    assert.deepEqual([bench.endpoint.greeted, bench.appeared], [[1], [1]]);
  });

  it("drops what comes for a task of another worker or on a stream that nobody knows, and tells of it", async () => {
    const bench = new Bench();
    await bench.start();
    const arrive = (task: number, stream: number) => bench.handlers.tuple(task, 4, stream, 0, 0, 0, 0, null, [1]);
    arrive(3, 1);
    arrive(1, 99);
    for (let more = 0; more < 5; more++) arrive(3, 1);
    assert.deepEqual(
      bench.problems.map(({ code, message }) => [code, /^\d+/.exec(message)?.[0]]),
      [
        ["SL-TUPLES-STRAY", "1"],
        ["SL-TUPLES-STRAY", "2"],
        ["SL-TUPLES-STRAY", "4"],
      ],
    );
    bench.receive("on");
    await bench.world.until(() => bench.executed.length === 1, { what: "it goes on" });
  });
});
