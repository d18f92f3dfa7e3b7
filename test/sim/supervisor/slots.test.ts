/** A supervisor keeps its slots equal to the assignment, whatever dies, hangs or is away meanwhile. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom } from "../../../src/base/index.ts";
import { seeds } from "../../kit/index.ts";
import { ports, SupervisorStage, type Wanted } from "./stage.ts";

const executors = [
  [1, 1],
  [2, 3],
] as const;

function wantedText(wanted: ReadonlyMap<string, readonly Wanted[]>): string[] {
  return [...wanted].flatMap(([id, slots]) => slots.map(({ host, port }) => `${id} on ${host}:${port}`)).sort();
}

function runningText(stage: SupervisorStage): string[] {
  return stage
    .workers()
    .map(({ process, port, topologyId }) => `${topologyId} on ${process.host.name}:${port}`)
    .sort();
}

async function untilRuns(stage: SupervisorStage, wanted: ReadonlyMap<string, readonly Wanted[]>): Promise<void> {
  const expected = wantedText(wanted).join();
  await stage.world
    .until(() => runningText(stage).join() === expected, { what: "the slots hold what is wanted", deadlineMs: 120_000 })
    .catch((error: unknown) => {
      throw new Error(`wanted: ${expected}\nruns: ${runningText(stage).join()}\n${stage.logs.slice(-30).join("\n")}`, {
        cause: error,
      });
    });
}

async function begin(seed: number, hosts: readonly string[], zooKeepers = 1): Promise<SupervisorStage> {
  const stage = new SupervisorStage(seed, zooKeepers);
  await stage.zk.untilWhole();
  for (const host of hosts) stage.startSupervisor(host);
  const there = async () => {
    while ((await stage.state.supervisors()).length < hosts.length)
      await new Promise<void>((resolve) => stage.world.at(stage.world.nowMs + 100, resolve));
  };
  await stage.finish(there(), "the supervisors have registered");
  await stage.finish(stage.rememberSupervisors(), "their ids");
  return stage;
}

describe("a supervisor", () => {
  const wc = new Map([["wc-1-1", [{ host: "s1", port: 6700, executors }]]]);

  it("fetches code, launches a worker, reports it, and ends it when it is not wanted any more", async () => {
    const stage = await begin(1, ["s1"]);
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    await stage.world.until(() => stage.heartbeats.length > 0, { what: "nimbus hears of the worker" });
    const [beat] = stage.heartbeats.at(-1)?.worker_heartbeats ?? [];
    assert.equal(beat?.storm_id, "wc-1-1");
    assert.deepEqual(
      beat?.executors.map(({ task_start, task_end }) => [task_start, task_end]),
      executors.map((range) => [...range]),
    );
    await stage.finish(stage.unassign("wc-1-1"), "unassigned");
    await untilRuns(stage, new Map());
  });

  it("downloads a topology's code once, however many of its slots want it at once", async () => {
    const stage = await begin(7, ["s1"]);
    const slots = ports.map((port, index) => ({
      host: "s1",
      port,
      executors: [[index + 1, index + 1]] as const,
    }));
    await stage.finish(stage.assign("wc-1-1", slots), "assigned");
    await untilRuns(stage, new Map([["wc-1-1", slots]]));
    const said = (words: string) => stage.logs.filter((line) => line.includes(words)).length;
    assert.deepEqual([said("Downloading code"), said("Could not download")], [1, 0]);
  });

  it("launches again what has died, and what has gone silent", async () => {
    const stage = await begin(2, ["s1"]);
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    const [first] = stage.workers();
    stage.world.kill(first?.process.pid ?? 0);
    await stage.world.until(() => stage.workers().some(({ process }) => process !== first?.process), {
      what: "another worker",
    });
    const [second] = stage.workers();
    stage.world.pause(second?.process.pid ?? 0);
    await stage.world.until(() => second?.process.alive === false, { what: "the frozen one is killed" });
    await untilRuns(stage, wc);
  });

  it("lets a worker be silent for as long as its topology allows, also after its own death", async () => {
    const stage = await begin(9, ["s1"]);
    stage.topologyConf = { "topology.worker.timeout.secs": 300 };
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    await stage.world.until(() => stage.heartbeats.length > 0, { what: "the worker has beaten" });
    const [worker] = stage.workers();
    stage.world.pause(worker?.process.pid ?? 0);
    await stage.world.run({ forMs: 120_000 });
    stage.world.kill(stage.supervisor("s1").pid);
    stage.startSupervisor("s1");
    await stage.world.run({ forMs: 120_000 });
    assert.equal(worker?.process.alive, true);
    await stage.world.until(() => worker?.process.alive === false, { what: "it is killed", deadlineMs: 400_000 });
    await untilRuns(stage, wc);
  });

  it("starts a worker again when its topology gets another conf, once", async () => {
    const stage = await begin(10, ["s1"]);
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    await stage.world.until(() => stage.heartbeats.length > 0, { what: "the worker has beaten" });
    const [first] = stage.workers();
    stage.topologyConf = { "topology.max.spout.pending": 10 };
    await stage.world.until(() => first?.process.alive === false, { what: "it is ended", deadlineMs: 90_000 });
    await untilRuns(stage, wc);
    const [second] = stage.workers();
    await stage.world.run({ forMs: 120_000 });
    assert.equal(second?.process.alive, true);
    const said = stage.logs.filter((line) => line.includes("Updated the blob"));
    assert.equal(said.length, 1, said.join("; "));
  });

  it("leaves its workers alone when the clock is set", async () => {
    const stage = await begin(8, ["s1"]);
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    const [worker] = stage.workers();
    // At many moments between a beat and the next.
    for (let times = 1; times <= 30; times++) {
      stage.world.setClockSkew("s1", times % 10 === 0 ? 0 : times * 60_000);
      await stage.world.run({ forMs: 370 });
      assert.equal(worker?.process.alive, true, `set ${times} times`);
    }
  });

  it("finds its workers again after its own death, and leaves them alone", async () => {
    const stage = await begin(3, ["s1"]);
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    await stage.world.run({ forMs: 3000 });
    const [worker] = stage.workers();
    stage.world.kill(stage.supervisor("s1").pid);
    await stage.world.run({ forMs: 2000 });
    stage.startSupervisor("s1");
    await stage.world.run({ forMs: 30_000 });
    assert.deepEqual(
      stage.workers().map(({ process }) => process.pid),
      [worker?.process.pid],
    );
  });

  it("ends, after its own death, what was taken away meanwhile", async () => {
    const stage = await begin(4, ["s1"]);
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    stage.world.kill(stage.supervisor("s1").pid);
    await stage.finish(stage.unassign("wc-1-1"), "unassigned");
    stage.startSupervisor("s1");
    await untilRuns(stage, new Map());
  });

  it("keeps its workers while ZooKeeper is away", async () => {
    const stage = await begin(5, ["s1"]);
    await stage.finish(stage.assign("wc-1-1", wc.get("wc-1-1") ?? []), "assigned");
    await untilRuns(stage, wc);
    await stage.world.run({ forMs: 3000 });
    const [worker] = stage.workers();
    stage.zk.kill("zk1");
    stage.world.kill(stage.supervisor("s1").pid);
    stage.startSupervisor("s1");
    await stage.world.run({ forMs: 20_000 });
    assert.equal(worker?.process.alive, true);
    stage.zk.start("zk1");
    await stage.world.run({ forMs: 20_000 });
    await untilRuns(stage, wc);
  });

  it("refuses the id of another supervisor", async () => {
    const stage = await begin(6, ["s1"]);
    const [id = ""] = await stage.finish(stage.state.supervisors(), "the id");
    const copy = stage.world.start({ host: "s2", name: "copy" }).runtime;
    const original = stage.world.start({ host: "s1", name: "reader" }).runtime;
    await stage.finish(
      (async () => {
        const folder = "/storm-local/supervisor/localstate";
        await copy.fs.makeDirectory(folder);
        for (const name of await original.fs.list(folder))
          await copy.fs.writeFile(`${folder}/${name}`, await original.fs.readFile(`${folder}/${name}`));
      })(),
      "the folder is copied",
    );
    const world = stage.world;
    const failed = assert.rejects(
      (async () => {
        stage.startSupervisor("s2");
        await world.run({ forMs: 20_000 });
      })(),
      /SL-SIM-UNCAUGHT|supervisor id/,
    );
    await failed;
    assert.ok(id.length > 0);
  });
});

describe("over seeds of crashes, pauses and changes", () => {
  it("slots come to hold what is wanted, each with one owner, and no orphan stays", async () => {
    for (const seed of seeds({ smoke: 15 })) await runSeed(seed);
  });
});

/** A few dozen events, then peace: everything must come right. */
async function runSeed(seed: number): Promise<void> {
  const random = new SeededRandom(seed);
  const hosts = ["s1", "s2", "s3"];
  const stage = await begin(seed, hosts);
  const wanted = new Map<string, readonly Wanted[]>();
  for (let event = 0; event < 25; event++) {
    await disturb(stage, random, hosts, wanted);
    await stage.world.run({ forMs: random.below(4000) });
  }
  stage.world.heal();
  stage.zk.start("zk1");
  for (const { process } of stage.workers()) stage.world.resume(process.pid);
  for (const host of hosts) {
    stage.startSupervisor(host);
    // From now on it lives.
    stage.world.killAtOperation(stage.supervisor(host).pid, Number.MAX_SAFE_INTEGER);
  }
  // Of a disturbance that a dead ensemble has swallowed, the last word counts.
  for (const id of ["a-1-1", "b-2-1", "c-3-1"]) {
    const slots = wanted.get(id);
    await stage.finish(slots === undefined ? stage.unassign(id) : stage.assign(id, slots), `the last word on ${id}`);
  }
  await untilRuns(stage, wanted);
  await stage.world.run({ forMs: 15_000 });
  assert.deepEqual(runningText(stage), wantedText(wanted), `seed ${seed}: it does not stay so`);
  assert.deepEqual(stage.violations, [], `seed ${seed}`);
}

