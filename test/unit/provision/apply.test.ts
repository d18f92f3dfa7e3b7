import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Daemon } from "../../../provision/cluster/layout.ts";
import type { Action } from "../../../provision/plan/actions.ts";
import { applyPlan, type PlanStep } from "../../../provision/plan/apply.ts";
import { endProcess, readPidFile, writePidFile } from "../../../provision/processes/managed-process.ts";
import { type Runtime, SimulatedWorld } from "../../../src/base/index.ts";

/** A machine with a program `storm-lab` that writes its pid file and runs until it is ended. */
function machine() {
  const world = new SimulatedWorld({ seed: 1, logLevel: "error" });
  world.registerProgram("storm-lab", async (runtime, [pidFile = ""]) => {
    await writePidFile(runtime, pidFile);
    runtime.timers.every(1000, () => {});
    return new Promise<number>(() => {});
  });
  const { runtime } = world.start({ host: "a", name: "up" });
  const finish = <T>(promise: Promise<T>) => world.finish(promise, { what: "the test ends" });
  return { world, runtime, finish };
}

const daemon: Daemon = {
  id: "nimbus1",
  role: "nimbus",
  node: "node1",
  args: [],
  folder: "/c/node1",
  outputFile: "/c/node1/logs/nimbus.log",
  pidFile: "/c/run/nimbus1.pid",
  configFiles: [],
  ports: [],
  env: {},
};

async function startOn(runtime: Runtime) {
  const child = await runtime.processes.spawn({ program: "storm-lab", args: [daemon.pidFile], detached: true });
  const identity = runtime.processes.identity(child.pid) ?? "";
  return { id: daemon.id, pid: child.pid, identity, pidFile: daemon.pidFile };
}

const creation: readonly Action[] = [
  { kind: "folder", path: "/c/run" },
  { kind: "file", path: "/c/cluster.yaml", text: "name: c\n", executable: false, before: null },
  { kind: "start", daemons: [daemon] },
  { kind: "verify", what: "wait for nimbus" },
];

async function apply(runtime: Runtime, actions: readonly Action[], fail: { verify?: boolean; at?: number } = {}) {
  const steps: PlanStep[] = [];
  let looked = 0;
  const options = {
    onStep: (step: PlanStep) => steps.push(step),
    start: () => startOn(runtime),
    verify: () => (fail.verify === true ? Promise.reject(new Error("no leader")) : Promise.resolve()),
    checkpoint: () => {
      if (looked++ === fail.at) throw new Error("interrupted");
    },
  };
  const error = await applyPlan(runtime, { summary: "", actions }, options).then(
    () => null,
    (thrown: Error) => thrown.message,
  );
  return { steps, error };
}

describe("carrying a plan out", () => {
  it("does every action in order and says so", async () => {
    const { runtime, finish } = machine();
    const { steps, error } = await finish(apply(runtime, creation));
    assert.equal(error, null);
    assert.deepEqual(
      steps.map(({ step, state }) => `${step} ${state}`),
      ["1 begin", "1 done", "2 begin", "2 done", "3 begin", "3 done", "4 begin", "4 done"],
    );
    assert.equal(Buffer.from(await finish(runtime.fs.readFile("/c/cluster.yaml"))).toString(), "name: c\n");
  });

  for (const [what, fail] of [
    ["the cluster does not come up", { verify: true }],
    ["the user interrupts it", { at: 3 }],
  ] as const) {
    it(`leaves nothing behind when ${what}`, async () => {
      const { runtime, finish } = machine();
      const { steps, error } = await finish(apply(runtime, creation, fail));
      assert.notEqual(error, null);
      assert.deepEqual(
        steps.flatMap(({ state, text }) => (state === "undone" ? [text] : [])),
        ["stopped nimbus1", "removed /c/cluster.yaml", "removed /c/"],
      );
      assert.equal(await finish(runtime.fs.stat("/c")), null);
    });
  }

  it("leaves nothing behind on a disk that is full", async () => {
    const { world, runtime, finish } = machine();
    await finish(runtime.fs.makeDirectory("/c"));
    world.setDisk("a", { full: true });
    const { error } = await finish(apply(runtime, creation.slice(1)));
    assert.match(error ?? "", /ENOSPC/);
    world.setDisk("a", { full: false });
    assert.deepEqual(await finish(runtime.fs.list("/c")), []);
  });

  it("gives a file back what it held", async () => {
    const { runtime, finish } = machine();
    await finish(apply(runtime, creation.slice(0, 2)));
    const rewrite: Action = {
      kind: "file",
      path: "/c/cluster.yaml",
      text: "name: d\n",
      executable: false,
      before: "name: c\n",
    };
    await finish(apply(runtime, [rewrite, { kind: "verify", what: "" }], { verify: true }));
    assert.equal(Buffer.from(await finish(runtime.fs.readFile("/c/cluster.yaml"))).toString(), "name: c\n");
  });
});

describe("a process of a pid file", () => {
  it("is known while it runs, and ended by SIGTERM", async () => {
    const { runtime, finish } = machine();
    const started = await finish(
      (async () => {
        await runtime.fs.makeDirectory("/c/run");
        return startOn(runtime);
      })(),
    );
    const read = async () => {
      for (;;) {
        const found = await readPidFile(runtime, "nimbus1", daemon.pidFile);
        if (found !== null) return found;
        await new Promise<void>((resolve) => runtime.timers.after(5, resolve));
      }
    };
    assert.deepEqual(await finish(read()), started);
    await finish(endProcess(runtime, started));
    assert.equal(await finish(readPidFile(runtime, "nimbus1", daemon.pidFile)), null);
    assert.equal(await finish(runtime.fs.stat(daemon.pidFile)), null);
  });

  it("is never another one with the same number", async () => {
    const { runtime, finish } = machine();
    const other = runtime.processes.pid;
    await finish(
      (async () => {
        await runtime.fs.makeDirectory("/c/run");
        await runtime.fs.writeFile("/c/run/x.pid", Buffer.from(`${other}\n`));
        await runtime.fs.writeFile("/c/run/x.pid.identity", Buffer.from(`${other} of-another-life\n`));
      })(),
    );
    assert.equal(await finish(readPidFile(runtime, "x", "/c/run/x.pid")), null);
  });
});
