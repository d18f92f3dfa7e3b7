/**
 * A tracked word count that survives everything but its disk, and keeps a record of all that it does: what it emitted, what was acked and
 * failed, and every word that it counted, each line written before the step that it tells of is acknowledged.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  BaseRichBolt,
  BaseRichSpout,
  type Conf,
  Config,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  TopologyBuilder,
  type TopologyContext,
  type TopologyDefinition,
  type Tuple,
} from "storm-lab";
import { sentenceOf } from "./text.ts";

const splitMs = 100;
const splitsInFlight = 100;

interface TextOptions {
  readonly folder: string;
  readonly sentences: number;
  readonly perSecond: number;
}

/** Sentence n of the text belongs to task n mod tasks; what was acked in an earlier life is not emitted again. */
class RecordingSpout extends BaseRichSpout {
  private readonly options: TextOptions;
  private collector!: SpoutOutputCollector;
  private files!: { readonly emits: string; readonly acks: string };
  private startMs = 0;
  private life = 0;
  private attempts = 0;
  private next = 0;
  private step = 1;
  private acked!: Set<number>;
  private readonly failed: number[] = [];

  constructor(options: TextOptions) {
    super();
    this.options = options;
  }

  override open(_conf: Conf, context: TopologyContext, collector: SpoutOutputCollector): void {
    const { folder } = this.options;
    const index = context.thisTaskIndex;
    this.collector = collector;
    this.step = context.getComponentTasks(context.thisComponentId).length;
    this.next = index;
    this.files = { emits: join(folder, `emits-${index}`), acks: join(folder, `acks-${index}`) };
    this.startMs = startOf(join(folder, "start"));
    this.life = linesOf(this.files.emits).filter((line) => line.startsWith("open")).length;
    this.acked = new Set(linesOf(this.files.acks).map((line) => Number(line.split(" ")[0])));
    appendFileSync(this.files.emits, `open ${this.life} ${process.pid}\n`);
  }

  override nextTuple(): void {
    const again = this.failed.pop();
    if (again !== undefined) {
      this.emit(again);
      return;
    }
    const { sentences, perSecond } = this.options;
    while (this.next < sentences && this.acked.has(this.next)) this.next += this.step;
    if (this.next >= sentences || Date.now() < this.startMs + (this.next / perSecond) * 1000) return;
    const index = this.next;
    this.next += this.step;
    this.emit(index);
  }

  override ack(messageId: string): void {
    appendFileSync(this.files.acks, `${messageId}\n`);
  }

  override fail(messageId: string): void {
    appendFileSync(this.files.emits, `fail ${messageId}\n`);
    this.failed.push(Number(messageId.split(" ")[0]));
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["sentence", "index", "attempt"]);
  }

  private emit(index: number): void {
    const attempt = `${this.life}.${this.attempts++}`;
    appendFileSync(this.files.emits, `emit ${index} ${attempt}\n`);
    this.collector.emit([sentenceOf(index).join(" "), index, attempt], `${index} ${attempt}`);
  }
}

/** Takes its time, so that many sentences are under way when something dies. */
class SplitBolt extends BaseRichBolt {
  private collector!: OutputCollector;

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override async execute(tuple: Tuple): Promise<void> {
    await setTimeout(splitMs);
    const words = tuple.getString(0).split(" ");
    for (const [position, word] of words.entries())
      this.collector.emit(tuple, [word, tuple.getNumber(1), tuple.getString(2), position]);
    this.collector.ack(tuple);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["word", "index", "attempt", "position"]);
  }
}

/** Its counts are the lines of its file: they outlive it. */
class RecordingCountBolt extends BaseRichBolt {
  private readonly folder: string;
  private collector!: OutputCollector;
  private file = "";

  constructor(folder: string) {
    super();
    this.folder = folder;
  }

  override prepare(_conf: Conf, context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
    this.file = join(this.folder, `counts-${context.thisTaskIndex}`);
  }

  override execute(tuple: Tuple): void {
    const [word, index, attempt, position] = tuple.getValues();
    appendFileSync(this.file, `${index} ${attempt} ${position} ${word}\n`);
    this.collector.ack(tuple);
  }
}

/** When the first task of the first life began: the pace of the text is kept through all lives. */
function startOf(file: string): number {
  if (!existsSync(file)) writeFileSync(file, String(Date.now()), { flag: "a" });
  return Number(readFileSync(file, "utf8").slice(0, 13));
}

function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").slice(0, -1) : [];
}

export default function recordedWordCount(args: readonly string[]): TopologyDefinition {
  const { values } = parseArgs({
    args: [...args],
    options: { folder: { type: "string" }, sentences: { type: "string" }, rate: { type: "string" } },
  });
  const { folder } = values;
  if (folder === undefined) throw new Error("--folder FOLDER: where the records are kept");
  mkdirSync(folder, { recursive: true });
  const text = { folder, sentences: Number(values.sentences), perSecond: Number(values.rate) };
  const builder = new TopologyBuilder();
  builder.setSpout("spout", () => new RecordingSpout(text), 2);
  builder.setBolt("split", () => new SplitBolt(), 3).shuffleGrouping("spout");
  builder.setBolt("count", () => new RecordingCountBolt(folder), 2).fieldsGrouping("split", ["word"]);
  const conf = new Config();
  conf.setNumWorkers(3);
  conf.setMaxSpoutPending(200);
  conf.setMessageTimeoutSecs(5);
  conf.put(Config.STORM_LAB_TASK_EXECUTE_MAX_IN_FLIGHT, splitsInFlight);
  return { name: "recorded-word-count", conf, topology: builder.createTopology() };
}
