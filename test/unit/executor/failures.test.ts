import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  BaseRichBolt,
  FailedException,
  ReportedFailedException,
  TopologyBuilder,
} from "../../../src/topology/index.ts";
import { ListRecord, listSpout } from "../../kit/list-spout.ts";
import { basicBolt, bolt, pair, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster, withCode } from "../../kit/virtual-cluster.ts";

const numbers = (count: number) => Array.from({ length: count }, (_, index) => [index]);
const acking = bolt({ execute: (tuple, out) => out.ack(tuple) });

describe("errors of user code", () => {
  const where: ReadonlyArray<readonly [string, () => ReturnType<typeof pair>]> = [
    [
      "a constructor",
      () => {
        let made = 0;
        class Failing extends BaseRichBolt {
          constructor() {
            super();
            if (++made > 1) throw new Error("boom");
          }
          override prepare(): void {}
          override execute(): void {}
        }
        return pair(listSpout([], new ListRecord()), () => new Failing());
      },
    ],
    [
      "open",
      () =>
        pair(
          spout({
            open: () => {
              throw new Error("boom");
            },
            nextTuple: () => {},
            declares: ["v"],
          }),
          acking,
        ),
    ],
    [
      "activate",
      () =>
        pair(
          spout({
            activate: () => {
              throw new Error("boom");
            },
            nextTuple: () => {},
            declares: ["v"],
          }),
          acking,
        ),
    ],
    [
      "nextTuple",
      () =>
        pair(
          spout({
            nextTuple: () => {
              throw new Error("boom");
            },
            declares: ["v"],
          }),
          acking,
        ),
    ],
    [
      "ack",
      () =>
        pair(
          spout({
            nextTuple: (out) => void out.emit([1], 1),
            ack: () => {
              throw new Error("boom");
            },
            declares: ["v"],
          }),
          acking,
        ),
    ],
    [
      "fail",
      () =>
        pair(
          spout({
            nextTuple: (out) => void out.emit([1], 1),
            fail: () => {
              throw new Error("boom");
            },
            declares: ["v"],
          }),
          bolt({ execute: (tuple, out) => out.fail(tuple) }),
        ),
    ],
    [
      "prepare",
      () =>
        pair(
          listSpout([[1]], new ListRecord()),
          bolt({
            prepare: () => {
              throw new Error("boom");
            },
            execute: () => {},
          }),
        ),
    ],
    [
      "an asynchronous prepare",
      () =>
        pair(
          listSpout([[1]], new ListRecord()),
          bolt({ prepare: () => Promise.reject(new Error("boom")), execute: () => {} }),
        ),
    ],
    [
      "execute",
      () =>
        pair(
          listSpout([[1]], new ListRecord()),
          bolt({
            execute: () => {
              throw new Error("boom");
            },
          }),
        ),
    ],
    [
      "a basic bolt's execute",
      () =>
        pair(
          listSpout([[1]], new ListRecord()),
          basicBolt({
            execute: () => {
              throw new Error("boom");
            },
          }),
        ),
    ],
    [
      "a basic bolt's asynchronous execute",
      () => pair(listSpout([[1]], new ListRecord()), basicBolt({ execute: () => Promise.reject(new Error("boom")) })),
    ],
  ];
  for (const [what, make] of where) {
    for (const workers of [1, 2]) {
      it(`in ${what} end the topology, and name the component (${workers} worker(s))`, async () => {
        const cluster = new VirtualCluster();
        await assert.rejects(
          async () => cluster.complete(make(), { "topology.workers": workers, "topology.acker.executors": 1 }),
          (error: Error) => {
            assert.ok(withCode("SL-COMPONENT-FAILED")(error), String(error));
            assert.match(error.message, /component "[sb]" \(task \d\) threw Error: boom/);
            return true;
          },
        );
      });
    }
  }

  it("that are no Error are shown as they are", async () => {
    const cluster = new VirtualCluster();
    const throwing = bolt({
      execute: () => {
        throw "just text" as unknown as Error;
      },
    });
    await assert.rejects(
      cluster.complete(pair(listSpout([[1]], new ListRecord()), throwing)),
      /threw string: just text/,
    );
  });

  it("stop everything: after the first nothing else of the worker is executed", async () => {
    const cluster = new VirtualCluster();
    let thrown = 0;
    const throwing = bolt({
      execute: (tuple) => {
        if (tuple.getNumber(0) < 5) return;
        thrown++;
        throw new Error("boom");
      },
    });
    await assert.rejects(cluster.complete(pair(listSpout(numbers(500), new ListRecord()), throwing, 5)));
    await cluster.world.run({ forMs: 10_000 });
    assert.equal(thrown, 1);
    assert.equal(cluster.errors.length, 1);
  });

  it("of which a FailedException of a basic bolt is only the failure of its tuple", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const tries = new Map<number, number>();
    const sink = basicBolt({
      execute: (tuple) => {
        const value = tuple.getNumber(0);
        tries.set(value, (tries.get(value) ?? 0) + 1);
        if (tries.get(value) !== 1) return;
        if (value === 1) throw new FailedException("sync");
        if (value === 2) return Promise.reject(new FailedException("async"));
        if (value === 3) throw new ReportedFailedException("reported");
      },
    });
    await cluster.complete(pair(listSpout(numbers(5), record), sink));
    assert.deepEqual(record.fails.toSorted(), [1, 2, 3]);
    assert.deepEqual(record.acks.toSorted(), [0, 1, 2, 3, 4]);
    assert.deepEqual(
      cluster.errors.map(({ message }) => message),
      ['component "b" (task 2) reported ReportedFailedException: reported'],
    );
  });

  it("that are reported leave the topology running", async () => {
    const cluster = new VirtualCluster();
    const record = new ListRecord();
    const sink = bolt({
      execute: (tuple, out) => {
        if (tuple.getNumber(0) === 2) out.reportError(new RangeError("odd"));
        out.ack(tuple);
      },
    });
    await cluster.complete(pair(listSpout(numbers(5), record), sink));
    assert.equal(record.acks.length, 5);
    assert.deepEqual(
      cluster.errors.map(({ code, message }) => [code, message]),
      [["SL-COMPONENT-REPORTED", 'component "b" (task 2) reported RangeError: odd']],
    );
  });

  it("in a custom grouping end the topology: in prepare, in the choice, and by a task that is no target", async () => {
    const groupings = [
      {
        prepare: () => {
          throw new Error("boom");
        },
        chooseTasks: () => [],
      },
      {
        prepare: () => {},
        chooseTasks: () => {
          throw new Error("boom");
        },
      },
      { prepare: () => {}, chooseTasks: () => [99] },
    ];
    for (const grouping of groupings) {
      const cluster = new VirtualCluster();
      const builder = new TopologyBuilder();
      builder.setSpout("s", listSpout([[1]], new ListRecord()));
      builder.setBolt("b", acking).customGrouping("s", () => grouping);
      await assert.rejects(cluster.complete(builder.createTopology()), (error: Error) => {
        assert.ok(withCode("SL-COMPONENT-FAILED")(error), String(error));
        return true;
      });
    }
  });

  it("in a reading of theirs, a published value or a gauge, end the topology when it is read", async () => {
    for (const what of ["publish", "gauge"]) {
      const cluster = new VirtualCluster();
      const read = (): number => {
        throw new Error("boom");
      };
      const sink = bolt({
        prepare: (_out, context) =>
          what === "publish" ? context.publish("r", read) : context.registerGauge("r", read),
        execute: (tuple, out) => out.ack(tuple),
      });
      await assert.rejects(cluster.complete(pair(listSpout([[1]], new ListRecord()), sink)), (error: Error) => {
        assert.ok(withCode("SL-COMPONENT-FAILED")(error), String(error));
        assert.match(error.message, /component "b" \(task 2\) threw Error: boom/);
        return true;
      });
    }
  });

  it("in a custom grouping's refreshLoad end the topology", async () => {
    const cluster = new VirtualCluster();
    const grouping = {
      prepare: () => {},
      chooseTasks: () => [2],
      refreshLoad: () => {
        throw new Error("boom");
      },
    };
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout({ declares: ["v"], nextTuple: () => {} }));
    builder.setBolt("b", acking).customGrouping("s", () => grouping);
    await assert.rejects(cluster.complete(builder.createTopology()), withCode("SL-COMPONENT-FAILED"));
  });
});
