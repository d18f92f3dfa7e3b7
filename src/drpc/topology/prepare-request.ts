/** Gives a call a request id and splits it: its arguments, where its result goes, that it exists. Source: PrepareRequest of Storm 2.8. */
import {
  BaseBasicBolt,
  type BasicOutputCollector,
  type Conf,
  defaultStreamId,
  type OutputFieldsDeclarer,
  systemContext,
  type TopologyContext,
  type Tuple,
} from "../../topology/index.ts";

export const prepareStreams = { args: defaultStreamId, return: "ret", id: "id" } as const;

export class PrepareRequest extends BaseBasicBolt {
  private random!: { uint32(): number; below(bound: number): number };

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer
      .declareStream(prepareStreams.args, ["request", "args"])
      .declareStream(prepareStreams.return, ["request", "return"])
      .declareStream(prepareStreams.id, ["request"]);
  }

  override prepare(_conf: Conf, context: TopologyContext): void {
    this.random = systemContext(context).runtime.random;
  }

  override execute(tuple: Tuple, collector: BasicOutputCollector): void {
    // Random, as Storm's: a call that comes again after a loss is another request. 53 bits are what a number holds.
    const request = this.random.below(2 ** 21) * 2 ** 32 + this.random.uint32();
    collector.emit(prepareStreams.args, [request, tuple.getString(0)]);
    collector.emit(prepareStreams.return, [request, tuple.getString(1)]);
    collector.emit(prepareStreams.id, [request]);
  }
}
