import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type TaskHook, TopologyBuilder } from "../../../src/topology/index.ts";
import { bolt, pair, type SpoutScript, spout } from "../../kit/scripted-components.ts";
import { VirtualCluster } from "../../kit/virtual-cluster.ts";

const acking = bolt({ execute: (tuple, out) => out.ack(tuple) });

describe("the life of components (Storm, Concepts)", () => {
  it("bolts are prepared before spouts are opened; spouts are closed before bolts are cleaned up", async () => {
    const cluster = new VirtualCluster();
    const events: string[] = [];
    const note = (what: string) => async () => {
      await Promise.resolve();
      events.push(what);
    };
    const source: SpoutScript = {
      declares: ["v"],
      open: note("open"),
      activate: () => void events.push("activate"),
      nextTuple: (out) => out.exhausted(),
      deactivate: () => void events.push("deactivate"),
      close: note("close"),
    };
    await cluster.complete(
      pair(spout(source), bolt({ prepare: note("prepare"), execute: () => {}, cleanup: note("cleanup") }), 2),
    );
    assert.deepEqual(events, ["prepare", "prepare", "open", "activate", "deactivate", "close", "cleanup", "cleanup"]);
  });

  it("no tuple is executed, and no spout asked, before every component of the worker is ready", async () => {
    const cluster = new VirtualCluster();
    let ready = false;
    const source: SpoutScript = {
      declares: ["v"],
      open: (out) => void out.emit([1], 1),
      nextTuple: (out) => out.exhausted(),
    };
    const builder = new TopologyBuilder();
    builder.setSpout("s", spout(source));
    builder.setSpout(
      "slow",
      spout({
        open: async () => {
          const { promise, resolve } = Promise.withResolvers<void>();
          cluster.runtime.timers.after(1000, resolve);
          await promise;
          ready = true;
        },
        nextTuple: (out) => out.exhausted(),
      }),
    );
    let executed = 0;
    builder
      .setBolt(
        "b",
        bolt({
          execute: (tuple, out) => {
            assert.ok(ready, "executed before the worker was open");
            executed++;
            out.ack(tuple);
          },
        }),
      )
      .shuffleGrouping("s");
    await cluster.complete(builder.createTopology());
    assert.equal(executed, 1);
  });

  it("a deactivated spout is not asked for tuples, yet hears its acks; activated, it goes on", async () => {
    const cluster = new VirtualCluster();
    const counts = { emitted: 0, acked: 0, activated: 0, deactivated: 0 };
    const source: SpoutScript = {
      declares: ["v"],
      activate: () => void counts.activated++,
      deactivate: () => void counts.deactivated++,
      nextTuple: (out) => void out.emit([1], counts.emitted++),
      ack: () => void counts.acked++,
    };
    const slow = bolt({ execute: (tuple, out) => void cluster.runtime.timers.after(50, () => out.ack(tuple)) });
    const topology = await cluster.submit(pair(spout(source), slow), { "topology.max.spout.pending": 10 });
    await cluster.until(() => counts.emitted >= 50, "tuples");
    topology.deactivate();
    topology.deactivate();
    const { emitted } = counts;
    await cluster.world.run({ forMs: 1000 });
    assert.deepEqual([counts.emitted, counts.acked], [emitted, emitted]);
    topology.activate();
    topology.activate();
    await cluster.until(() => counts.emitted > emitted + 20, "tuples again");
    assert.deepEqual([counts.activated, counts.deactivated], [2, 1]);
    await cluster.finish(topology.kill(), "killed");
  });

  it("closes and cleans up the rest when one of them throws while it is closed", async () => {
    const cluster = new VirtualCluster();
    const closed: string[] = [];
    const builder = new TopologyBuilder();
    for (const id of ["s1", "s2"]) {
      builder.setSpout(
        id,
        spout({
          declares: ["v"],
          nextTuple: (out) => out.exhausted(),
          deactivate: () => {
            closed.push(`deactivate ${id}`);
            throw new Error("no");
          },
          close: () => {
            closed.push(`close ${id}`);
            throw new Error("no");
          },
        }),
        2,
      );
    }
    const hook: TaskHook = { cleanup: () => void closed.push("hook") };
    const dying = bolt({
      prepare: (_out, context) => context.addTaskHook(hook),
      execute: () => {},
      cleanup: () => {
        closed.push("cleanup");
        return Promise.reject(new Error("no"));
      },
    });
    builder.setBolt("b", dying, 2).shuffleGrouping("s1");
    await cluster.complete(builder.createTopology());
    const twice = (what: string) => [what, what];
    const wanted = ["cleanup", "close s1", "close s2", "deactivate s1", "deactivate s2", "hook"].flatMap(twice);
    assert.deepEqual(closed.toSorted(), wanted);
  });

  it("nothing of a killed topology runs on: no execute, no timer, no ack", async () => {
    const cluster = new VirtualCluster();
    let events = 0;
    const source: SpoutScript = {
      declares: ["v"],
      nextTuple: (out) => void out.emit([events++], events),
      ack: () => void events++,
      fail: () => void events++,
    };
    const topology = await cluster.submit(pair(spout(source), acking), { "topology.workers": 2 });
    await cluster.world.run({ forMs: 100 });
    await cluster.finish(topology.kill(), "killed");
    const before = events;
    await cluster.world.run({ forMs: 100_000 });
    assert.equal(events, before);
    assert.ok(before > 0);
  });
});
