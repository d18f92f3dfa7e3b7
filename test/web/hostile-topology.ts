/** A topology whose names, values and errors are HTML that would run if a page took them for it. */
import {
  BaseRichBolt,
  BaseRichSpout,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  TopologyBuilder,
  type TopologyContext,
  type TopologyDefinition,
  type Tuple,
} from "storm-lab";

const script = "<script>hacked=1</script><img src=x onerror=hacked=1>";

class HostileSpout extends BaseRichSpout {
  private collector!: SpoutOutputCollector;

  override open(_conf: Conf, _context: TopologyContext, collector: SpoutOutputCollector): void {
    this.collector = collector;
  }

  override nextTuple(): void {
    this.collector.emit([script]);
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer): void {
    declarer.declare(["html"]);
  }
}

class HostileBolt extends BaseRichBolt {
  private collector!: OutputCollector;

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override execute(tuple: Tuple): void {
    this.collector.reportError(new Error(tuple.getString(0)));
    this.collector.ack(tuple);
  }

  override declareOutputFields(): void {}
}

export default function hostile(): TopologyDefinition {
  const builder = new TopologyBuilder();
  const html = builder.setSpout("spout", new HostileSpout());
  builder.setBolt("<img src=x onerror=hacked=1>", new HostileBolt()).shuffleGrouping(html);
  return { name: "hostile", conf: {}, topology: builder.createTopology() };
}
