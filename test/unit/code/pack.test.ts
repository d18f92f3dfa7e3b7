import assert from "node:assert/strict";
import { mkdir, open, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { loadCode, submissionReceiver, unpackCode } from "../../../src/code/index.ts";
import { unzip } from "../../../src/code/zip.ts";
import { type TemporaryDirectory, temporaryDirectory } from "../../kit/index.ts";
import { type Packed, pack, runtime, type Saying, spoutText, topologyText, writeFiles } from "./author-code.ts";

const everything = { bytesMax: 1 << 30, filesMax: 1 << 20 };

async function packOne(path: string, args: readonly string[] = [], folder?: string): Promise<Packed> {
  const [packed, ...others] = await pack(path, args, folder);
  assert.ok(packed !== undefined && others.length === 0);
  return packed;
}

function names({ archive }: Packed): string[] {
  return [...unzip(archive, () => true, everything).keys()];
}

/** On a node that has only the archive: the author's folder is gone. */
async function onAWorker(author: TemporaryDirectory, worker: TemporaryDirectory, packed: Packed): Promise<Saying[]> {
  await unpackCode(runtime.fs, packed.archive, worker.path);
  await rename(author.path, `${author.path}-away`);
  try {
    const { topology } = await loadCode(runtime, worker.path, packed.thrift);
    return [1, 2].map(() => topology.makeComponent("spout") as unknown as Saying);
  } finally {
    await rename(`${author.path}-away`, author.path);
  }
}

const wholeProject = {
  "package.json": '{ "type": "module" }',
  "labs/wc/topology.ts": topologyText(`
import type { Unused } from "../types.ts";
import { Spout } from "../shared/spout.ts";
export type Word = Unused;`),
  "labs/shared/spout.ts": `
import numbers from "./numbers.json" with { type: "json" };
import { plus } from "plus";
import { readFileSync } from "node:fs";
const words = () => readFileSync(new URL("./data/words.txt", import.meta.url), "utf8");
export const late = () => import("./late.ts");
${spoutText("[numbers.one, plus(1), words()].join()")}`,
  "labs/shared/late.ts": 'import { later } from "./later.ts"; export const x: number = later;',
  "labs/shared/later.ts": "// import './never.ts'\nexport const later = 7;",
  "labs/shared/never.ts": "export {};",
  "labs/shared/numbers.json": '{ "one": 1 }',
  "labs/shared/data/words.txt": "a b c",
  "labs/types.ts": "export type Unused = string;",
  "node_modules/plus/package.json":
    '{ "name": "plus", "exports": { "import": "./esm/plus.js", "require": "./plus.cjs" } }',
  "node_modules/plus/esm/package.json": '{ "type": "module" }',
  "node_modules/plus/esm/plus.js": 'import one from "one";\nexport const plus = (x) => x + one.one;',
  "node_modules/plus/plus.cjs": "exports.plus = 1;",
  "node_modules/one/package.json": '{ "name": "one", "main": "./lib" }',
  "node_modules/one/lib/index.js":
    'exports.one = require("./the-one").one;\nexports.more = () => require("./more.js");',
  "node_modules/one/lib/the-one.js": "exports.one = 1;",
  "node_modules/one/lib/more.js": "exports.more = 1;",
  "node_modules/unrelated/index.js": "",
};

describe("the archive of a topology", () => {
  it("holds what the module imports, names for later, and Node asks for; nothing else", async () => {
    await using author = await temporaryDirectory();
    await writeFiles(author, wholeProject);
    assert.deepEqual(names(await packOne(author.join("labs/wc/topology.ts"))), [
      "resources/storm-lab.json",
      "resources/labs/shared/data/words.txt",
      "resources/labs/shared/late.ts",
      "resources/labs/shared/later.ts",
      "resources/labs/shared/numbers.json",
      "resources/labs/shared/spout.ts",
      "resources/labs/wc/topology.ts",
      "resources/node_modules/one/lib/index.js",
      "resources/node_modules/one/lib/more.js",
      "resources/node_modules/one/lib/the-one.js",
      "resources/node_modules/one/package.json",
      "resources/node_modules/plus/esm/package.json",
      "resources/node_modules/plus/esm/plus.js",
      "resources/node_modules/plus/package.json",
      "resources/package.json",
    ]);
  });

  it("makes the same topology where nothing else of the author's is", async () => {
    await using author = await temporaryDirectory();
    await using worker = await temporaryDirectory();
    await writeFiles(author, wholeProject);
    const [spout, other] = await onAWorker(author, worker, await packOne(author.join("labs/wc/topology.ts"), ["x"]));
    assert.equal(spout?.says(), "1,2,a b c");
    assert.deepEqual(spout.args, ["x"]);
    assert.ok(other !== undefined && other !== spout);
    const late = (await import(worker.join("resources/labs/shared/spout.ts"))) as {
      late(): Promise<{ x: number }>;
    };
    assert.equal((await late.late()).x, 7);
  });

  it("has the same bytes for the same files, whatever their times", async () => {
    await using author = await temporaryDirectory();
    await writeFiles(author, wholeProject);
    const path = author.join("labs/wc/topology.ts");
    const first = await packOne(path, ["x"]);
    await utimes(author.join("labs/shared/spout.ts"), 1, 1);
    assert.deepEqual((await packOne(path, ["x"])).archive, first.archive);
    await writeFile(author.join("labs/shared/data/words.txt"), "a b d");
    assert.notDeepEqual((await packOne(path, ["x"])).archive, first.archive);
  });

  it("leads to packages that are linked from elsewhere", async () => {
    await using author = await temporaryDirectory();
    await using worker = await temporaryDirectory();
    await writeFiles(author, {
      "app/package.json": '{ "type": "module" }',
      "app/topology.ts": topologyText(`import { linked } from "linked";
import { createRequire } from "node:module";
const again = createRequire(import.meta.url)("linked").linked;
${spoutText("linked + again")}`),
      "packages/linked/package.json": '{ "name": "linked", "exports": { "import": "./i.ts", "require": "./r.cjs" } }',
      "packages/linked/i.ts": "export const linked: number = 1;",
      "packages/linked/r.cjs": "exports.linked = 10;",
    });
    await mkdir(author.join("app/node_modules"));
    await symlink(author.join("packages/linked"), author.join("app/node_modules/linked"));
    const [spout] = await onAWorker(author, worker, await packOne(author.join("app/topology.ts")));
    assert.equal(spout?.says(), 11);
  });

  it("keeps the kind of a module without package.json, wherever it is unpacked", async () => {
    await using author = await temporaryDirectory();
    await using worker = await temporaryDirectory();
    await writeFiles(author, { "topology.ts": topologyText(spoutText("typeof require")) });
    await writeFiles(worker, { "package.json": '{ "type": "commonjs" }' });
    const [spout] = await onAWorker(author, worker, await packOne(author.join("topology.ts")));
    assert.equal(spout?.says(), "undefined");
  });

  it("takes its arguments and working folder along", async () => {
    await using author = await temporaryDirectory();
    await using worker = await temporaryDirectory();
    await writeFiles(author, {
      "topology.ts": topologyText(
        `import { resolve } from "node:path";${spoutText("[resolve('x'), process.argv[2]].join()")}`,
      ),
    });
    const packed = await packOne(author.join("topology.ts"), ["--input"], "/some/folder");
    const [spout] = await onAWorker(author, worker, packed);
    assert.equal(spout?.made, "/some/folder/x,--input");
    assert.notEqual(process.argv[2], "--input", "only while the topology is made");
    assert.notEqual(process.cwd(), "/some/folder");
  });

  it("has a bound, which is told with the largest files", async () => {
    await using author = await temporaryDirectory();
    await writeFiles(author, {
      "topology.ts": topologyText(`new URL("./large.bin", import.meta.url);${spoutText("1")}`),
      "small.bin": "",
    });
    const large = await open(author.join("large.bin"), "w");
    await large.truncate(129 * 1024 * 1024);
    await large.close();
    await assert.rejects(packOne(author.join("topology.ts")), {
      code: "SL-CODE-TOO-LARGE",
      why: /large\.bin \(129\.0 MiB\)/,
    });
  });

  it("needs the name of its own file for itself", async () => {
    await using author = await temporaryDirectory();
    await writeFiles(author, {
      "topology.ts": topologyText(`import "./storm-lab.json" with { type: "json" };${spoutText("1")}`),
      "storm-lab.json": "{}",
    });
    await assert.rejects(packOne(author.join("topology.ts")), { code: "SL-CODE-RESERVED" });
  });
});

describe("a program that submits", () => {
  const driver = `
import { TopologyBuilder } from "storm-lab";
${spoutText("this.args.join()")}
const submit = (name) => {
  const builder = new TopologyBuilder();
  builder.setSpout("spout", new Spout([name, ...process.argv.slice(2)]), 2);
  return globalThis.submissionReceiver()({ name, conf: null, topology: builder.createTopology(), progressBar: false });
};
globalThis.went ??= [];
await submit("first");
globalThis.went.push("second");
await submit("second");
globalThis.went.push("end");
`;
  (globalThis as { submissionReceiver?: unknown }).submissionReceiver = submissionReceiver;
  const went = () => (globalThis as { went?: string[] }).went;

  it("makes on a worker the one of its topologies that runs there, and goes no further", async () => {
    await using author = await temporaryDirectory();
    await using worker = await temporaryDirectory();
    await writeFiles(author, { "driver.mjs": driver });
    const [first, second] = await pack(author.join("driver.mjs"), ["x"]);
    assert.deepEqual([first?.name, second?.name, went()], ["first", "second", ["second", "end"]]);
    assert.ok(first !== undefined && second !== undefined);
    const spouts = await onAWorker(author, worker, second);
    assert.deepEqual(
      spouts.map((spout) => spout.says()),
      ["second,x", "second,x"],
    );
    assert.deepEqual(went(), ["second", "end", "second"]);
    await using other = await temporaryDirectory();
    assert.equal((await onAWorker(author, other, first))[0]?.says(), "first,x");
    assert.deepEqual(went(), ["second", "end", "second"]);
  });

  it("is told what it lacks when it submits nothing", async () => {
    await using author = await temporaryDirectory();
    await writeFiles(author, { "driver.mjs": "export const a = 1;" });
    await assert.rejects(pack(author.join("driver.mjs")), { code: "SL-TOPOLOGY-EXPORT" });
  });
});

describe("code on a worker", () => {
  it("names files and lines as the author knows them", async () => {
    await using author = await temporaryDirectory();
    await using worker = await temporaryDirectory();
    await writeFiles(author, {
      "package.json": '{ "type": "module" }',
      "a b/topology.ts": topologyText(`import { Spout } from "../lib/spout.ts";`),
      "lib/spout.ts": spoutText("() => {\n throw new Error('here');\n}"),
    });
    const packed = await packOne(author.join("a b/topology.ts"));
    await symlink(worker.path, `${worker.path}-link`);
    try {
      await unpackCode(runtime.fs, packed.archive, worker.path);
      const { topology, inAuthorsWords, codeDirectory } = await loadCode(runtime, `${worker.path}-link`, packed.thrift);
      const spout = topology.makeComponent("spout") as unknown as { says(): () => void };
      const stack = inAuthorsWords(thrownBy(spout.says()).stack ?? "");
      assert.match(stack, new RegExp(`file://${author.path}/lib/spout\\.ts:9:\\d+`));
      assert.ok(!stack.includes(worker.path), stack);
      assert.equal(codeDirectory, `${worker.path}-link/resources/a b`);
      assert.equal(inAuthorsWords(`${codeDirectory}/topology.ts`), author.join("a b/topology.ts"));
    } finally {
      await rm(`${worker.path}-link`);
    }
  });

  it("tells what fails while it is loaded, at the author's place", async () => {
    await using author = await temporaryDirectory();
    await using worker = await temporaryDirectory();
    const throwing = `if (globalThis.throws === true) throw new Error("not on workers");${spoutText("1")}`;
    await writeFiles(author, { "topology.ts": topologyText(throwing) });
    const packed = await packOne(author.join("topology.ts"));
    const flags = globalThis as { throws?: boolean };
    flags.throws = true;
    await assert.rejects(onAWorker(author, worker, packed), {
      code: "SL-TOPOLOGY-LOAD",
      message: `${author.path}/topology.ts failed while it was loaded: not on workers`,
      why: new RegExp(`file://${author.path}/topology\\.ts:1:`),
    });
    flags.throws = false;
  });

  it("is refused when it makes another topology than was submitted", async () => {
    await using author = await temporaryDirectory();
    const changes: Readonly<Record<string, string>> = {
      'component "spout" has other streams': "declarer.declare([globalThis.changed ? 'other' : 'word']);",
      'component "more" is new': "declarer.declare(['word']);",
    };
    for (const [index, [says, declares]] of Object.entries(changes).entries()) {
      await using worker = await temporaryDirectory();
      const more = says.includes("new") ? 'if (globalThis.changed) builder.setSpout("more", new Spout(args));' : "";
      const text = topologyText(spoutText("1").replace("declarer.declare(['word']);", declares));
      await writeFiles(author, {
        [`${index}.ts`]: text
          .replace("return {", `${more}\n  return {`)
          .replace('declarer.declare(["word"]);', declares),
      });
      const packed = await packOne(author.join(`${index}.ts`));
      const flags = globalThis as { changed?: boolean };
      flags.changed = true;
      await assert.rejects(onAWorker(author, worker, packed), {
        code: "SL-CODE-DIFFERS",
        message: `${author.join(`${index}.ts`)} does not make the topology that was submitted: ${says}`,
      });
      flags.changed = false;
    }
  });
});

function thrownBy(action: () => void): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error("nothing was thrown");
}
