/** The repaired word count, by the command, against an independent count. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { eventually, temporaryDirectory } from "../kit/index.ts";
import { bundledTextTotals, bundledTextUrl, countWords, countWordsOfFile, digestOf } from "../kit/word-count.ts";
import {
  type JsonResult,
  localJson,
  peakMemoryMib,
  solution,
  starter,
  startLocal,
  timeoutMs,
  topologyFile,
} from "./local-runs.ts";

const utf8 = (text: string) => Buffer.from(text, "utf8");
const inputs: ReadonlyArray<readonly [name: string, bytes: Buffer]> = [
  ["an empty file", Buffer.alloc(0)],
  ["one word", utf8("word")],
  ["CR LF, and a CR that is not at the end of its line", utf8("a b\r\nb\rc a\r\n\r\na\r")],
  ["no line end at the end", utf8("a b\nlast line")],
  ["spaces alone, empty lines, tabs", utf8("   \n\n \n\ta\tb  c \n")],
  [
    "bytes that are no UTF-8",
    Buffer.concat([utf8("good\n"), Buffer.from([0xff, 0x20, 0xc3, 0x28, 0x0a, 0xe7, 0x89]), utf8("\ngood\n")]),
  ],
  ["Chinese text", utf8("床前明月光，\n疑是地上霜。 举头望明月， 低头思故乡。\n道可道 非常道 道可道\n".repeat(50))],
  [
    "words that are names of JavaScript's own",
    utf8("constructor __proto__ toString __proto__ hasOwnProperty length\n".repeat(20)),
  ],
  ["a byte order mark, which belongs to its word", utf8("\ufeffa a\n")],
];

function asMap(counts: Readonly<Record<string, number>>): Map<string, number> {
  return new Map(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("the repaired word count equals the independent count", () => {
  for (const workers of [1, 2, 4]) {
    it(`of the bundled text, with ${workers} worker(s)`, async () => {
      const { result } = await localJson([solution, "--workers", String(workers)]);
      const counts = asMap(result.counts);
      assert.equal(digestOf(counts), bundledTextTotals.sha256);
      assert.equal(digestOf(counts), digestOf(countWordsOfFile(bundledTextUrl).counts));
      const { spout, split, count } = result.components;
      assert.deepEqual(
        [spout?.emitted, spout?.acked, spout?.failed, split?.executed, count?.executed],
        [bundledTextTotals.lines, bundledTextTotals.lines, 0, bundledTextTotals.lines, bundledTextTotals.words],
      );
    });
  }

  for (const [name, bytes] of inputs) {
    it(`of ${name}, with 1 and 2 workers`, async () => {
      await using directory = await temporaryDirectory();
      const path = directory.join("input.txt");
      await writeFile(path, bytes);
      const { counts } = countWords(bytes);
      const wanted = new Map([...counts].sort(([a], [b]) => (a < b ? -1 : 1)));
      const runs = ["1", "2"].map((workers) => localJson([solution, "--input", path, "--workers", workers]));
      for (const { result } of await Promise.all(runs)) assert.deepEqual(asMap(result.counts), wanted);
    });
  }

  it("of one line of 100 MB, in bounded memory", async () => {
    await using directory = await temporaryDirectory();
    const path = directory.join("long.txt");
    const words = 100_000;
    const file = createWriteStream(path);
    for (let i = 0; i < words; i++) {
      const room = file.write(`${i % 10}${"x".repeat(998)} `);
      if (!room) await once(file, "drain");
    }
    file.end("end");
    await once(file, "finish");
    await using run = startLocal([solution, "--input", path, "--output", "json"]);
    let peakMib = 0;
    const measure = () => {
      const now = peakMemoryMib(run.pid);
      peakMib = Math.max(peakMib, now ?? 0);
      return now === undefined ? true : undefined;
    };
    await eventually(measure, timeoutMs, "the end of the run");
    await run.assertExit(0, timeoutMs);
    // The line takes its 100 MB some three times over, as bytes, as text, as what was read last; the rest is the program's.
    assert.ok(peakMib > 200 && peakMib < 1000, `${peakMib} MiB`);
    const result = JSON.parse(run.stdout) as JsonResult;
    assert.equal(Object.keys(result.counts).length, 11);
    assert.equal(result.counts.end, 1);
    assert.equal(result.counts[`0${"x".repeat(998)}`], words / 10);
  });

  it("and warns once of lines that are no UTF-8, whatever the number of tasks", async () => {
    await using directory = await temporaryDirectory();
    const path = directory.join("input.txt");
    await writeFile(path, Buffer.concat([utf8("a\n"), ...Array.from({ length: 9 }, () => Buffer.from([0xff, 0x0a]))]));
    for (const workers of ["1", "2"]) {
      const { result, stderr } = await localJson([solution, "--input", path, "--workers", workers]);
      assert.equal(stderr.match(/SL-INPUT-UTF8/g)?.length, 1, stderr);
      assert.equal(result.invalidUtf8Lines, 9);
      assert.equal(result.counts["\ufffd"], 9);
    }
  });
});

describe("the tutorial's word count", () => {
  it("shows its traps: every count is doubled, and nothing is tracked", async () => {
    await using directory = await temporaryDirectory();
    const path = directory.join("input.txt");
    const text = utf8("the cow jumped over the moon\nthe end\n");
    await writeFile(path, text);
    for (const workers of ["1", "2"]) {
      const { result } = await localJson([starter, "--input", path, "--workers", workers]);
      const doubled = [...countWords(text).counts].map(([word, count]): [string, number] => [word, count * 2]);
      assert.deepEqual(asMap(result.counts), new Map(doubled.sort(([a], [b]) => (a < b ? -1 : 1))));
      const [spout] = Object.values(result.components).filter(({ kind }) => kind === "spout");
      assert.deepEqual([spout?.emitted, spout?.acked, spout?.failed], [4, 0, 0]);
    }
  });

  it("prints its whole map for each word, and by itself counts a text of a few lines", async () => {
    for (const workers of ["1", "2"]) {
      await using run = startLocal([starter, "--workers", workers]);
      await run.assertExit(0, timeoutMs);
      const maps = run.stdout.match(/^\{\S+=\d+.*\}$/gm) ?? [];
      assert.equal(maps.length, 2 * 59);
      assert.match(run.stdout, /^counts: 118 in all, /m);
      const { stderr } = await localJson([starter, "--workers", workers]);
      assert.equal(stderr.match(/^\{\S+=\d+.*\}$/gm)?.length, 2 * 59);
    }
  });
});

describe("the output of a run", () => {
  it("ends with one line of JSON: counts, components by id, seconds", async () => {
    const { result } = await localJson([solution]);
    assert.ok(result.seconds > 0);
    assert.deepEqual(Object.keys(result.components).toSorted(), ["count", "split", "spout"]);
    for (const component of Object.values(result.components)) {
      assert.match(String(component.kind), /^(spout|bolt)$/);
      const { kind: _kind, counters, gauges, ...numbers } = component;
      assert.deepEqual([counters, gauges], [{}, {}]);
      const names = ["acked", "capacity", "completeLatencyMs", "completeLatencyP99Ms", "emitted", "executeLatencyMs"];
      assert.deepEqual(Object.keys(numbers).toSorted(), [
        ...names,
        "executed",
        "failed",
        "processLatencyMs",
        "tasks",
        "transferred",
      ]);
      for (const [name, value] of Object.entries(numbers)) assert.equal(typeof value, "number", name);
    }
  });

  it("has the counters and gauges that components register: by component, counters summed over their tasks", async () => {
    await using directory = await temporaryDirectory();
    const bolt = `prepare(_conf, context, out) {
        this.out = out;
        this.seen = context.registerCounter("seen");
        this.heavy = context.registerCounter("weight\\x1b");
        context.registerGauge("index", () => context.thisTaskIndex);
      }
      execute(tuple) { this.seen.increment(); this.heavy.increment(tuple.getValue(0)); this.out.ack(tuple); }`;
    const file = await topologyFile(directory, { bolt });
    for (const workers of ["1", "2"]) {
      const { result } = await localJson([file, "--workers", workers]);
      const { counters, gauges } = result.components.b as { counters: object; gauges: Record<string, object> };
      assert.deepEqual(counters, { seen: 5, "weight\u001b": 10 });
      assert.deepEqual(Object.values(gauges.index ?? {}), [0, 1]);
      await using run = startLocal([file, "--workers", workers]);
      await run.assertExit(0, timeoutMs);
      assert.match(
        run.stdout,
        /^metrics:\n {2}b {2}seen {8}5\n {2}b {2}weight\\x1b {2}10\n {2}b {2}index {7}0 \(task \d\), 1 \(task \d\)$/m,
      );
    }
  });

  it("in text says that nothing was counted in an empty file", async () => {
    await using directory = await temporaryDirectory();
    const path = directory.join("empty.txt");
    await writeFile(path, "");
    await using run = startLocal([solution, "--input", path]);
    await run.assertExit(0, timeoutMs);
    assert.match(run.stdout, /^counts: 0 in all, 0 different$/m);
  });

  it("in text is plain lines when piped: components, totals, the next commands to try", async () => {
    await using run = startLocal([solution]);
    await run.assertExit(0, timeoutMs);
    assert.equal(run.stdout.includes("\u001b"), false);
    assert.match(run.stdout, /^word-count runs in this process/);
    assert.match(run.stdout, /\nspout +2 +95,319 +95,319 +0 /);
    assert.match(run.stdout, /counts: 1,131,840 in all, 57,406 different/);
    assert.match(run.stdout, /\nnext:\n/);
    assert.equal(run.stderr, "");
  });
});
