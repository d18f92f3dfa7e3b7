/** What a user can do wrong with `storm-lab local`: one error of three lines, its exit code, and no stack of ours. */
import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { startProcess, temporaryDirectory } from "../kit/index.ts";
import { assertThreeLines, plain, solution, startLocal, timeoutMs, topologyFile } from "./local-runs.ts";

const usage = 2;
const refused = 11;

async function assertRefused(args: readonly string[], code: string, exitCode: number): Promise<string> {
  await using run = startLocal(args);
  await run.assertExit(exitCode, timeoutMs);
  assertThreeLines(run.stderr, code);
  return run.stderr;
}

describe("a file that cannot be used", () => {
  const inputs: ReadonlyArray<readonly [what: string, code: string, input: string]> = [
    ["does not exist", "SL-FILE-MISSING", "nowhere.txt"],
    ["lies below a file", "SL-FILE-MISSING", "topology.mjs/input.txt"],
    ["is a directory", "SL-FILE-DIRECTORY", "folder"],
    ["is a pipe", "SL-FILE-PIPE", "pipe"],
    ["fails when it is read", "SL-FILE-UNREADABLE", "/proc/self/mem"],
    ["is packed, and broken", "SL-FILE-UNREADABLE", "broken.gz"],
  ];
  for (const [what, code, input] of inputs) {
    it(`as input: ${what}`, async () => {
      await using directory = await temporaryDirectory();
      await mkdir(directory.join("folder"));
      await writeFile(directory.join("broken.gz"), "this is not gzip");
      await topologyFile(directory, {});
      await using pipe = startProcess("mkfifo", [directory.join("pipe")]);
      await pipe.assertExit(0, timeoutMs);
      const path = input.startsWith("/") ? input : directory.join(input);
      for (const workers of ["1", "2"]) {
        const stderr = await assertRefused([solution, "--input", path, "--workers", workers], code, usage);
        assert.ok(stderr.includes(input), stderr);
      }
    });
  }

  it("as topology: does not exist, is a directory, is not readable", async () => {
    await using directory = await temporaryDirectory();
    await assertRefused([directory.join("none.ts")], "SL-FILE-MISSING", usage);
    await assertRefused([directory.path], "SL-FILE-DIRECTORY", usage);
    await assertRefused(["/proc/self/mem"], "SL-FILE-UNREADABLE", usage);
  });
});

describe("a topology file", () => {
  const files: ReadonlyArray<readonly [what: string, name: string, text: string, code: string, says: RegExp]> = [
    [
      "that does not parse",
      "a.ts",
      "\nexport default () => { const = 5; }",
      "SL-TOPOLOGY-PARSE",
      /a\.ts:2 does not parse/,
    ],
    [
      "of JavaScript that does not parse",
      "a.mjs",
      "\n\nexport default (",
      "SL-TOPOLOGY-PARSE",
      /a\.mjs does not parse: Unexpected end/,
    ],
    [
      "with a TypeScript enum",
      "a.ts",
      "enum A { B }\nexport default () => A.B;",
      "SL-TOPOLOGY-PARSE",
      /types are only removed/,
    ],
    ["that is empty", "a.ts", "", "SL-TOPOLOGY-EXPORT", /it exports nothing/],
    ["that exports nothing", "a.ts", "const x: number = 1;", "SL-TOPOLOGY-EXPORT", /it exports nothing/],
    [
      "that exports something else",
      "a.ts",
      "export const a = 1; export const b = 2;",
      "SL-TOPOLOGY-EXPORT",
      /it exports a, b/,
    ],
    ["whose default export is no function", "a.ts", "export default 5;", "SL-TOPOLOGY-EXPORT", /of type number/],
    [
      "whose function returns nothing",
      "a.ts",
      "export default () => {};",
      "SL-TOPOLOGY-EXPORT",
      /did not return a topology/,
    ],
    [
      "that throws while it is loaded",
      "a.ts",
      "throw new Error('too early'); export default 1;",
      "SL-TOPOLOGY-LOAD",
      /too early/,
    ],
    [
      "whose function throws",
      "a.ts",
      "export default () => { throw new Error('no luck'); };",
      "SL-TOPOLOGY-LOAD",
      /no luck/,
    ],
    [
      "whose function rejects",
      "a.ts",
      "export default async () => { throw new Error('no luck'); };",
      "SL-TOPOLOGY-LOAD",
      /no luck/,
    ],
    ["with an import that is missing", "a.ts", 'import "./none.ts"; export default 1;', "SL-TOPOLOGY-LOAD", /none\.ts/],
    [
      "with a package that is missing",
      "a.ts",
      'import "no-such-package-of-mine"; export default 1;',
      "SL-TOPOLOGY-LOAD",
      /no-such-package/,
    ],
  ];
  for (const [what, name, text, code, says] of files) {
    it(what, async () => {
      await using directory = await temporaryDirectory();
      await writeFile(directory.join(name), text);
      assert.match(await assertRefused([directory.join(name)], code, usage), says);
    });
  }
});

