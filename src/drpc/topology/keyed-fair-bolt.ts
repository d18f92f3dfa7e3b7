/**
 * Lets requests have their turns: tuples queue by their first value, and one of each is executed in turn, so that a request with many
 * tuples does not keep others waiting. Source: KeyedFairBolt of Storm 2.8; its thread is here a turn of the event loop.
 */
import { BasicBoltExecutor, type FinishedCallback, hasFinishedCallback } from "../../coordination/index.ts";
import {
  type Conf,
  type IBasicBolt,
  type IRichBolt,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type SystemContext,
  systemContext,
  type TopologyContext,
  type Tuple,
} from "../../topology/index.ts";

/** Tuples that wait here; beyond, the executor's own queue holds them. */
const queuedMax = 1000;
/** Before I/O is served. */
const turnTuplesMax = 100;

export class KeyedFairBolt implements IRichBolt, FinishedCallback {
  private readonly bolt: IRichBolt;
  private context!: SystemContext;
  /** By key, in the order of their turns. */
  private queues!: Map<unknown, Tuple[]>;
  private queued = 0;
  private isTurning = false;
  private isOver = false;
  private roomMade: (() => void) | null = null;

  constructor(bolt: IRichBolt | IBasicBolt) {
    this.bolt = bolt.componentKind === "basic-bolt" ? new BasicBoltExecutor(bolt) : bolt;
  }

  get componentKind(): "rich-bolt" {
    return "rich-bolt";
  }

  declareOutputFields(declarer: OutputFieldsDeclarer): unknown {
    return this.bolt.declareOutputFields(declarer);
  }

  getComponentConfiguration(): Conf | null {
    return this.bolt.getComponentConfiguration?.() ?? null;
  }

  prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): void | Promise<void> {
    this.context = systemContext(context);
    this.queues = new Map();
    return this.bolt.prepare(conf, context, collector);
  }

  execute(tuple: Tuple): void | Promise<void> {
    const key = tuple.getValue(0);
    const queue = this.queues.get(key);
    if (queue === undefined) this.queues.set(key, [tuple]);
    else queue.push(tuple);
    this.queued++;
    this.turnSoon();
    if (this.queued < queuedMax) return undefined;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.roomMade = resolve;
    return promise;
  }

  finishedId(id: unknown): void | Promise<void> {
    return hasFinishedCallback(this.bolt) ? this.bolt.finishedId(id) : undefined;
  }

  cleanup(): void | Promise<void> {
    this.isOver = true;
    this.roomMade?.();
    return this.bolt.cleanup();
  }

  private turnSoon(): void {
    if (this.isTurning || this.isOver || this.queued === 0) return;
    this.isTurning = true;
    this.context.runtime.timers.soon(() => {
      // What the bolt throws is its component's: nobody here catches it.
      void this.turn().finally(() => {
        this.isTurning = false;
        this.turnSoon();
      });
    });
  }

  private async turn(): Promise<void> {
    for (let count = 0; count < turnTuplesMax && this.queued > 0 && !this.isOver; count++) {
      const executed = this.bolt.execute(this.take());
      if (executed !== undefined) await executed;
      if (this.queued < queuedMax) this.roomMade?.();
    }
  }

  /** The oldest of the key whose turn it is; a key with more goes to the end of the row. */
  private take(): Tuple {
    const [[key, queue]] = this.queues as unknown as Iterable<[unknown, Tuple[]]> as [[unknown, Tuple[]]];
    const tuple = queue.shift() as Tuple;
    this.queues.delete(key);
    if (queue.length > 0) this.queues.set(key, queue);
    this.queued--;
    return tuple;
  }
}
