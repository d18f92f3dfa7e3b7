/** The lab's topologies as a whole, in a local cluster. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, mock, test } from "node:test";
import {
  BaseRichBolt,
  type Conf,
  LocalCluster,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type StormLabError,
  TopologyBuilder,
  type TopologyContext,
  type TopologyDefinition,
  type TopologyReport,
  type Tuple,
  toConf,
} from "storm-lab";
import { CountBolt } from "../../../labs/word-count/solution/count-bolt.ts";
import { FileSpout } from "../../../labs/word-count/solution/file-spout.ts";
import { SplitBolt } from "../../../labs/word-count/solution/split-bolt.ts";
import solution from "../../../labs/word-count/solution/topology.ts";
import starter from "../../../labs/word-count/starter/topology.ts";
import { bundledTextTotals, countWords, digestOf } from "../../kit/word-count.ts";

let folder = "";
before(() => {
  folder = mkdtempSync(join(tmpdir(), "storm-lab-run-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Run {
  readonly report: TopologyReport;
  readonly counts: ReadonlyMap<string, number>;
  readonly errors: readonly StormLabError[];
}

async function run({ name, conf, topology }: TopologyDefinition, workers: number): Promise<Run> {
  const errors: StormLabError[] = [];
  await using cluster = new LocalCluster({ onError: (error) => void errors.push(error) });
  const running = await cluster.submitTopology(name, { ...toConf(conf), "topology.workers": workers }, topology);
  const report = await running.waitForCompletion();
  return { report, counts: new Map(Object.entries(report.results.counts ?? {}) as Array<[string, number]>), errors };
}

function fileOf(bytes: string | Uint8Array): string {
  const path = join(folder, "text.txt");
  writeFileSync(path, bytes);
  return path;
}

test("repaired: the bundled text's counts are right, and every line is acked", async () => {
  const { report, counts, errors } = await run(solution([]), 2);
  assert.equal(digestOf(counts), bundledTextTotals.sha256);
  assert.equal(report.components.spout?.acked, bundledTextTotals.lines);
  assert.equal(report.components.spout?.failed, 0);
  assert.deepEqual(errors, []);
});

test("repaired: whatever the text and the number of workers, the counts are those of the independent count", async () => {
  const words = "storm constructor __proto__ 道 \r\n 7 a\u00a0b  \ufeff \xff \n\n".repeat(700);
  const texts = ["", "\n\n", "one", `${words}\r`, Buffer.from("\xff \xfe\xe4\n\xffx ok", "latin1")];
  for (const text of texts) {
    const bytes = Buffer.from(text);
    for (const workers of [1, 4]) {
      const { counts, report } = await run(solution(["--input", fileOf(bytes)]), workers);
      assert.deepEqual(counts, countWords(bytes).counts);
      assert.equal(report.components.spout?.acked, countWords(bytes).lines);
    }
  }
});

test("repaired: invalid UTF-8 is told once and the run goes on", async () => {
  const path = fileOf(Buffer.from("ok\n\xff\n\xfe\n\xff ok", "latin1"));
  const { report, counts, errors } = await run(solution(["--input", path]), 2);
  assert.deepEqual(
    errors.map((error) => error.code),
    ["SL-INPUT-UTF8"],
  );
  assert.equal(report.results.invalidUtf8Lines, 3);
  assert.deepEqual(
    counts,
    new Map([
      ["ok", 2],
      ["\ufffd", 3],
    ]),
  );
});

/** Fails every line the first time it comes. */
class StumblingBolt extends BaseRichBolt {
  private readonly seen = new Set<string>();
  private collector!: OutputCollector;

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override execute(tuple: Tuple): void {
    const line = tuple.getString(0);
    if (!this.seen.has(line)) {
      this.seen.add(line);
      this.collector.fail(tuple);
      return;
    }
    this.collector.emit(tuple, [line]);
    this.collector.ack(tuple);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["line"]);
  }
}

test("repaired: a line that fails comes again until it is acked, and is counted once", async () => {
  const lines = Array.from({ length: 3000 }, (_, index) => `line ${index}`).join("\n");
  const builder = new TopologyBuilder();
  const spout = builder.setSpout("spout", new FileSpout(fileOf(lines)), 2);
  const stumbling = builder.setBolt("stumble", new StumblingBolt()).shuffleGrouping(spout);
  const words = builder.setBolt("split", new SplitBolt(), 2).shuffleGrouping(stumbling);
  builder.setBolt("count", new CountBolt(), 2).fieldsGrouping(words, ["word"]);
  const conf = { "topology.max.spout.pending": 100 };
  const { report, counts } = await run({ name: "stumbling", conf, topology: builder.createTopology() }, 2);
  assert.equal(report.components.spout?.failed, 3000);
  assert.equal(report.components.spout?.acked, 3000);
  assert.deepEqual(counts, countWords(Buffer.from(lines)).counts);
});

test("the tutorial's: every count is doubled, and nothing is tracked", async () => {
  const text = Buffer.from("to be\r\nor not to be\r\n\r\nthat");
  const print = mock.method(console, "log", () => {});
  const { report, counts } = await run(starter(["--input", fileOf(text)]), 2);
  const prints = print.mock.callCount();
  print.mock.restore();
  assert.equal(prints, report.components.wordcountbolt?.executed);
  const expected = [...countWords(text).counts].map(([word, count]): [string, number] => [word, 2 * count]);
  assert.deepEqual(counts, new Map(expected));
  assert.equal(report.components.readfilesspout?.acked, 0);
  assert.equal(report.components.splitbolt?.acked, 0);
});
