/**
 * The acker: an ordinary bolt. Its ledger holds, for each root, the XOR of all edges told so far; 0 means that every tuple of the tree was
 * acked. Source: Storm, "Guaranteeing message processing" and its acker (three buckets, rotated by a tick).
 */
import { RotatingMap } from "../base/index.ts";
import {
  BaseRichBolt,
  type Conf,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type TopologyContext,
  type Tuple,
} from "../topology/index.ts";
import { ackAck, ackFail, ackInit, ackResetTimeout, tickStream } from "./plan.ts";

interface Entry {
  xorHi: number;
  xorLo: number;
  /** 0 while the init has not come: an ack may overtake it. */
  spoutTask: number;
  failed: boolean;
  readonly startMs: number;
}

const bucketCount = 3;

/** As the stream declares them: all integers. Read by index: taking the list apart would cost more than the rest. */
type Values = readonly [hi: number, lo: number, xorHi: number, xorLo: number, spoutTask: number];

export class Acker extends BaseRichBolt {
  private readonly ledger = new RotatingMap<Entry>(bucketCount);
  private readonly nowMs: () => number;
  private collector!: OutputCollector;

  /** `nowMs`: a monotonic clock, in whole milliseconds. */
  constructor(nowMs: () => number) {
    super();
    this.nowMs = nowMs;
  }

  override declareOutputFields(_declarer: OutputFieldsDeclarer): void {}

  override prepare(_conf: Conf, _context: TopologyContext, collector: OutputCollector): void {
    this.collector = collector;
  }

  override execute(tuple: Tuple): void {
    const values = tuple.getValues() as Values;
    const stream = tuple.getSourceStreamId();
    if (stream === tickStream) this.ledger.rotate();
    else if (stream === ackInit) this.init(values);
    else if (stream === ackAck) this.ack(values);
    else if (stream === ackFail) this.fail(values);
    else if (stream === ackResetTimeout) this.reset(values);
    this.collector.ack(tuple);
  }

  private init(values: Values): void {
    const hi = values[0];
    const lo = values[1];
    const xorHi = values[2];
    const xorLo = values[3];
    const spoutTask = values[4];
    const entry = this.ledger.get(hi, lo);
    if (entry === undefined) {
      // The whole tree was processed within one turn of one worker: nothing to remember.
      if (xorHi === 0 && xorLo === 0) this.tell(spoutTask, ackAck, hi, lo, 0);
      else this.ledger.set(hi, lo, { xorHi, xorLo, spoutTask, failed: false, startMs: this.nowMs() });
      return;
    }
    entry.xorHi ^= xorHi;
    entry.xorLo ^= xorLo;
    entry.spoutTask = spoutTask;
    this.settle(entry, hi, lo);
  }

  private ack(values: Values): void {
    const hi = values[0];
    const lo = values[1];
    const entry = this.ledger.get(hi, lo) ?? this.remember(hi, lo);
    entry.xorHi ^= values[2];
    entry.xorLo ^= values[3];
    this.settle(entry, hi, lo);
  }

  private fail(values: Values): void {
    const hi = values[0];
    const lo = values[1];
    const entry = this.ledger.get(hi, lo) ?? this.remember(hi, lo);
    entry.failed = true;
    this.settle(entry, hi, lo);
  }

  private reset(values: Values): void {
    const hi = values[0];
    const lo = values[1];
    const entry = this.ledger.get(hi, lo);
    if (entry === undefined) return;
    this.ledger.renew(hi, lo);
    if (entry.spoutTask !== 0) this.tell(entry.spoutTask, ackResetTimeout, hi, lo, this.nowMs() - entry.startMs);
  }

  private settle(entry: Entry, hi: number, lo: number): void {
    if (entry.spoutTask === 0) return;
    const complete = entry.xorHi === 0 && entry.xorLo === 0;
    if (!entry.failed && !complete) return;
    this.ledger.take(hi, lo);
    this.tell(entry.spoutTask, entry.failed ? ackFail : ackAck, hi, lo, this.nowMs() - entry.startMs);
  }

  private remember(hi: number, lo: number): Entry {
    const entry = { xorHi: 0, xorLo: 0, spoutTask: 0, failed: false, startMs: this.nowMs() };
    this.ledger.set(hi, lo, entry);
    return entry;
  }

  private tell(spoutTask: number, streamId: string, hi: number, lo: number, elapsedMs: number): void {
    this.collector.emitDirect(spoutTask, streamId, [hi, lo, elapsedMs]);
  }
}
