/** Small components for the tests of this room. */
import {
  BaseBasicBolt,
  BaseRichBolt,
  BaseRichSpout,
  type BasicOutputCollector,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  type TopologyContext,
  type Tuple,
} from "../../../src/topology/index.ts";

export class LineSpout extends BaseRichSpout {
  override open(_conf: Conf, _context: TopologyContext, _collector: SpoutOutputCollector): void {}
  override nextTuple(): void {}
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer
      .declare(["line", "number"])
      .declareStream("errors", ["message"])
      .declareStream("orders", true, ["order"]);
  }
}

export class SplitBolt extends BaseRichBolt {
  override prepare(_conf: Conf, _context: TopologyContext, _collector: OutputCollector): void {}
  override execute(_tuple: Tuple): void {}
  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["word", "num"]);
  }
}

export class SinkBolt extends BaseBasicBolt {
  override execute(_tuple: Tuple, _collector: BasicOutputCollector): void {}
}

/** Declares whatever it is told to, so the compiler knows nothing of its streams. */
export class DeclaringSpout extends BaseRichSpout {
  private readonly declaration: (declarer: OutputFieldsDeclarer) => unknown;

  constructor(declaration: (declarer: OutputFieldsDeclarer) => unknown) {
    super();
    this.declaration = declaration;
  }

  override open(): void {}
  override nextTuple(): void {}
  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    this.declaration(declarer);
  }
}
