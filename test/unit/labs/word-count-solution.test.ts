import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { type Published, StormLabError } from "storm-lab";
import { CountBolt } from "../../../labs/word-count/solution/count-bolt.ts";
import { FileSpout } from "../../../labs/word-count/solution/file-spout.ts";
import { SplitBolt } from "../../../labs/word-count/solution/split-bolt.ts";
import wordCount from "../../../labs/word-count/solution/topology.ts";
import { countWords } from "../../kit/word-count.ts";
import { openSpout, prepareBolt, publishedValue, tupleOf } from "./by-hand.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "storm-lab-solution-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(name: string, bytes: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

async function linesOf(path: string): Promise<unknown[]> {
  const { emitted, drain } = await openSpout(new FileSpout(path));
  await drain();
  return emitted.map(({ values }) => values[0]);
}

test("FileSpout gives each line to one of its tasks, tracked by its number", async () => {
  const path = fileOf("seven.txt", "1\n2\n3\n4\n5\n6\n7");
  for (const taskCount of [1, 2, 3, 9]) {
    const seen: string[] = [];
    for (let task = 0; task < taskCount; task++) {
      const { emitted, drain, spout } = await openSpout(new FileSpout(path), task, taskCount);
      await drain();
      for (const { values, messageId } of emitted) {
        assert.equal(String(messageId), values[0]);
        seen.push(values[0] as string);
      }
      spout.close();
    }
    assert.deepEqual(seen.sort(), ["1", "2", "3", "4", "5", "6", "7"]);
  }
});

test("FileSpout reads plain, gzip and brotli files, and empty ones", async () => {
  const text = "道可道\r\n\r\nlast";
  const lines = ["道可道", "", "last"];
  assert.deepEqual(await linesOf(fileOf("plain.txt", text)), lines);
  assert.deepEqual(await linesOf(fileOf("packed.gz", gzipSync(text))), lines);
  assert.deepEqual(await linesOf(fileOf("packed.br", brotliCompressSync(text))), lines);
  assert.deepEqual(await linesOf(fileOf("empty.txt", "")), []);
  assert.deepEqual(await linesOf(fileOf("empty.br", brotliCompressSync(""))), []);
});

test("FileSpout makes a promise only when it must read", async () => {
  const path = fileOf("many.txt", "line\n".repeat(10_000));
  const { spout, emitted } = await openSpout(new FileSpout(path));
  let promises = 0;
  while (emitted.length < 10_000) {
    const promise = spout.nextTuple();
    if (promise === undefined) continue;
    promises++;
    await promise;
  }
  assert.equal(promises, 1);
});

test("FileSpout emits a failed line again, and an acked one never", async () => {
  const path = fileOf("replay.txt", "a\nb\nc\n");
  const { spout, emitted, drain } = await openSpout(new FileSpout(path));
  let failures = 0;
  await drain(({ messageId }) => {
    if (messageId === 2 && failures < 3) {
      failures++;
      spout.fail(2);
    } else {
      spout.ack(messageId as number);
    }
  });
  assert.deepEqual(
    emitted.map(({ values, messageId }) => `${messageId}${values[0]}`),
    ["1a", "2b", "2b", "2b", "2b", "3c"],
  );
  emitted.length = 0;
  await drain();
  assert.deepEqual(emitted, [], "exhausted again, with nothing kept");
});

test("invalid UTF-8: replaced, counted by each task for its lines, and told once", async () => {
  const path = fileOf("invalid.txt", Buffer.from("ok\nb\xe4d\nok\n\xff\nbad \xe4\xb8\n", "latin1"));
  const told: Error[] = [];
  let invalidLines = 0;
  for (let task = 0; task < 2; task++) {
    const run = await openSpout(new FileSpout(path), task, 2);
    await run.drain();
    invalidLines += publishedValue(run, "invalidUtf8Lines") as number;
    told.push(...run.errors);
  }
  assert.equal(invalidLines, 3);
  assert.equal(told.length, 1);
  assert.ok(told[0] instanceof StormLabError);
  assert.equal(told[0].code, "SL-INPUT-UTF8");
  assert.equal(told[0].message, `line 2 of ${path} is not valid UTF-8`);
  assert.deepEqual(await linesOf(path), ["ok", "b\ufffdd", "ok", "\ufffd", "bad \ufffd"]);
});

test("a file that cannot be read to its end says which and why", async () => {
  const whole = brotliCompressSync("line\n".repeat(1000));
  for (const path of [
    fileOf("torn.br", whole.subarray(0, whole.length - 5)),
    fileOf("no.gz", "not packed"),
    join(folder, "none"),
    join(folder, "none.br"),
  ]) {
    const { drain } = await openSpout(new FileSpout(path));
    await assert.rejects(drain(), (error) => {
      assert.ok(error instanceof StormLabError);
      assert.equal(error.code, "SL-FILE-UNREADABLE");
      assert.equal(error.message, `${path} cannot be read`);
      return error.cause instanceof Error;
    });
  }
});

test("SplitBolt cuts at U+0020 only, leaves empty words out, anchors each word and acks the line", async () => {
  const bolt = await prepareBolt(new SplitBolt());
  const tuple = tupleOf([" To  be,\tor\u00a0not\u3000to be "]);
  bolt.execute(tuple);
  assert.deepEqual(
    bolt.emitted.map(({ values }) => values),
    [
      ["To", 1],
      ["be,\tor\u00a0not\u3000to", 1],
      ["be", 1],
    ],
  );
  assert.ok(bolt.emitted.every(({ anchors }) => anchors === tuple));
  assert.deepEqual(bolt.acked, [tuple]);
  const empty = tupleOf([""]);
  bolt.execute(empty);
  assert.equal(bolt.emitted.length, 3);
  assert.deepEqual(bolt.acked, [tuple, empty]);
});

test("SplitBolt takes a long line in steps, and the words are the same", async () => {
  const long = ` ${"word  道 x ".repeat(50_000)}${"y".repeat(200_000)} end`;
  const bolt = await prepareBolt(new SplitBolt());
  const tuple = tupleOf([long]);
  bolt.execute(tuple);
  assert.equal(bolt.acked.length, 0, "it gives way before it is done");
  assert.ok(bolt.emitted.length < 40_000);
  await bolt.settled();
  assert.deepEqual(bolt.acked, [tuple]);
  assert.ok(
    bolt.resets.length > 5 && bolt.resets.every((reset) => reset === tuple),
    "its time-out starts anew meanwhile",
  );
  assert.deepEqual(
    bolt.emitted.map(({ values }) => values[0]),
    long.split(" ").filter((word) => word !== ""),
  );
});

test("CountBolt publishes its counts, which grow", async () => {
  const bolt = await prepareBolt(new CountBolt());
  const counts = publishedValue(bolt, "counts") as ReadonlyMap<string, Published>;
  for (const word of ["a", "b", "a"]) bolt.execute(tupleOf([word, 1]));
  assert.deepEqual(
    [...counts],
    [
      ["a", 2],
      ["b", 1],
    ],
  );
  assert.equal(bolt.acked.length, 3);
});

test("the topology: shuffle to the splitters, by word to the counters", () => {
  const { name, conf, topology } = wordCount([]);
  assert.equal(name, "word-count");
  assert.ok(conf !== undefined);
  const components = topology.description.components.map(({ id, parallelismHint, inputs }) => ({
    id,
    parallelismHint,
    inputs,
  }));
  assert.deepEqual(components, [
    {
      id: "count",
      parallelismHint: 2,
      inputs: [{ componentId: "split", streamId: "default", grouping: { type: "fields", fields: ["word"] } }],
    },
    {
      id: "split",
      parallelismHint: 4,
      inputs: [{ componentId: "spout", streamId: "default", grouping: { type: "shuffle" } }],
    },
    { id: "spout", parallelismHint: 2, inputs: [] },
  ]);
  assert.deepEqual(topology.description.warnings, []);
});

test("odd texts give what the independent count gives", async () => {
  for (const text of ["", "\n", " \r\n", "a\r\r\n \r", "\ufeffa\na", "x\ry z", "\xff \xfe\n\xff"]) {
    const bytes = Buffer.from(text, text.includes("\xff") ? "latin1" : "utf8");
    const split = await prepareBolt(new SplitBolt());
    const count = await prepareBolt(new CountBolt());
    for (const line of await linesOf(fileOf("odd.txt", bytes))) split.execute(tupleOf([line]));
    for (const { values } of split.emitted) count.execute(tupleOf(values));
    assert.deepEqual(publishedValue(count, "counts"), countWords(bytes).counts, JSON.stringify(text));
  }
});
