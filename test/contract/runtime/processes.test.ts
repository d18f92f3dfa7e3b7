import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Child, Runtime, SpawnOptions } from "../../../src/base/index.ts";
import { eventually } from "../../kit/index.ts";
import { codeOf, pause } from "./conversation.ts";
import { bothSides } from "./sides.ts";

/** Looks so often, 10 ms apart, for what another process does. */
const looks = 1500;

function spawn(runtime: Runtime, args: readonly string[], options: Partial<SpawnOptions> = {}): Promise<Child> {
  return runtime.processes.spawn({ program: "storm-lab", args, ...options });
}

async function untilDead(runtime: Runtime, pid: number): Promise<void> {
  for (let i = 0; i < looks && runtime.processes.alive(pid); i++) await pause(runtime, 10);
  assert.equal(runtime.processes.alive(pid), false, `${pid} has to be dead`);
}

/** Takes some processor time. */
function compute(): number {
  let sum = 0;
  for (let i = 0; i < 3_000_000; i++) sum += i % 7;
  return sum;
}

function nextMessage(child: Child): Promise<unknown> {
  return new Promise((resolve) => child.onMessage(resolve));
}

for (const side of bothSides) {
  describe(`processes, ${side.name}`, () => {
    it("says how a child ended, and that it is no longer there", () =>
      side.run(async ({ runtime }) => {
        const child = await spawn(runtime, ["exit", "3"]);
        assert.ok(child.pid > 0 && child.pid !== runtime.processes.pid);
        assert.deepEqual(await child.exited, { code: 3, signal: null });
        assert.equal(runtime.processes.alive(child.pid), false);
        assert.equal(runtime.processes.signal(child.pid, "SIGTERM"), false);
        child.signal("SIGKILL");
      }));

    it("runs a child with a small heap as any other", () =>
      side.run(async ({ runtime }) => {
        const child = await spawn(runtime, ["exit", "4"], { heap: "small" });
        assert.deepEqual(await child.exited, { code: 4, signal: null });
      }));

    it("refuses a program that does not exist", () =>
      side.run(async ({ runtime }) => {
        const spawned = runtime.processes.spawn({ program: "/no/such/program", args: [] });
        assert.equal(await codeOf(spawned), "SL-PROCESS-SPAWN");
      }));

    it("carries structured messages both ways", () =>
      side.run(async ({ runtime }) => {
        const child = await spawn(runtime, ["echo"], { channel: true });
        const message = {
          number: 1.5,
          bytes: new Uint8Array([1, 2, 255]),
          map: new Map([["k", [null, true]]]),
          big: 7n,
        };
        child.send(message);
        const { number, bytes, map, big } = (await nextMessage(child)) as typeof message;
        assert.deepEqual({ number, bytes: [...bytes], map, big }, { ...message, bytes: [1, 2, 255] });
        child.send("enough");
        assert.deepEqual(await child.exited, { code: 0, signal: null });
        child.send("ignored");
      }));

    it("kills by signal", () =>
      side.run(async ({ runtime }) => {
        const child = await spawn(runtime, ["run"]);
        assert.equal(runtime.processes.alive(child.pid), true);
        assert.equal(runtime.processes.signal(child.pid, "SIGKILL"), true);
        assert.deepEqual(await child.exited, { code: null, signal: "SIGKILL" });
        const other = await spawn(runtime, ["run"]);
        other.signal("SIGTERM");
        assert.deepEqual(await other.exited, { code: null, signal: "SIGTERM" });
      }));

    it("tells a process from any other that has or had its id", () =>
      side.run(async ({ runtime }) => {
        const { processes } = runtime;
        const child = await spawn(runtime, ["run"]);
        const identity = processes.identity(child.pid);
        assert.match(identity ?? "none", /^\S+$/);
        assert.equal(processes.identity(child.pid), identity);
        assert.notEqual(identity, processes.identity(processes.pid));
        child.signal("SIGKILL");
        await child.exited;
        assert.equal(processes.identity(child.pid), null);
        for (const nobody of [0, -1, 2 ** 30, Number.NaN]) assert.equal(processes.identity(nobody), null);
      }));

    it("tells what processor time a process has taken, where the system tells it", () =>
      side.run(async ({ runtime }) => {
        const { processes } = runtime;
        const before = processes.cpuMs(processes.pid);
        for (const nobody of [0, -1, 2 ** 30, Number.NaN]) assert.equal(processes.cpuMs(nobody), null);
        if (before === null) return;
        const taken = () => (processes.cpuMs(processes.pid) ?? 0) > before;
        await eventually(() => (compute() > 0 && taken() ? true : undefined), 20_000, "processor time to be told");
      }));

    it("tells what memory a process holds, where the system tells it", () =>
      side.run(async ({ runtime }) => {
        const { processes } = runtime;
        for (const nobody of [0, -1, 2 ** 30, Number.NaN]) assert.equal(processes.residentBytes(nobody), null);
        const before = processes.residentBytes(processes.pid);
        if (before === null) return;
        assert.ok(before > 1024 * 1024, `a process of ${before} bytes`);
        const filled = new Uint8Array(64 * 1024 * 1024).fill(1);
        const after = processes.residentBytes(processes.pid) ?? 0;
        assert.ok(after - before > filled.length / 2, `${after} after ${before} bytes`);
        const child = await spawn(runtime, ["run"]);
        child.signal("SIGKILL");
        await child.exited;
        assert.equal(processes.residentBytes(child.pid), null);
      }));

    it("lets a process answer SIGTERM itself", () =>
      side.run(async ({ runtime }) => {
        const child = await spawn(runtime, ["obey"], { channel: true });
        assert.equal(await nextMessage(child), "ready");
        child.signal("SIGTERM");
        assert.deepEqual(await child.exited, { code: 7, signal: null });
      }));

    it("stops and continues a process", () =>
      side.run(async ({ runtime }) => {
        const child = await spawn(runtime, ["echo"], { channel: true });
        child.send("before");
        assert.equal(await nextMessage(child), "before");
        child.signal("SIGSTOP");
        await pause(runtime, 20);
        let answered = false;
        const answer = nextMessage(child).then((message) => {
          answered = true;
          return message;
        });
        child.send("while stopped");
        await pause(runtime, 100);
        assert.equal(answered, false);
        child.signal("SIGCONT");
        assert.equal(await answer, "while stopped");
        child.signal("SIGKILL");
        assert.deepEqual(await child.exited, { code: null, signal: "SIGKILL" });
      }));

    it("gives the child its folder, its variables and its words, and takes its lines", () =>
      side.run(async ({ runtime, directory }) => {
        const env = { STORM_LAB_TEST: "set" };
        const writer = await spawn(runtime, ["write", "note"], { cwd: directory, env });
        assert.deepEqual(await writer.exited, { code: 0, signal: null });
        assert.equal(new TextDecoder().decode(await runtime.fs.readFile(`${directory}/note`)), "set");
        const speaker = await spawn(runtime, ["say", "one", "two"], { output: "pipe" });
        const lines: string[] = [];
        speaker.onOutput((stream, line) => lines.push(`${stream} ${line.split(" ").at(-1)}`));
        assert.deepEqual(await speaker.exited, { code: 0, signal: null });
        assert.deepEqual(lines, ["stderr one", "stderr two"]);
      }));

    it("appends output to files", () =>
      side.run(async ({ runtime, directory }) => {
        const output = { stdout: `${directory}/out`, stderr: `${directory}/err` };
        for (const word of ["first", "second"]) {
          const speaker = await spawn(runtime, ["say", word], { output });
          assert.deepEqual(await speaker.exited, { code: 0, signal: null });
        }
        const lines = new TextDecoder()
          .decode(await runtime.fs.readFile(output.stderr))
          .trimEnd()
          .split("\n");
        assert.deepEqual(
          lines.map((line) => line.split(" ").at(-1)),
          ["first", "second"],
        );
      }));

    it("takes its children with it, even when it is killed", () =>
      side.run(async ({ runtime }) => {
        const parent = await spawn(runtime, ["parent"], { channel: true });
        const grandchildren = (await nextMessage(parent)) as number[];
        assert.deepEqual(
          grandchildren.map((pid) => runtime.processes.alive(pid)),
          [true, true],
        );
        parent.signal("SIGKILL");
        assert.deepEqual(await parent.exited, { code: null, signal: "SIGKILL" });
        for (const pid of grandchildren) await untilDead(runtime, pid);
      }));

    it("leaves detached children alive", () =>
      side.run(async ({ runtime }) => {
        const parent = await spawn(runtime, ["parent", "detached"], { channel: true });
        const grandchildren = (await nextMessage(parent)) as number[];
        parent.signal("SIGKILL");
        await parent.exited;
        await pause(runtime, 100);
        for (const pid of grandchildren) {
          assert.equal(runtime.processes.alive(pid), true);
          assert.equal(runtime.processes.signal(pid, "SIGKILL"), true);
          await untilDead(runtime, pid);
        }
      }));

    it("has no channel where none was asked for", () =>
      side.run(async ({ runtime }) => {
        const child = await spawn(runtime, ["echo"]);
        assert.deepEqual(await child.exited, { code: 98, signal: null });
      }));
  });
}
