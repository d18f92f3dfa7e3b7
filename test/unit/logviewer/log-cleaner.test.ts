/** The log cleaner on virtual time: which folders and files go, when, and which never do. */
import assert from "node:assert/strict";
import { mkdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { realRuntime } from "../../../src/base/index.ts";
import { LogCleaner } from "../../../src/logviewer/index.ts";
import { temporaryDirectory } from "../../kit/index.ts";
import { CleanedLogs, megabyte, minuteMs } from "./cleaned-logs.ts";

const week = 10_080 * minuteMs;

describe("the log cleaner", () => {
  it("removes whole folders of dead workers that are old, and topologies that have none left", async () => {
    const logs = new CleanedLogs();
    logs.slots.add("lives-1-1/6700");
    logs.ids.add("id-of-a-worker");
    await logs.write("lives-1-1/6700", "worker.log", 10);
    await logs.write("lives-1-1/6701", "worker.log", 10);
    await logs.write("dead-2-1/6700", "worker.log", 10);
    await logs.write("dead-2-1/6700", "heapdump/deep", 10);
    const yaml = Buffer.from('worker-id: "id-of-a-worker"\n');
    await logs.do(logs.runtime.fs.makeDirectory("/logs/workers-artifacts/named-3-1/6700"));
    await logs.do(logs.runtime.fs.writeFile("/logs/workers-artifacts/named-3-1/6700/worker.yaml", yaml));
    await logs.write("young-4-1/6700", "worker.log", 10);
    await logs.write("odd-5-1/results", "mine", 10);
    await logs.pass(week - minuteMs);
    await logs.write("young-4-1/6700", "worker.log.1", 10);
    assert.deepEqual(await logs.do(logs.cleaner().run()), { files: 0, bytes: 0 }, "not old yet");
    await logs.pass(2 * minuteMs);
    assert.deepEqual(await logs.do(logs.cleaner().run()), { files: 2, bytes: 30 });
    assert.deepEqual(
      [...(await logs.files()).keys()],
      [
        "lives-1-1/6700/worker.log",
        "named-3-1/6700/worker.yaml",
        "odd-5-1/results/mine",
        "young-4-1/6700/worker.log",
        "young-4-1/6700/worker.log.1",
      ],
    );
    assert.equal(await logs.do(logs.runtime.fs.stat("/logs/workers-artifacts/dead-2-1")), null);
    assert.ok(logs.lines.includes("info Cleaning up: Removing /logs/workers-artifacts/dead-2-1/6700, 0.02 KB"));
  });

  it("deletes a worker's oldest rolled logs until it has room, and what it writes never", async () => {
    const logs = new CleanedLogs();
    logs.slots.add("t-1-1/6700");
    const kept = ["worker.log", "worker.log.err", "worker.log.out", "worker.log.metrics", "gc.log.0.current"];
    for (const name of [...kept, "worker.pid", "worker.yaml", "results.json"])
      await logs.write("t-1-1/6700", name, megabyte);
    for (const name of ["worker.log.3.gz", "worker.log.2", "events.log.1", "worker.log.1"]) {
      await logs.pass(minuteMs);
      await logs.write("t-1-1/6700", name, megabyte);
    }
    const all = [...(await logs.files()).keys()];
    await logs.do(logs.cleaner({ perWorkerBytesMax: 9.5 * megabyte }).run());
    const gone = (now: Map<string, number>) => all.filter((name) => !now.has(name)).map((name) => name.slice(11));
    assert.deepEqual(gone(await logs.files()).sort(), ["events.log.1", "worker.log.2", "worker.log.3.gz"]);
    const deleted = logs.lines.filter((line) => line.includes("Delete file"));
    assert.match(deleted[0] ?? "", /^info Delete file: .*\/worker\.log\.3\.gz, size: 1048576, lastModified: \d{13}$/);
    assert.equal(deleted.length, 3);
    await logs.do(logs.cleaner({ perWorkerBytesMax: megabyte }).run());
    assert.equal((await logs.files()).size, 8);
    assert.match(logs.lines.at(-1) ?? "", /^warn No more files eligible .* over per-worker quota by 7\.000 MB$/);
    logs.slots.clear();
    await logs.do(logs.cleaner({ perWorkerBytesMax: megabyte }).run());
    assert.ok(!(await logs.files()).has("t-1-1/6700/results.json"), "of a dead worker");
  });

  it("deletes the oldest files of all workers, of dead ones all but what tells whose they were", async () => {
    const logs = new CleanedLogs();
    logs.slots.add("t-1-1/6700");
    for (const slot of ["t-1-1/6700", "t-1-1/6701"]) {
      for (const name of ["worker.log", "worker.log.1", "worker.yaml"]) {
        await logs.pass(minuteMs);
        await logs.write(slot, name, megabyte);
      }
    }
    await logs.do(logs.cleaner({ sumBytesMax: 3.5 * megabyte, perWorkerBytesMax: 4 * megabyte }).run());
    const left = async () => [...(await logs.files()).keys()].map((name) => name.slice(6));
    assert.deepEqual(
      await left(),
      ["6700/worker.log", "6700/worker.yaml", "6701/worker.yaml"],
      "half the sum for each",
    );
  });

  it("runs at once and then at its interval, until it is stopped; never without an interval", async () => {
    const logs = new CleanedLogs();
    await logs.write("a-1-1/6700", "worker.log", 10);
    await logs.pass(week + minuteMs);
    const cleaner = logs.cleaner();
    cleaner.start();
    await logs.pass(minuteMs);
    assert.equal((await logs.files()).size, 0);
    await logs.write("b-1-1/6700", "worker.log", 10);
    await logs.pass(week - minuteMs);
    assert.equal((await logs.files()).size, 1);
    await logs.pass(11 * minuteMs);
    assert.equal((await logs.files()).size, 0);
    await logs.write("c-1-1/6700", "worker.log", 10);
    await logs.do(cleaner[Symbol.asyncDispose]());
    await logs.pass(2 * week);
    const never = logs.cleaner({ intervalMs: null });
    never.start();
    await logs.pass(week);
    await logs.do(never[Symbol.asyncDispose]());
    assert.equal((await logs.files()).size, 1);
    assert.ok(logs.lines.includes("warn The interval for log cleanup is not set. Skip starting log cleanup thread."));
  });

  it("deletes nothing when it cannot be told who lives, and says so", async () => {
    const logs = new CleanedLogs();
    await logs.write("a-1-1/6700", "worker.log", 10);
    await logs.pass(2 * week);
    await logs.do(logs.cleaner({ sumBytesMax: 1 }, () => Promise.reject(new Error("no disk"))).run());
    assert.equal((await logs.files()).size, 1);
    assert.deepEqual(logs.lines, ["error Exception while cleaning up old log. no disk"]);
  });

  it("keeps what lives and what is written, and comes under its limits where it may, whatever lies there", async () => {
    const name = fc.constantFrom(
      ...["worker.log", "worker.log.err", "worker.log.out", "worker.yaml", "worker.pid", "gc.log.0.current"],
      ...["worker.log.1", "worker.log.2.gz", "events.log.1", "results.json", "dump/one", "x.metrics"],
    );
    const slot = fc.constantFrom("a-1-1/6700", "a-1-1/6701", "b-2-1/6700", "c-3-1/6709");
    const file = fc.record({ slot, name, size: fc.nat(500), afterMs: fc.nat(3 * week) });
    const limits = { sumBytesMax: fc.nat(2500), perWorkerBytesMax: fc.nat(1200) };
    await fc.assert(
      fc.asyncProperty(
        fc.array(file, { maxLength: 24 }),
        fc.uniqueArray(slot),
        fc.record(limits),
        async (files, living, settings) => {
          const logs = new CleanedLogs();
          for (const each of living) logs.slots.add(each);
          await logs.do(logs.runtime.fs.makeDirectory("/logs/workers-artifacts"));
          for (const each of files) {
            await logs.pass(each.afterMs);
            await logs.write(each.slot, each.name, each.size);
          }
          const before = await logs.files();
          const { bytes } = await logs.do(logs.cleaner(settings).run());
          const after = await logs.files();
          const sum = (all: Map<string, number>) => [...all.values()].reduce((total, size) => total + size, 0);
          assert.equal(sum(before) - sum(after), bytes, "it tells what it has deleted");
          const lives = (path: string) => living.some((each) => path.startsWith(`${each}/`));
          const isRolled = (path: string) => /\.log\.\d/.test(path) && !path.endsWith(".current");
          for (const path of before.keys()) if (lives(path) && !isRolled(path)) assert.ok(after.has(path), path);
          const couldGo = [...after.keys()].filter((path) =>
            lives(path) ? isRolled(path) : !/\.(?:yaml|pid)$/.test(path),
          );
          if (sum(after) > settings.sumBytesMax)
            assert.deepEqual(
              couldGo.filter((path) => after.get(path) !== 0),
              [],
            );
        },
      ),
      { numRuns: 150, seed: 5 },
    );
  });

  it("follows no link out of the logs", async () => {
    await using directory = await temporaryDirectory();
    const put = async (path: string): Promise<void> => {
      await mkdir(dirname(directory.join(path)), { recursive: true });
      await writeFile(directory.join(path), "x".repeat(1000));
      await utimes(directory.join(path), 1, 1);
    };
    await put("elsewhere/6700/worker.log");
    await put("elsewhere/6700/worker.log.1");
    await put("logs/workers-artifacts/a-1-1/6700/worker.log.1");
    await put("logs/workers-artifacts/b-1-1/6700/worker.log.1");
    const artifacts = directory.join("logs/workers-artifacts");
    await symlink(directory.join("elsewhere"), `${artifacts}/linked-1-1`);
    await symlink(directory.join("elsewhere/6700"), `${artifacts}/a-1-1/6701`);
    await symlink(directory.join("elsewhere/6700/worker.log.1"), `${artifacts}/a-1-1/6700/worker.log.2`);
    await symlink(directory.join("elsewhere/6700"), `${artifacts}/a-1-1/6700/folder`);
    await symlink(directory.join("elsewhere/6700"), `${artifacts}/b-1-1/6700/folder`);
    for (const path of [`${artifacts}/a-1-1/6700`, `${artifacts}/b-1-1/6700`, directory.join("elsewhere/6700")])
      await utimes(path, 1, 1);
    const runtime = realRuntime({ name: "test", self: { command: [process.execPath] }, level: "error" });
    const node = {
      folder: directory.join("logs"),
      live: () => Promise.resolve({ ids: new Set<string>(), slots: new Set(["a-1-1/6700"]) }),
    };
    const settings = { intervalMs: null, ageMs: 1000, sumBytesMax: 1, perWorkerBytesMax: 1 };
    const done = await new LogCleaner(runtime, settings, () => Promise.resolve([node])).run();
    assert.deepEqual(done, { files: 2, bytes: 2000 }, "b's folder, and a's rolled log");
    for (const name of ["worker.log", "worker.log.1"])
      assert.equal((await readFile(directory.join(`elsewhere/6700/${name}`))).length, 1000);
  });
});