describe("a topology", () => {
  const wrong: ReadonlyArray<readonly [what: string, wire: string, code: string]> = [
    [
      "with an unknown component in a grouping",
      'builder.setBolt("c", () => new Base()).shuffleGrouping("x");',
      "SL-COMPONENT-UNKNOWN",
    ],
    [
      "with an unknown stream in a grouping",
      'builder.setBolt("c", () => new Base()).shuffleGrouping("s", "x");',
      "SL-STREAM-UNKNOWN",
    ],
    [
      "that groups by a field that is not declared",
      'builder.setBolt("c", () => new Base()).fieldsGrouping("s", ["x"]);',
      "SL-FIELD-UNKNOWN",
    ],
    ["with duplicate ids", 'builder.setBolt("s", () => new Base()).shuffleGrouping("b");', "SL-COMPONENT-DUPLICATE"],
    ["with an id that is reserved", 'builder.setBolt("__c", () => new Base()).shuffleGrouping("b");', "SL-ID-RESERVED"],
    ["with parallelism 0", 'builder.setBolt("c", () => new Base(), 0).shuffleGrouping("b");', "SL-PARALLELISM"],
    ["with parallelism NaN", 'builder.setBolt("c", () => new Base(), NaN).shuffleGrouping("b");', "SL-PARALLELISM"],
    ["with parallelism 1e9", 'builder.setBolt("c", () => new Base(), 1e9).shuffleGrouping("b");', "SL-PARALLELISM"],
    [
      "with 1e9 tasks",
      'builder.setBolt("c", () => new Base()).shuffleGrouping("b").setNumTasks(1e9);',
      "SL-PARALLELISM",
    ],
    ["without input for a bolt", 'builder.setBolt("c", () => new Base());', "SL-NO-INPUT"],
  ];
  for (const [what, wire, code] of wrong) {
    it(what, async () => {
      await using directory = await temporaryDirectory();
      await assertRefused([await topologyFile(directory, { wire })], code, usage);
    });
  }

  it("with a conf that Storm would refuse", async () => {
    await using directory = await temporaryDirectory();
    const conf = '{ "topology.message.timeout.secs": "soon" }';
    await assertRefused([await topologyFile(directory, { conf })], "SL-CONF-VALUE", usage);
  });

  it("with a cycle runs, and is warned about", async () => {
    await using directory = await temporaryDirectory();
    const wire =
      'for (const [id, from] of [["c", "d"], ["d", "c"]]) builder.setBolt(id, () => new Base()).shuffleGrouping(from);';
    await using run = startLocal([await topologyFile(directory, { wire })]);
    await run.assertExit(0, timeoutMs);
    assert.match(run.stdout, /^! the components c → d form a cycle$/m);
  });
});

