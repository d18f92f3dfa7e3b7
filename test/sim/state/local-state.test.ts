import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedWorld } from "../../../src/base/index.ts";
import { LocalState } from "../../../src/state/index.ts";
import { LSApprovedWorkers, LSSupervisorId } from "../../../src/wire/thrift/index.ts";
import { seeds } from "../../kit/index.ts";

const directory = "/storm-local/supervisor/localstate";

class Disk {
  readonly world: SimulatedWorld;

  constructor(seed: number) {
    this.world = new SimulatedWorld({ seed, logLevel: "error" });
  }

  open() {
    const process = this.world.start({ host: "h" });
    return { process, runtime: process.runtime, state: new LocalState(process.runtime, directory) };
  }

  do<T>(promise: Promise<T>): Promise<T> {
    return this.world.finish(promise, { what: "the disk" });
  }
}

describe("local state", () => {
  it("keeps its keys in the newest of four complete versions", async () => {
    const disk = new Disk(1);
    const { state, runtime } = disk.open();
    assert.equal(await disk.do(state.get("supervisor-id", LSSupervisorId)), null);
    for (let count = 1; count <= 6; count++) {
      await disk.do(state.put("supervisor-id", LSSupervisorId, { supervisor_id: `s${count}` }));
    }
    await disk.do(state.put("approved-workers", LSApprovedWorkers, { approved_workers: new Map([["w", 6700]]) }));
    const again = disk.open().state;
    assert.deepEqual(await disk.do(again.get("supervisor-id", LSSupervisorId)), { supervisor_id: "s6" });
    assert.equal((await disk.do(again.get("approved-workers", LSApprovedWorkers)))?.approved_workers.get("w"), 6700);
    assert.equal((await disk.do(runtime.fs.list(directory))).length, 8);
  });

  it("passes over a version that is not complete or cannot be read", async () => {
    const disk = new Disk(2);
    const { state, runtime } = disk.open();
    await disk.do(state.put("supervisor-id", LSSupervisorId, { supervisor_id: "good" }));
    await disk.do(runtime.fs.writeFile(`${directory}/9000000000001`, Buffer.of(1, 2, 3)));
    await disk.do(runtime.fs.writeFile(`${directory}/9000000000002`, Buffer.of(1, 2, 3)));
    await disk.do(runtime.fs.writeFile(`${directory}/9000000000002.version`, Buffer.of()));
    assert.deepEqual(await disk.do(state.get("supervisor-id", LSSupervisorId)), { supervisor_id: "good" });
    await disk.do(state.put("supervisor-id", LSSupervisorId, { supervisor_id: "newer" }));
    assert.deepEqual(await disk.do(state.get("supervisor-id", LSSupervisorId)), { supervisor_id: "newer" });
  });

  it("loses nothing that was put when the power fails in the middle of the next put", async () => {
    for (const seed of seeds({ smoke: 40 })) {
      const random = new SeededRandom(seed);
      const disk = new Disk(seed);
      await disk.do(disk.open().state.put("supervisor-id", LSSupervisorId, { supervisor_id: "old" }));
      const { process, state } = disk.open();
      disk.world.killAtOperation(process.pid, 1 + random.below(30));
      void state.put("supervisor-id", LSSupervisorId, { supervisor_id: "new" });
      await disk.world.run({ forMs: 1000 });
      disk.world.crashHost("h");
      const found = await disk.do(disk.open().state.get("supervisor-id", LSSupervisorId));
      assert.ok(["old", "new"].includes(found?.supervisor_id ?? ""), `seed ${seed}: ${JSON.stringify(found)}`);
    }
  });
});
