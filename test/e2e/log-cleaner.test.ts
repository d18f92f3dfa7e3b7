/** `storm-lab ui` with `logviewer.cleanup.*`: what it deletes of a real folder of logs, and whose it leaves alone. */
import assert from "node:assert/strict";
import { mkdir, readdir, stat, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { it } from "node:test";
import { realRuntime } from "../../src/base/index.ts";
import { eventually, freePort, startStormLab, temporaryDirectory } from "../kit/index.ts";

const runtime = realRuntime({ name: "test", self: { command: [] } });
const stepMs = 60_000;
const megabyte = 1024 * 1024;

it("the ui daemon cleans up the logs of dead workers and of those that have too much", async () => {
  await using directory = await temporaryDirectory();
  const put = async (path: string, bytes: string | Buffer): Promise<void> => {
    await mkdir(dirname(directory.join(path)), { recursive: true });
    await writeFile(directory.join(path), bytes);
  };
  const age = async (folder: string): Promise<void> => {
    for (const name of await readdir(directory.join(folder))) await utimes(directory.join(folder, name), 1, 1);
    await utimes(directory.join(folder), 1, 1);
  };
  const gone = (path: string) =>
    eventually(
      () =>
        stat(directory.join(path)).then(
          () => undefined,
          () => true,
        ),
      stepMs,
      `the end of ${path}`,
    );
  const artifacts = "logs/workers-artifacts";
  for (const slot of ["dead-1-1/6700", "lives-2-1/6700"]) {
    await put(`${artifacts}/${slot}/worker.log`, "a line\n");
    await age(`${artifacts}/${slot}`);
  }
  // This process is the worker that lives.
  const identity = runtime.processes.identity(process.pid) ?? "";
  await put(`storm-local/workers/w1/pids/${process.pid}`, identity);
  await put("storm-local/workers/w1/port", "6700\n");
  await put("storm-local/workers/w1/topology", "lives-2-1\n");
  for (const [index, name] of ["worker.log.2", "worker.log.1", "worker.log"].entries()) {
    await put(`${artifacts}/full-3-1/6701/${name}`, Buffer.alloc(megabyte));
    const secs = runtime.clock.nowMs() / 1000 - 100 + index;
    await utimes(directory.join(`${artifacts}/full-3-1/6701/${name}`), secs, secs);
  }
  await put(
    "storm.yaml",
    [
      "storm.zookeeper.servers: [127.0.0.1]",
      `storm.zookeeper.port: ${await freePort()}`,
      "storm.local.hostname: 127.0.0.1",
      `storm.local.dir: ${directory.join("storm-local")}`,
      `storm.log.dir: ${directory.join("logs")}`,
      "ui.port: 0",
      "logviewer.port: -1",
      "logviewer.cleanup.interval.secs: 1",
      "logviewer.cleanup.age.mins: 60",
      "logviewer.max.sum.worker.logs.size.mb: 5",
      "logviewer.max.per.worker.logs.size.mb: 2",
      "",
    ].join("\n"),
  );
  await using ui = startStormLab(["ui", "--config", directory.join("storm.yaml")], { cwd: directory.path });
  await gone(`${artifacts}/dead-1-1`);
  await gone(`${artifacts}/full-3-1/6701/worker.log.2`);
  await put(`${artifacts}/later-4-1/6700/worker.log`, "a line\n");
  await age(`${artifacts}/later-4-1/6700`);
  await gone(`${artifacts}/later-4-1`);
  assert.deepEqual(await readdir(directory.join(`${artifacts}/lives-2-1/6700`)), ["worker.log"]);
  assert.deepEqual(await readdir(directory.join(`${artifacts}/full-3-1/6701`)), ["worker.log", "worker.log.1"]);
  assert.match(ui.stdout + ui.stderr, /Cleaning up: Removing .*\/dead-1-1\/6700, 0\.007 KB/);
});
