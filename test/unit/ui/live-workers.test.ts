/** Whom the log cleaner takes for alive, from what supervisor and worker leave on a node's disk. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { LocalState } from "../../../src/state/index.ts";
import { liveWorkers } from "../../../src/ui/live-workers.ts";
import { LSWorkerHeartbeat } from "../../../src/wire/thrift/index.ts";

const local = "/storm-local";

describe("the workers that live", () => {
  it("are those that run, beat, or are being launched", async () => {
    const world = new SimulatedWorld({ seed: 3 });
    const { runtime } = world.start({ host: "node1" });
    const worker = world.start({ host: "node1" });
    const elsewhere = world.start({ host: "node2" });
    const done = <T>(promise: Promise<T>) => world.finish(promise, { what: "the disk" });
    const live = () => done(liveWorkers(runtime, local, 30_000));
    assert.deepEqual(await live(), { ids: new Set(), slots: new Set() }, "a node without any");

    const home = async (id: string, files: Readonly<Record<string, string>>): Promise<void> => {
      for (const folder of ["pids", "heartbeats"])
        await done(runtime.fs.makeDirectory(`${local}/workers/${id}/${folder}`));
      for (const [name, text] of Object.entries({ port: "6700\n", topology: `${id}-1-1\n`, ...files }))
        await done(runtime.fs.writeFile(`${local}/workers/${id}/${name}`, Buffer.from(text)));
    };
    const identity = runtime.processes.identity(worker.pid) ?? "";
    const beat = (id: string, agoSecs: number) => {
      const time_secs = Math.floor(runtime.clock.nowMs() / 1000) - agoSecs;
      const state = new LocalState(runtime, `${local}/workers/${id}/heartbeats`);
      const value = { time_secs, topology_id: `${id}-2-2`, executors: [], port: 6701 };
      return done(state.put("worker-heartbeat", LSWorkerHeartbeat, value));
    };
    await home("runs", { [`pids/${worker.pid}`]: identity });
    await home("another-has-its-pid", { [`pids/${worker.pid}`]: "somebody else" });
    await home("ended", { "pids/4000000": "gone" });
    await home("launched", {});
    await home("beats", { "pids/4000000": "gone" });
    await beat("beats", 20);
    await home("silent", { "pids/4000000": "gone" });
    await beat("silent", 31);
    assert.deepEqual(await live(), {
      ids: new Set(["beats", "launched", "runs"]),
      slots: new Set(["beats-1-1/6700", "beats-2-2/6701", "launched-1-1/6700", "runs-1-1/6700"]),
    });
    world.kill(worker.pid);
    assert.deepEqual((await live()).ids, new Set(["beats", "launched"]));
    world.kill(elsewhere.pid);
  });
});
