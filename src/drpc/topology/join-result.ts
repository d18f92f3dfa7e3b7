/** Puts the result of a request beside where it goes. Source: JoinResult of Storm 2.8; but what never meets is forgotten. */
import { TimeCacheMap } from "../../coordination/index.ts";
import {
  BaseRichBolt,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  systemContext,
  type TopologyContext,
  type Tuple,
} from "../../topology/index.ts";

export class JoinResult extends BaseRichBolt {
  private readonly returnComponent: string;
  private collector!: OutputCollector;
  private results!: TimeCacheMap<unknown, Tuple>;
  private returns!: TimeCacheMap<unknown, Tuple>;

  /** `returnComponent`: whose tuples say where results go. */
  constructor(returnComponent: string) {
    super();
    this.returnComponent = returnComponent;
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["result", "return-info"]);
  }

  override prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): void {
    const { clock } = systemContext(context).runtime;
    // Twice: a tree may live for two message time-outs.
    const expiryMs = (conf["topology.message.timeout.secs"] as number) * 2000;
    this.collector = collector;
    this.results = new TimeCacheMap(clock, expiryMs);
    this.returns = new TimeCacheMap(clock, expiryMs);
  }

  override execute(tuple: Tuple): void {
    const request = tuple.getValue(0);
    const isReturn = tuple.getSourceComponent() === this.returnComponent;
    const [own, others] = isReturn ? [this.returns, this.results] : [this.results, this.returns];
    const other = others.take(request);
    if (other === undefined) {
      // A bolt that answers a request twice: the first answer counts.
      if (own.get(request) === undefined) own.set(request, tuple);
      else this.collector.ack(tuple);
      return;
    }
    const [result, where] = isReturn ? [other, tuple] : [tuple, other];
    this.collector.emit([result, where], [String(result.getValue(1)), where.getString(1)]);
    this.collector.ack(result);
    this.collector.ack(where);
  }
}
