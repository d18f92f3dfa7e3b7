/** What an author's code does outside of its components' methods is the author's, in this process and in a worker's. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { type TemporaryDirectory, temporaryDirectory } from "../kit/index.ts";
import { assertThreeLines, startLocal, timeoutMs, topologyFile } from "./local-runs.ts";

const refused = 11;
const everyWorkers = ["1", "2"];

async function failedRun(file: string, workers: string, code: string, exitCode: number): Promise<string> {
  await using run = startLocal([file, "--workers", workers]);
  await run.assertExit(exitCode, timeoutMs);
  assertThreeLines(run.stderr, code);
  assert.equal(run.stderr.match(/^✗/gm)?.length, 1, run.stderr);
  return run.stderr;
}

/** Line 12 of it is the bolt's `execute`; it never acks, so that the run waits for what is to come. */
async function typescriptFile(directory: TemporaryDirectory, execute: string): Promise<string> {
  const file = directory.join("topology.ts");
  await writeFile(
    file,
    `import { BaseRichBolt, BaseRichSpout, TopologyBuilder, type OutputCollector, type SpoutOutputCollector } from "storm-lab";
class Spout extends BaseRichSpout {
  private out!: SpoutOutputCollector;
  override open(_conf: unknown, _context: unknown, out: SpoutOutputCollector): void { this.out = out; }
  override nextTuple(): void { this.out.emit([1], 1); }
  override declareOutputFields(declarer: { declare(fields: string[]): unknown }): void { declarer.declare(["v"]); }
}
class Bolt extends BaseRichBolt {
  private out!: OutputCollector;
  override prepare(_conf: unknown, _context: unknown, out: OutputCollector): void { this.out = out; }
  override declareOutputFields(declarer: { declare(fields: string[]): unknown }): void { declarer.declare(["v"]); }
  override execute(): void { ${execute} }
}
export default () => {
  const builder = new TopologyBuilder();
  builder.setSpout("s", new Spout());
  builder.setBolt("b", new Bolt(), 2).shuffleGrouping("s");
  return { name: "typed", conf: { "topology.max.spout.pending": 10 }, topology: builder.createTopology() };
};
`,
  );
  return file;
}

describe("an error that nobody catches", () => {
  const errors: ReadonlyArray<readonly [what: string, execute: string]> = [
    ["in a timer's callback", "setTimeout(() => { throw new RangeError('odd' as string); }, 10);"],
    ["in a promise that nobody awaits", "void (async () => { await null; throw new RangeError('odd'); })();"],
  ];
  for (const [what, execute] of errors) {
    it(`${what}: is the component's, with its TypeScript line, in 1 and 2 workers`, async () => {
      await using directory = await temporaryDirectory();
      const file = await typescriptFile(directory, execute);
      for (const workers of everyWorkers) {
        const stderr = await failedRun(file, workers, "SL-COMPONENT-FAILED", refused);
        assert.match(stderr, /component "b" \(task [234]\) threw RangeError: odd/);
        assert.match(stderr, /^ {2}why {2}it was thrown at .*topology\.ts:12:\d+/m);
      }
    });
  }

  it("whose stack has no line of anybody's: is that of the component that started it", async () => {
    await using directory = await temporaryDirectory();
    const stream = "process.getBuiltinModule('fs').createReadStream('/nowhere')";
    for (const bolt of [`execute() { ${stream}; }`, `prepare() { ${stream}; return new Promise(() => {}); }`]) {
      const file = await topologyFile(directory, { bolt });
      for (const workers of everyWorkers) {
        const stderr = await failedRun(file, workers, "SL-COMPONENT-FAILED", refused);
        assert.match(stderr, /component "b" \(task [234]\) threw Error: ENOENT/);
      }
    }
  });

  it("that is no Error", async () => {
    await using directory = await temporaryDirectory();
    const file = await topologyFile(directory, { bolt: "execute() { void Promise.reject(Object.create(null)); }" });
    for (const workers of everyWorkers)
      assert.match(await failedRun(file, workers, "SL-COMPONENT-FAILED", refused), /threw object: \[Object: null/);
  });

  it("of one executor with several tasks: is one of these", async () => {
    await using directory = await temporaryDirectory();
    const wire = `class Late extends Base { execute() { setTimeout(() => { throw new Error("odd"); }, 10); } }
  builder.setBolt("late", () => new Late()).setNumTasks(3).shuffleGrouping("s");`;
    const stderr = await failedRun(await topologyFile(directory, { wire }), "1", "SL-COMPONENT-FAILED", refused);
    assert.match(stderr, /component "late" \(one of tasks 4, 5, 6\) threw Error: odd/);
  });

  it("because of a wrong call: is told as what was wrong about it", async () => {
    await using directory = await temporaryDirectory();
    const file = await topologyFile(directory, { bolt: "execute() { setTimeout(() => this.out.emit([1, 2]), 10); }" });
    for (const workers of everyWorkers)
      assert.match(await failedRun(file, workers, "SL-EMIT-VALUES", refused), /2 value\(s\) for 1 field/);
  });

  it("in what the module left behind: is the topology's", async () => {
    await using directory = await temporaryDirectory();
    const file = await topologyFile(directory, { bolt: "execute() {}" });
    for (const top of ["setTimeout(() => { throw new Error('odd'); }, 10)", "fs.createReadStream('/nowhere')"]) {
      const module = directory.join("top.mjs");
      await writeFile(module, `import fs from "node:fs";\n${top};\nexport { default } from ${JSON.stringify(file)};\n`);
      for (const workers of everyWorkers)
        assert.match(await failedRun(module, workers, "SL-COMPONENT-FAILED", refused), /code of the topology threw/);
    }
  });

  it("is told with the results when it comes after the end", async () => {
    await using directory = await temporaryDirectory();
    const bolt = "cleanup() { setTimeout(() => { throw new Error('odd'); }, 1); }";
    const wire = `class Slow extends Base { cleanup() { return new Promise((done) => setTimeout(done, 300)); } }
  builder.setBolt("c", () => new Slow(), 2).shuffleGrouping("b");`;
    const file = await topologyFile(directory, { bolt, wire });
    for (const workers of everyWorkers) {
      await using run = startLocal([file, "--workers", workers, "--output", "json"]);
      await run.assertExit(refused, timeoutMs);
      assertThreeLines(run.stderr, "SL-COMPONENT-FAILED");
      const { components } = JSON.parse(run.stdout) as { components: { s: { acked: number } } };
      assert.equal(components.s.acked, 5);
    }
  });
});

describe("process.exit in the author's code", () => {
  const places: ReadonlyArray<readonly [where: string, bolt: string]> = [
    ["execute", "execute() { process.exit(0); }"],
    ["a timer's callback", "execute() { setTimeout(() => process.exit(0), 10); }"],
    ["prepare", "prepare() { process.exit(0); }"],
  ];
  for (const [where, bolt] of places) {
    it(`in ${where}: does not pass for a good end`, async () => {
      await using directory = await temporaryDirectory();
      const stderr = await failedRun(await topologyFile(directory, { bolt }), "1", "SL-WORKER-DIED", refused);
      assert.match(stderr, /code of the topology ended the process with exit code 0/);
      assert.match(stderr, /process\.exit was called at .*topology\.mjs:\d+/);
    });
  }
});
