import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { dial, echoServer, sleep, startEcho } from "./programs.ts";

describe("the death of a simulated process", () => {
  it("stops it between two awaits", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const steps: number[] = [];
    const victim = world.start({
      host: "a",
      program: async (runtime) => {
        for (let i = 0; ; i++) {
          steps.push(i);
          await sleep(runtime, 10);
        }
      },
    });
    await world.run({ untilMs: 35 });
    assert.equal(victim.alive, true);
    world.kill(victim.pid);
    await world.run({ untilMs: 1000 });
    assert.deepEqual(steps, [0, 1, 2, 3]);
    assert.deepEqual(victim.status, { code: null, signal: "SIGKILL" });
    assert.deepEqual(await victim.exited, victim.status);
  });

  it("stops it at any call it makes, whose effect is then not to be seen", async () => {
    const names = ["one", "two", "three"];
    const left: number[] = [];
    for (let count = 1; count <= 4; count++) {
      const world = new SimulatedWorld({ seed: 5, profile: { disk: { keepsUnsynced: false } } });
      const victim = world.start({
        host: "a",
        program: async (runtime) => {
          for (const name of names) await runtime.fs.makeDirectory(`/${name}`);
          return 0;
        },
      });
      world.killAtOperation(victim.pid, count);
      await world.run({ untilMs: 100 });
      const reader = world.start({ host: "a" });
      left.push((await world.finish(reader.runtime.fs.list("/"), { what: "list" })).length);
      assert.deepEqual(victim.status, count <= 3 ? { code: null, signal: "SIGKILL" } : { code: 0, signal: null });
    }
    assert.deepEqual(left, [0, 1, 2, 3]);
  });

  it("is seen by its peers as an end or a reset", async () => {
    const ways = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const world = new SimulatedWorld({ seed });
      const server = await startEcho(world, "a");
      const { line } = await dial(world, "b", "a");
      world.kill(server.pid);
      await world.until(() => line.closed, { what: "the peer notices", deadlineMs: 1000 });
      ways.add(line.error?.code ?? (line.ended ? "end" : "nothing"));
    }
    assert.deepEqual([...ways].sort(), ["ECONNRESET", "end"]);
  });

  it("frees its ports, so that the next one can listen", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const first = await startEcho(world, "a");
    world.kill(first.pid);
    await startEcho(world, "a");
    const { line } = await dial(world, "b", "a");
    line.say("hello");
    await world.until(() => line.received === "hello", { what: "echo" });
  });

  it("follows from the end of its main, an error in it, or an error in a callback", async () => {
    const world = new SimulatedWorld({ seed: 1, uncaught: "end the process" });
    const fine = world.start({ host: "a", program: async () => 4 });
    const rejects = world.start({ host: "a", program: () => Promise.reject(new Error("in main")) });
    const throws = world.start({
      host: "a",
      program: (runtime) => {
        runtime.timers.after(5, () => {
          throw new Error("in a callback");
        });
        return new Promise(() => {});
      },
    });
    await world.run({ untilMs: 10 });
    assert.deepEqual(fine.status, { code: 4, signal: null });
    assert.deepEqual(rejects.status, { code: 1, signal: null });
    assert.deepEqual(throws.status, { code: 1, signal: null });
  });

  it("fails the run when nobody expected it", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    world.start({ host: "a", name: "faulty", program: () => Promise.reject(new Error("planted")) });
    await assert.rejects(world.run({ untilMs: 10 }), { code: "SL-SIM-UNCAUGHT", message: /faulty.*planted/ });
  });

  it("takes children that are not detached", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    world.registerProgram("child", () => new Promise(() => {}));
    const parent = world.start({
      host: "a",
      program: async (runtime) => {
        await runtime.processes.spawn({ program: "child", args: ["kept"] });
        await runtime.processes.spawn({ program: "child", args: ["detached"], detached: true });
        return new Promise(() => {});
      },
    });
    await world.run({ untilMs: 100 });
    assert.equal(world.processes.length, 3);
    world.kill(parent.pid);
    await world.run({ untilMs: 200 });
    assert.deepEqual(
      world.processes.map((process) => process.name),
      ["detached"],
    );
  });
});

