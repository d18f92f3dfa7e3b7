/** DRPC functions for tests. */
import {
  BaseBasicBolt,
  BaseBatchBolt,
  type BasicOutputCollector,
  type BatchOutputCollector,
  type Conf,
  FailedException,
  LinearDRPCTopologyBuilder,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
} from "../../../src/index.ts";

/** `hello` → `hello!`; what begins with `fail` fails. */
export class ExclaimBolt extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    const text = tuple.getString(1);
    if (text.startsWith("fail")) throw new FailedException(text);
    collector.emit([tuple.getValue(0), `${text}!`]);
  }
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "result"]);
  }
}

class SplitBolt extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    for (const word of tuple.getString(1).split(" ")) if (word !== "") collector.emit([tuple.getValue(0), word]);
  }
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "word"]);
  }
}

abstract class Aggregating extends BaseBatchBolt {
  protected collector!: BatchOutputCollector;
  protected id: unknown;
  override prepare(_conf: Conf, _context: TopologyContext, collector: BatchOutputCollector, id: unknown): void {
    this.collector = collector;
    this.id = id;
  }
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "count"]);
  }
}

class UniqueBolt extends Aggregating {
  private readonly words = new Set<string>();
  override execute(tuple: Tuple): void {
    const word = tuple.getString(1);
    if (word === "fail") throw new FailedException(word);
    this.words.add(word);
  }
  override finishBatch(): void {
    this.collector.emit([this.id, this.words.size]);
  }
}

class SumBolt extends Aggregating {
  private sum = 0;
  override execute(tuple: Tuple): void {
    this.sum += tuple.getNumber(1);
  }
  override async finishBatch(): Promise<void> {
    await Promise.resolve();
    this.collector.emit([this.id, this.sum]);
  }
}

/** Of a request's words, and of lists of them, each word once, in order. */
class WordsBolt extends Aggregating {
  private readonly words = new Set<string>();
  override execute(tuple: Tuple): void {
    for (const word of tuple.getString(1).split(" ")) {
      if (word === "fail") throw new FailedException(word);
      if (word !== "") this.words.add(word);
    }
  }
  override finishBatch(): void {
    this.collector.emit([this.id, [...this.words].sort().join(" ")]);
  }
}

export function exclamation(): LinearDRPCTopologyBuilder {
  const builder = new LinearDRPCTopologyBuilder("exclamation");
  builder.addBolt(new ExclaimBolt(), 3);
  return builder;
}

/** How many different words the arguments have: over four tasks, and one of three that sums up. */
export function uniqueWords(): LinearDRPCTopologyBuilder {
  const builder = new LinearDRPCTopologyBuilder("unique-words");
  builder.addBolt(new SplitBolt(), 2).shuffleGrouping();
  builder.addBolt(() => new UniqueBolt(), 4).fieldsGrouping(["id", "word"]);
  builder.addBolt(new SumBolt(), 3).fieldsGrouping(["id"]);
  return builder;
}

/** The different words of the arguments, sorted: over four tasks, and one of three that brings them together. */
export function sortedWords(): LinearDRPCTopologyBuilder {
  const builder = new LinearDRPCTopologyBuilder("sorted-words");
  builder.addBolt(new SplitBolt(), 2).shuffleGrouping();
  builder.addBolt(() => new WordsBolt(), 4).fieldsGrouping(["id", "word"]);
  builder.addBolt(() => new WordsBolt(), 3).fieldsGrouping(["id"]);
  return builder;
}
