/**
 * A bolt that knows when it has seen all tuples of an id: its source tasks tell each of its tasks how many they sent, on a direct stream.
 * Then `finishedId` of the bolt inside is called, and it tells the next bolt. The id is the first value of every tuple.
 * Source: CoordinatedBolt of Storm 2.8.
 */
import {
  type Conf,
  type IRichBolt,
  isFailedException,
  type OutputCollector,
  type OutputFieldsDeclarer,
  type StreamId,
  systemContext,
  type TopologyContext,
  type Tuple,
} from "../topology/index.ts";
import { hasFinishedCallback, hasTimeoutCallback } from "./callbacks.ts";
import { coordinatedCollector } from "./coordinated-collector.ts";
import { TimeCacheMap } from "./time-cache-map.ts";
import { Tracking } from "./tracking.ts";

/** Storm's Constants.COORDINATED_STREAM_ID. */
export const coordinatedStreamId = "org.apache.storm.coordination.CoordinatedBolt/coord-stream";

/** Which tasks of a source tell of an id: one alone has it, or each of them. */
export type SourceArgs = "single" | "all";

export interface CoordinationSpec {
  /** By component. None: the first bolt, where each tuple is all of its id. */
  readonly sources: Readonly<Record<string, SourceArgs>>;
  /** A stream whose tuples tell that an id exists: only the task that gets it finishes it. */
  readonly idStream: StreamId | null;
}

type TupleKind = "regular" | "id" | "coordination";

export class CoordinatedBolt implements IRichBolt {
  private readonly bolt: IRichBolt;
  private readonly spec: CoordinationSpec;
  private collector!: OutputCollector;
  private tracked!: TimeCacheMap<unknown, Tracking>;
  /** The last one that was looked for: tuples of an id come one after the other. */
  private lastId: unknown = undefined;
  private lastTracking: Tracking | undefined = undefined;
  private sourceReports = 0;
  /** Tasks to be told how many tuples they were sent. */
  private nextTasks: readonly number[] = [];

  constructor(bolt: IRichBolt, spec: CoordinationSpec) {
    this.bolt = bolt;
    this.spec = spec;
  }

  get componentKind(): "rich-bolt" {
    return "rich-bolt";
  }

  declareOutputFields(declarer: OutputFieldsDeclarer): unknown {
    this.bolt.declareOutputFields(declarer);
    return declarer.declareStream(coordinatedStreamId, true, ["id", "count"]);
  }

  getComponentConfiguration(): Conf | null {
    return this.bolt.getComponentConfiguration?.() ?? null;
  }

  prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): void | Promise<void> {
    this.collector = collector;
    const { bolt } = this;
    const expiryMs = (conf["topology.message.timeout.secs"] as number) * 1000;
    this.tracked = new TimeCacheMap(systemContext(context).runtime.clock, expiryMs, (id) => {
      this.lastTracking = undefined;
      if (hasTimeoutCallback(bolt)) bolt.timeoutId(id);
    });
    this.sourceReports = 0;
    for (const [id, which] of Object.entries(this.spec.sources))
      this.sourceReports += which === "single" ? 1 : context.getComponentTasks(id).length;
    const targets = context.getTargets(context.thisComponentId).get(coordinatedStreamId) ?? new Map<string, unknown>();
    this.nextTasks = [...targets.keys()].flatMap((id) => context.getComponentTasks(id));
    return bolt.prepare(
      conf,
      context,
      coordinatedCollector(collector, {
        emitted: (id, tasks) => this.find(id)?.emittedTo(tasks),
        acked: (tuple) => this.acked(tuple),
        failed: (tuple) => this.failed(tuple),
      }),
    );
  }

  execute(tuple: Tuple): void | Promise<void> {
    const kind = this.kindOf(tuple);
    if (kind === "regular") {
      this.trackingOf(tuple.getValue(0));
      return this.bolt.execute(tuple);
    }
    const id = tuple.getValue(0);
    const tracking = this.trackingOf(id);
    if (kind === "id") tracking.idReceived = true;
    else {
      tracking.reports++;
      tracking.expected += tuple.getNumber(1);
    }
    // What completes the id is acked last.
    if (kind === (this.spec.idStream === null ? "coordination" : "id")) tracking.held.push(tuple);
    else this.collector.ack(tuple);
    return this.check(id, tracking, tuple);
  }

  cleanup(): void | Promise<void> {
    return this.bolt.cleanup();
  }

  private kindOf(tuple: Tuple): TupleKind {
    const stream = tuple.getSourceStreamId();
    const { idStream } = this.spec;
    if (idStream !== null && stream === idStream.streamId && tuple.getSourceComponent() === idStream.componentId)
      return "id";
    return this.sourceReports > 0 && stream === coordinatedStreamId ? "coordination" : "regular";
  }

  private trackingOf(id: unknown): Tracking {
    const known = this.find(id);
    if (known !== undefined) return known;
    const tracking = new Tracking(this.spec.idStream !== null);
    this.tracked.set(id, tracking);
    this.lastTracking = tracking;
    return tracking;
  }

  private find(id: unknown): Tracking | undefined {
    if (id === this.lastId && this.lastTracking !== undefined) return this.lastTracking;
    this.lastId = id;
    this.lastTracking = this.tracked.get(id);
    return this.lastTracking;
  }

  private forget(id: unknown): void {
    this.lastTracking = undefined;
    this.tracked.take(id);
  }

  private acked(tuple: Tuple): void {
    const id = tuple.getValue(0);
    const tracking = this.find(id);
    if (tracking === undefined) {
      // Its id has failed, or its time is over.
      this.collector.ack(tuple);
      return;
    }
    tracking.received++;
    // The tuple that may be the last one is acked after what it brings about.
    const finished = this.check(id, tracking, tuple);
    if (finished === undefined) this.collector.ack(tuple);
    else void finished.then(() => this.collector.ack(tuple));
  }

  private failed(tuple: Tuple): void {
    const id = tuple.getValue(0);
    const tracking = this.find(id);
    if (tracking !== undefined) this.giveUp(id, tracking);
    this.collector.fail(tuple);
  }

  /** Finishes the id when it is through. `anchor`: what completed it. */
  private check(id: unknown, tracking: Tracking, anchor: Tuple): void | Promise<void> {
    if (tracking.failed || tracking.finishing || !tracking.isThrough(this.sourceReports)) return undefined;
    tracking.finishing = true;
    const { bolt } = this;
    try {
      const finished = hasFinishedCallback(bolt) ? bolt.finishedId(id) : undefined;
      if (finished === undefined) {
        this.finish(id, tracking, anchor);
        return undefined;
      }
      return finished.then(
        () => this.finish(id, tracking, anchor),
        (thrown: unknown) => this.notFinished(id, tracking, thrown),
      );
    } catch (thrown) {
      this.notFinished(id, tracking, thrown);
      return undefined;
    }
  }

  private finish(id: unknown, tracking: Tracking, anchor: Tuple): void {
    for (const task of this.nextTasks)
      this.collector.emitDirect(task, coordinatedStreamId, anchor, [id, tracking.emitted.get(task) ?? 0]);
    for (const tuple of tracking.held) this.collector.ack(tuple);
    this.forget(id);
  }

  private notFinished(id: unknown, tracking: Tracking, thrown: unknown): void {
    if (!isFailedException(thrown)) throw thrown;
    if (thrown.name === "ReportedFailedException") this.collector.reportError(thrown);
    this.giveUp(id, tracking);
  }

  private giveUp(id: unknown, tracking: Tracking): void {
    tracking.failed = true;
    for (const tuple of tracking.held) this.collector.fail(tuple);
    this.forget(id);
    if (hasTimeoutCallback(this.bolt)) this.bolt.timeoutId(id);
  }
}