describe("a stopped process", () => {
  it("does nothing while time goes on, then everything late and in order", async () => {
    const world = new SimulatedWorld({ seed: 2 });
    const calls: string[] = [];
    const stopped = world.start({
      host: "a",
      program: async (runtime: Runtime) => {
        runtime.timers.after(30, () => calls.push(`b at ${Math.round(world.nowMs)}`));
        runtime.timers.after(20, () => calls.push(`a at ${Math.round(world.nowMs)}`));
        runtime.timers.every(10, () => calls.push("tick"));
        return new Promise(() => {});
      },
    });
    await world.run({ untilMs: 15 });
    world.pause(stopped.pid);
    await world.run({ untilMs: 95 });
    assert.deepEqual(calls, ["tick"]);
    world.resume(stopped.pid);
    await world.run({ untilMs: 97 });
    assert.deepEqual(calls, ["tick", "a at 95", "tick", "b at 95"]);
    await world.run({ untilMs: 116 });
    assert.deepEqual(calls.slice(4), ["tick", "tick"]);
  });

  it("keeps its connections, which its kernel goes on serving", async () => {
    const world = new SimulatedWorld({ seed: 3 });
    const server = await startEcho(world, "a");
    const { line } = await dial(world, "b", "a");
    world.pause(server.pid);
    line.say("while stopped");
    const second = await dial(world, "c", "a");
    second.line.say("accepted by the kernel");
    await world.run({ forMs: 10_000 });
    assert.equal(line.received + second.line.received, "");
    world.resume(server.pid);
    await world.until(() => line.received === "while stopped", { what: "the first echo" });
    await world.until(() => second.line.received === "accepted by the kernel", { what: "the second echo" });
  });

  it("can be killed", async () => {
    const world = new SimulatedWorld({ seed: 4 });
    const server = world.start({ host: "a", program: echoServer });
    await world.run({ untilMs: 10 });
    world.pause(server.pid);
    world.kill(server.pid);
    await world.run({ untilMs: 20 });
    assert.equal(server.alive, false);
  });
});

describe("virtual time", () => {
  it("passes in a loop that only watches the clock, and in one that only says soon", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const busy = world.start({
      host: "a",
      program: async ({ clock, timers }) => {
        const endMs = clock.monotonicMs() + 1;
        while (clock.monotonicMs() < endMs);
        for (const untilMs = endMs + 1; clock.monotonicMs() < untilMs; )
          await new Promise<void>((resolve) => timers.soon(resolve));
        return 0;
      },
    });
    await world.until(() => !busy.alive, { what: "the busy loops end", deadlineMs: 10 });
    assert.ok(world.nowMs >= 2 && world.nowMs < 3, `${world.nowMs}`);
  });

  it("delays the others' turns by nothing, the process's own by what it costs", async () => {
    const world = new SimulatedWorld({ seed: 1 });
    const late: Record<string, number> = {};
    const program = async (runtime: Runtime, args: readonly string[]) => {
      const name = args[0] ?? "";
      runtime.timers.after(1, () => {
        late[name] = runtime.clock.monotonicMs() - beganMs;
      });
      const beganMs = runtime.clock.monotonicMs();
      if (name === "busy") for (const endMs = beganMs + 20; runtime.clock.monotonicMs() < endMs; );
      return new Promise<number>(() => {});
    };
    for (const name of ["busy", "idle"]) world.start({ host: "a", name, program, args: [name] });
    await world.run({ untilMs: 50 });
    assert.ok(late.busy! >= 20 && late.busy! < 21, `${late.busy}`);
    assert.ok(late.idle! >= 0.9 && late.idle! < 1.5, `${late.idle}`);
  });

  it("names what it waited for in vain", async () => {
    const world = new SimulatedWorld({ seed: 9 });
    const never = world.until(() => false, { what: "the end of the world", deadlineMs: 500 });
    await assert.rejects(never, { code: "SL-SIM-DEADLINE", message: /500\.000 ms.*the end of the world.*seed 9/ });
    assert.equal(world.nowMs, 500);
  });

  it("is skewed on the wall clock alone", async () => {
    const world = new SimulatedWorld({ seed: 1, startMs: 1_000_000 });
    const { runtime } = world.start({ host: "a" });
    const beganMs = runtime.clock.monotonicMs();
    world.setClockSkew("a", -5000);
    assert.equal(runtime.clock.nowMs(), 995_000);
    await world.run({ forMs: 100 });
    const passedMs = runtime.clock.monotonicMs() - beganMs;
    assert.ok(passedMs >= 100 && passedMs < 101, `${passedMs}`);
  });

  it("stops a loop that lets none pass", async () => {
    const world = new SimulatedWorld({ seed: 1, profile: { cpu: { turnUs: { min: 0, max: 0 }, callUs: 0 } } });
    world.start({
      host: "a",
      program: (runtime) => {
        const again = () => void runtime.timers.after(0, again);
        again();
        return new Promise(() => {});
      },
    });
    await assert.rejects(world.run({ untilMs: 10 }), { code: "SL-SIM-RUNAWAY" });
  });
});
