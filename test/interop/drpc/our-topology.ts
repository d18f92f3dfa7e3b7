/** Answers `exclamation` and `unique-words` of a DRPC server on this machine, whose invocations port is the first argument. */
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
  type TopologyDefinition,
  type Tuple,
} from "storm-lab";

class SplitBolt extends BaseBasicBolt {
  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    for (const word of tuple.getString(1).split(" ")) {
      if (word === "fail") throw new FailedException(word);
      if (word !== "") collector.emit([tuple.getValue(0), word]);
    }
  }
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "word"]);
  }
}

/** Its words in order, each once. */
class UniqueBolt extends BaseBatchBolt {
  private readonly words = new Set<string>();
  private collector!: BatchOutputCollector;
  private id: unknown;
  override prepare(_conf: Conf, _context: TopologyContext, collector: BatchOutputCollector, id: unknown): void {
    this.collector = collector;
    this.id = id;
  }
  override execute(tuple: Tuple): void {
    this.words.add(tuple.getString(1));
  }
  override finishBatch(): void {
    this.collector.emit([this.id, [...this.words].sort().join(" ")]);
  }
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["id", "words"]);
  }
}

export default ([port]: readonly string[]): TopologyDefinition => {
  const builder = new LinearDRPCTopologyBuilder("unique-words");
  builder.addBolt(new SplitBolt(), 2);
  builder.addBolt(new UniqueBolt(), 3).fieldsGrouping(["id"]);
  const conf = { "drpc.servers": ["127.0.0.1"], "drpc.invocations.port": Number(port) };
  return { name: "unique-words", conf, topology: builder.createRemoteTopology() };
};
