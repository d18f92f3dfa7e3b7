/** Word count as a stream benchmark: spout 1, split 4, count 2, fields grouping. */
import { parseArgs } from "node:util";
import {
  BaseRichBolt,
  BaseRichSpout,
  Config,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  TopologyBuilder,
  type TopologyContext,
  type TopologyDefinition,
  type Tuple,
} from "storm-lab";
import { sentences } from "./sentences.ts";

interface SpoutOptions {
  readonly acked: boolean;
  /** Sentences a second; 0: as fast as they are taken. */
  readonly rate: number;
}

class SentenceSpout extends BaseRichSpout {
  private readonly options: SpoutOptions;
  private collector!: SpoutOutputCollector;
  private next = 0;
  private emitted = 0;
  private startMs = 0;

  constructor(options: SpoutOptions) {
    super();
    this.options = options;
  }

  override open(_conf: unknown, _context: TopologyContext, collector: SpoutOutputCollector): void {
    this.collector = collector;
    this.startMs = performance.now();
  }

  override nextTuple(): void {
    const { acked, rate } = this.options;
    if (rate > 0 && this.emitted >= ((performance.now() - this.startMs) / 1000) * rate) return;
    const sentence = sentences[this.next] as string;
    this.next = this.next + 1 === sentences.length ? 0 : this.next + 1;
    this.emitted++;
    if (acked) this.collector.emit([sentence], this.emitted);
    else this.collector.emit([sentence]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["sentence"]);
  }
}

class SplitBolt extends BaseRichBolt {
  private collector!: OutputCollector;

  override prepare(_conf: unknown, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override execute(tuple: Tuple): void {
    for (const word of tuple.getString(0).split(" ")) this.collector.emit(tuple, [word]);
    this.collector.ack(tuple);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["word"]);
  }
}

class CountBolt extends BaseRichBolt {
  private readonly counts = new Map<string, number>();
  private collector!: OutputCollector;

  override prepare(_conf: unknown, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override execute(tuple: Tuple): void {
    const word = tuple.getString(0);
    this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
    this.collector.ack(tuple);
  }
}

export default function wordCount(args: readonly string[]): TopologyDefinition {
  const { values } = parseArgs({
    args: [...args],
    options: {
      acked: { type: "boolean", default: false },
      rate: { type: "string", default: "0" },
      workers: { type: "string", default: "1" },
    },
  });
  const conf = new Config();
  conf.setNumWorkers(Number(values.workers));
  if (values.acked) conf.setMaxSpoutPending(1000);
  else conf.setNumAckers(0);
  // A paced run is about latency: every tuple is measured.
  if (values.rate !== "0") conf.setStatsSampleRate(1);
  const builder = new TopologyBuilder();
  const spout = builder.setSpout("spout", () => new SentenceSpout({ acked: values.acked, rate: Number(values.rate) }));
  const split = builder.setBolt("split", () => new SplitBolt(), 4).shuffleGrouping(spout);
  builder.setBolt("count", () => new CountBolt(), 2).fieldsGrouping(split, ["word"]);
  return { name: "bench-word-count", conf, topology: builder.createTopology() };
}