async function disturb(
  stage: SupervisorStage,
  random: SeededRandom,
  hosts: readonly string[],
  wanted: Map<string, readonly Wanted[]>,
): Promise<void> {
  const host = hosts[random.below(hosts.length)] as string;
  const workers = stage.workers();
  const worker = workers.length === 0 ? undefined : workers[random.below(workers.length)];
  switch (random.below(8)) {
    case 0:
      if (worker !== undefined) stage.world.kill(worker.process.pid);
      return;
    case 1:
      if (worker !== undefined) stage.world.pause(worker.process.pid);
      return;
    case 2:
      stage.world.kill(stage.supervisor(host).pid);
      return;
    case 3:
      stage.startSupervisor(host);
      // In the middle of what it does next, or a little later.
      if (random.below(2) === 0) stage.world.killAtOperation(stage.supervisor(host).pid, random.below(200));
      return;
    case 4:
      stage.world.partition([host], ["zk1", "nimbus"]);
      return;
    case 5:
      stage.world.heal();
      return;
    default:
      return reassign(stage, random, hosts, wanted);
  }
}

/** Some topology gets other slots, none of which another one has. */
async function reassign(
  stage: SupervisorStage,
  random: SeededRandom,
  hosts: readonly string[],
  wanted: Map<string, readonly Wanted[]>,
): Promise<void> {
  const id = ["a-1-1", "b-2-1", "c-3-1"][random.below(3)] as string;
  wanted.delete(id);
  const taken = new Set([...wanted.values()].flat().map(({ host, port }) => `${host}:${port}`));
  const free = hosts
    .flatMap((host) => ports.map((port) => ({ host, port })))
    .filter(({ host, port }) => !taken.has(`${host}:${port}`));
  const slots = free
    .filter(() => random.below(3) === 0)
    .map((place, index) => ({ ...place, executors: [[index + 1, index + 1 + random.below(2)]] as const }));
  if (slots.length > 0) wanted.set(id, slots);
  // Nimbus writes the other assignments first where a slot changes hands; here each is written whole.
  await stage.finish(slots.length > 0 ? stage.assign(id, slots) : stage.unassign(id), `assigning ${id}`, 300_000);
}
