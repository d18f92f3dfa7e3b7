/**
 * The topology that the simulated cluster runs: sentences → words → counts, every sentence tracked. It runs in the project's own
 * executors; only its code is not loaded from a file, because a simulated world can import none.
 */
import type { SimulatedProcess } from "../base/index.ts";
import {
  BaseRichBolt,
  BaseRichSpout,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  type StormTopology,
  TopologyBuilder,
  type TopologyContext,
  type Tuple,
} from "../topology/index.ts";

const sentences = [
  "the cow jumped over the moon",
  "an apple a day keeps the doctor away",
  "four score and seven years ago",
  "snow white and the seven dwarfs",
  "i am at two with nature",
] as const;
const everyMs = 500;

/** For a cluster's conf: a trickle, because the subject is the cluster and not its speed. */
export const wordCountConf: Conf = {
  "topology.message.timeout.secs": 10,
  "topology.max.spout.pending": 20,
  "topology.sleep.spout.wait.strategy.time.ms": 250,
};

/** In which process it runs, and who is told of each sentence that was acked. */
export interface Seat {
  readonly process: SimulatedProcess;
  readonly acked: () => void;
}

/** `parallelism`: of both bolts. `seat`: null where it is only described, to submit it. */
export function wordCount(parallelism: number, seat: Seat | null): StormTopology {
  const builder = new TopologyBuilder();
  builder.setSpout("sentences", () => new SentenceSpout(seat), 1);
  builder.setBolt("split", () => new SplitBolt(), parallelism).shuffleGrouping("sentences");
  builder.setBolt("count", () => new CountBolt(), parallelism).fieldsGrouping("split", ["word"]);
  return builder.createTopology();
}

class SentenceSpout extends BaseRichSpout {
  readonly #seat: Seat | null;
  readonly #failed: number[] = [];
  #collector: SpoutOutputCollector | null = null;
  #next = 0;
  #dueMs = 0;

  constructor(seat: Seat | null) {
    super();
    this.#seat = seat;
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    declarer.declare(["sentence"]);
  }

  override open(_conf: Conf, _context: TopologyContext, collector: SpoutOutputCollector): void {
    this.#collector = collector;
  }

  override nextTuple(): void {
    const nowMs = this.#seat?.process.runtime.clock.monotonicMs() ?? 0;
    if (nowMs < this.#dueMs) return;
    this.#dueMs = nowMs + everyMs;
    const number = this.#failed.shift() ?? this.#next++;
    this.#collector?.emit([sentences[number % sentences.length]], number);
  }

  /** What a process does after its death does not count. */
  override ack(): void {
    if (this.#seat?.process.alive === true) this.#seat.acked();
  }

  override fail(messageId: unknown): void {
    this.#failed.push(messageId as number);
  }
}

class SplitBolt extends BaseRichBolt {
  #collector: OutputCollector | null = null;

  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    declarer.declare(["word"]);
  }

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.#collector = collector;
  }

  override execute(tuple: Tuple): void {
    for (const word of String(tuple.getValue(0)).split(" ")) this.#collector?.emit(tuple, [word]);
    this.#collector?.ack(tuple);
  }
}

class CountBolt extends BaseRichBolt {
  readonly #counts = new Map<string, number>();
  #collector: OutputCollector | null = null;

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.#collector = collector;
  }

  override execute(tuple: Tuple): void {
    const word = String(tuple.getValue(0));
    this.#counts.set(word, (this.#counts.get(word) ?? 0) + 1);
    this.#collector?.ack(tuple);
  }
}
