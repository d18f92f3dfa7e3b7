/** A spout that could emit hundreds of thousands a second, and a bolt that takes one in a millisecond. */
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

class FloodSpout extends BaseRichSpout {
  private collector!: SpoutOutputCollector;
  private emitted = 0;

  override open(_conf: unknown, context: TopologyContext, collector: SpoutOutputCollector): void {
    this.collector = collector;
    context.publish("rssBytes", () => process.memoryUsage.rss());
  }

  override nextTuple(): void {
    this.collector.emit([`tuple ${++this.emitted}`]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["text"]);
  }
}

class SlowBolt extends BaseRichBolt {
  private collector!: OutputCollector;

  override prepare(_conf: unknown, context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
    context.publish("rssBytes", () => process.memoryUsage.rss());
  }

  override async execute(tuple: Tuple): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    this.collector.ack(tuple);
  }
}

export default function slowBolt(): TopologyDefinition {
  const builder = new TopologyBuilder();
  const spout = builder.setSpout("spout", () => new FloodSpout());
  builder.setBolt("slow", () => new SlowBolt()).shuffleGrouping(spout);
  return { name: "bench-slow-bolt", conf: new Config().setNumAckers(0), topology: builder.createTopology() };
}
