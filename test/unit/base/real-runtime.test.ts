import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LogLine, realRuntime } from "../../../src/base/index.ts";

describe("real runtime", () => {
  const lines: LogLine[] = [];
  const runtime = realRuntime({
    name: "worker-6700",
    self: { command: [] },
    sink: (line) => lines.push(line),
    level: "warn",
  });

  it("says in words that it was given no links", async () => {
    await assert.rejects(
      runtime.links.pull("tcp://127.0.0.1:0", () => {}),
      { code: "SL-LINKS-ABSENT" },
    );
    assert.throws(() => runtime.links.push("tcp://127.0.0.1:1"), { code: "SL-LINKS-ABSENT" });
  });

  it("cannot start itself again without a command", async () => {
    await assert.rejects(runtime.processes.spawn({ program: "storm-lab", args: [] }), { code: "SL-PROCESS-SPAWN" });
  });

  it("says which output could not be opened before anything is started", async () => {
    const output = { stdout: "/no/such/folder/out", stderr: "/no/such/folder/err" };
    const spawned = runtime.processes.spawn({ program: process.execPath, args: ["--version"], output });
    await assert.rejects(spawned, { code: "SL-PROCESS-SPAWN", message: /ENOENT/ });
  });

  it("logs under its name from its level on", () => {
    runtime.log.info("not heard");
    runtime.log.warn("heard", { port: 1 });
    assert.deepEqual(
      lines.map(({ name, level, message, fields }) => ({ name, level, message, fields })),
      [{ name: "worker-6700", level: "warn", message: "heard", fields: { port: 1 } }],
    );
  });

  it("knows which processes live", () => {
    assert.equal(runtime.processes.alive(process.pid), true);
    assert.equal(runtime.processes.alive(2 ** 22 + 1), false);
    assert.equal(runtime.processes.parentChannel(), null);
  });
});
