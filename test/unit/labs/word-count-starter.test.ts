import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import { fileURLToPath } from "node:url";
import { toConf } from "storm-lab";
import { ReadFileSpout } from "../../../labs/word-count/starter/read-file-spout.ts";
import { SplitBolt } from "../../../labs/word-count/starter/split-bolt.ts";
import wordCount from "../../../labs/word-count/starter/topology.ts";
import { WordCountBolt } from "../../../labs/word-count/starter/word-count-bolt.ts";
import { bundledTextTotals, bundledTextUrl, countWords, sampleTextUrl } from "../../kit/word-count.ts";
import { openSpout, prepareBolt, publishedValue, tupleOf } from "./by-hand.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "storm-lab-starter-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test("the tutorial's shape: its ids, parallelism, groupings, workers and name", () => {
  const { name, conf, topology } = wordCount([]);
  assert.equal(name, "wordcount2");
  assert.equal(toConf(conf)["topology.workers"], 2);
  const shape = topology.description.components.map(({ id, parallelismHint, inputs, streams }) => [
    id,
    parallelismHint,
    inputs.map(({ componentId, grouping }) => `${grouping.type} from ${componentId}`).join(),
    streams.default?.fields.join(),
  ]);
  assert.deepEqual(shape, [
    ["readfilesspout", 2, "", "line"],
    ["splitbolt", 4, "shuffle from readfilesspout", "word,num"],
    ["wordcountbolt", 2, "shuffle from splitbolt", undefined],
  ]);
});

test("trap: each task of the spout reads the whole file, and no line is tracked", async () => {
  const path = join(folder, "two.txt");
  writeFileSync(path, "a b\r\nc\n");
  for (let task = 0; task < 2; task++) {
    const { emitted, drain } = await openSpout(new ReadFileSpout(path), task, 2);
    await drain();
    assert.deepEqual(emitted, [
      { values: ["a b"], messageId: undefined },
      { values: ["c"], messageId: undefined },
    ]);
  }
});

test("trap: nothing is anchored, nothing is acked", async () => {
  const split = await prepareBolt(new SplitBolt());
  split.execute(tupleOf(["to  be"], "line"));
  assert.deepEqual(split.emitted, [
    { anchors: undefined, values: ["to", "1"] },
    { anchors: undefined, values: ["be", "1"] },
  ]);
  assert.deepEqual(split.acked, []);
  const print = mock.method(console, "log", () => {});
  const count = await prepareBolt(new WordCountBolt());
  for (const word of ["to", "be", "to"]) count.execute(tupleOf([word, "1"], "word", "num"));
  const printed = print.mock.calls.map((call) => call.arguments.join());
  print.mock.restore();
  assert.deepEqual(printed, ["{to=1}", "{to=1, be=1}", "{to=2, be=1}"]);
  assert.deepEqual(
    publishedValue(count, "counts"),
    new Map([
      ["to", 2],
      ["be", 1],
    ]),
  );
  assert.deepEqual(count.acked, []);
});

test("its own text can be counted by hand", () => {
  const { words, counts } = countWords(readFileSync(sampleTextUrl));
  assert.equal(words, 59);
  assert.equal(counts.get("the"), 7);
});

test("it reads the bundled text", async () => {
  const { emitted, drain } = await openSpout(new ReadFileSpout(fileURLToPath(bundledTextUrl)));
  await drain();
  assert.equal(emitted.length, bundledTextTotals.lines);
});

test("a missing file stops it, packed or not", async () => {
  for (const name of ["none.txt", "none.br"]) {
    const { drain } = await openSpout(new ReadFileSpout(join(folder, name)));
    await assert.rejects(drain(), { code: "ENOENT" });
  }
});