describe("a bolt", () => {
  const wrong: ReadonlyArray<readonly [what: string, bolt: string, code: string, exitCode: number, says: RegExp]> = [
    [
      "that throws",
      "execute() { throw new TypeError('odd'); }",
      "SL-COMPONENT-FAILED",
      refused,
      /threw TypeError: odd/,
    ],
    [
      "that rejects",
      "async execute() { await null; throw new TypeError('odd'); }",
      "SL-COMPONENT-FAILED",
      refused,
      /threw TypeError: odd/,
    ],
    ["that throws a text", "execute() { throw 'odd'; }", "SL-COMPONENT-FAILED", refused, /threw string: odd/],
    [
      "whose prepare throws",
      "prepare() { throw new TypeError('odd'); }",
      "SL-COMPONENT-FAILED",
      refused,
      /threw TypeError: odd/,
    ],
    [
      "whose published value throws",
      "prepare(_conf, context, out) { this.out = out; context.publish('r', () => { throw new TypeError('odd'); }); }",
      "SL-COMPONENT-FAILED",
      refused,
      /threw TypeError: odd/,
    ],
    [
      "that emits undefined",
      "execute() { this.out.emit(undefined); }",
      "SL-EMIT-VALUES",
      refused,
      /given undefined instead of a list/,
    ],
    [
      "that emits undefined as a value",
      "execute() { this.out.emit([undefined]); }",
      "SL-EMIT-VALUES",
      refused,
      /undefined for its field "v"/,
    ],
    [
      "that emits the wrong number of values",
      "execute() { this.out.emit([1, 2]); }",
      "SL-EMIT-VALUES",
      refused,
      /2 value\(s\) for 1 field/,
    ],
    [
      "that emits on an unknown stream",
      "execute() { this.out.emit('x', [1]); }",
      "SL-EMIT-STREAM",
      refused,
      /stream "x"/,
    ],
    [
      "that reads an unknown field",
      "execute(tuple) { tuple.getValueByField('x'); }",
      "SL-TUPLE-FIELD",
      refused,
      /no field "x"/,
    ],
  ];
  for (const [what, bolt, code, exitCode, says] of wrong) {
    it(`${what}, in 1 and 2 workers: the author's line, no stack of ours`, async () => {
      await using directory = await temporaryDirectory();
      const file = await topologyFile(directory, { bolt });
      for (const workers of ["1", "2"]) {
        const stderr = await assertRefused([file, "--workers", workers], code, exitCode);
        assert.match(stderr, says);
        assert.match(stderr, /component "b" \(task [234]\)/);
        if (what !== "that throws a text") assert.match(stderr, /at .*topology\.mjs:\d+:\d+/);
      }
    });
  }

  it("of TypeScript that throws is shown with its line in the TypeScript file", async () => {
    await using directory = await temporaryDirectory();
    const file = directory.join("topology.ts");
    await writeFile(
      file,
      `import { BaseBasicBolt, BaseRichSpout, TopologyBuilder, type SpoutOutputCollector } from "storm-lab";
interface Unused {
  readonly a: string;
}
class Spout extends BaseRichSpout {
  private out!: SpoutOutputCollector;
  override open(_conf: unknown, _context: unknown, out: SpoutOutputCollector): void { this.out = out; }
  override nextTuple(): void { this.out.emit([1], 1); }
  override declareOutputFields(declarer: { declare(fields: string[]): unknown }): void { declarer.declare(["v"]); }
}
class Bolt extends BaseBasicBolt {
  override execute(): void {
    throw new Error("line 13" as string);
  }
}
export default () => {
  const builder = new TopologyBuilder();
  builder.setSpout("s", new Spout());
  builder.setBolt("b", new Bolt()).shuffleGrouping("s");
  return { name: "typed", topology: builder.createTopology() };
};
`,
    );
    assert.match(
      await assertRefused([file], "SL-COMPONENT-FAILED", refused),
      /at Bolt\.execute \(.*topology\.ts:13:11\)/,
    );
  });

  it("shows our stack, too, with --verbose", async () => {
    await using directory = await temporaryDirectory();
    const file = await topologyFile(directory, { bolt: "execute() { throw new Error('odd'); }" });
    await using run = startLocal([file, "--verbose"]);
    await run.assertExit(refused, timeoutMs);
    assert.match(run.stderr, /caused by: Error: odd[\s\S]*executor/);
  });

  it("that emits after its cleanup is told so", async () => {
    await using directory = await temporaryDirectory();
    // What comes after it takes its time to close: the emit finds its own task closed and the process alive.
    const bolt = "cleanup() { setImmediate(() => this.out.emit([1])); }";
    const wire = `class Slow extends Base { cleanup() { return new Promise((done) => setTimeout(done, 300)); } }
  builder.setBolt("c", () => new Slow(), 2).shuffleGrouping("b");`;
    const file = await topologyFile(directory, { bolt, wire });
    for (const workers of ["1", "2"]) {
      await using run = startLocal([file, "--workers", workers]);
      await run.exit(timeoutMs);
      assertThreeLines(run.stderr + run.stdout, "SL-EMIT-CLOSED");
    }
  });

  it("that never acks: its tuples time out and are replayed, and the table shows it", async () => {
    await using directory = await temporaryDirectory();
    const conf = '{ "topology.message.timeout.secs": 1 }';
    await using run = startLocal([await topologyFile(directory, { bolt: "execute() {}", conf })]);
    await run.line(/^ +\d+ s {2}s \d\d/, timeoutMs);
    run.signal("SIGINT");
    await run.exit(timeoutMs);
    const row = /^s +1 +(\d+) +0 +(\d+) /m.exec(run.stdout);
    assert.ok(row !== null && Number(row[1]) >= 10 && Number(row[2]) >= 5, run.stdout);
  });
});

describe("the words of the command", () => {
  it("workers that are no number, too few, too many", async () => {
    for (const workers of ["0", "-1", "65", "two", "1.5", ""]) {
      await assertRefused([solution, `--workers=${workers}`], "SL-WORKERS", usage);
    }
  });

  it("no file at all, and a word that the topology does not know", async () => {
    await using run = startProcess(process.execPath, ["bin/storm-lab.mjs", "local"], { env: plain });
    await run.assertExit(usage, timeoutMs);
    assertThreeLines(run.stderr, "SL-USAGE");
    await assertRefused([solution, "--inptu", "x"], "SL-TOPOLOGY-ARGUMENT", usage);
  });
});
