/**
 * The calls of a DRPC function as a stream: `args`, and `return-info`, which says where the result goes. A call whose tree fails or is
 * not done within the message time-out fails with FAILED_REQUEST. Source: DRPCSpout of Storm 2.8; but calls are pushed to it.
 */
import { messageOf } from "../../base/index.ts";
import {
  BaseRichSpout,
  type Conf,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  type SystemContext,
  systemContext,
  type TopologyContext,
} from "../../topology/index.ts";
import type { DRPCRequest } from "../../wire/thrift/index.ts";
import type { LocalDRPC } from "./local-drpc.ts";
import { LocalFeed } from "./local-feed.ts";
import { RequestFeed } from "./request-feed.ts";
import { encodeReturnInfo, type ReturnInfo } from "./return-info.ts";
import { noServers, readSettings } from "./settings.ts";
import { type BorrowedSender, borrowSender } from "./shared-senders.ts";

interface Feed {
  start(): void;
  stop(): void;
  resume(): void;
}

/** Where calls come from, and where their failures go. */
interface Source {
  readonly feed: Feed;
  readonly sender: BorrowedSender;
  readonly host: string;
  readonly port: number;
}

interface Fetched {
  readonly request: DRPCRequest;
  readonly source: Source;
}

/** Calls that are here and not emitted. */
const queueMax = 1024;

export class DRPCSpout extends BaseRichSpout {
  private readonly functionName: string;
  /** Null: those of `drpc.servers`. */
  private readonly localId: string | null;
  private context!: SystemContext;
  private collector!: SpoutOutputCollector;
  private sources!: readonly Source[];
  private queue!: Fetched[];
  private next = 0;

  /** `drpc`: calls come from there and not from servers. */
  constructor(functionName: string, drpc?: LocalDRPC) {
    super();
    this.functionName = functionName;
    this.localId = drpc?.serviceId ?? null;
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["args", "return-info"]);
  }

  /** It is roused when something comes: nobody need look for it. */
  getComponentConfiguration(): Conf {
    return { "topology.sleep.spout.wait.strategy.time.ms": 1000 };
  }

  /** Throws SL-DRPC-TOPOLOGY-SERVERS. */
  override open(conf: Conf, context: TopologyContext, collector: SpoutOutputCollector): void {
    this.context = systemContext(context);
    this.collector = collector;
    this.queue = [];
    this.sources = this.localId === null ? this.remoteSources(conf) : [this.localSource(this.localId)];
  }

  override activate(): void {
    for (const { feed } of this.sources) feed.start();
  }

  /** What is here and was not emitted goes to other spouts. */
  override deactivate(): void {
    for (const { feed } of this.sources) feed.stop();
    this.queue = [];
    this.next = 0;
  }

  override nextTuple(): void {
    const fetched = this.queue[this.next];
    if (fetched === undefined) return;
    this.next++;
    const { request, source } = fetched;
    const info: ReturnInfo = { id: request.request_id, host: source.host, port: source.port };
    if (this.next === this.queue.length) this.emptied();
    this.collector.emit([request.func_args, encodeReturnInfo(info)], { id: request.request_id, source });
  }

  override fail(messageId: unknown): void {
    const { id, source } = messageId as { readonly id: string; readonly source: Source };
    source.sender
      .send({ request_id: id, failure: { msg: "Request failed", type: "FAILED_REQUEST" } })
      .catch((error: unknown) =>
        this.context.runtime.log.warn(`The failure of call ${id} did not reach the DRPC server: ${messageOf(error)}`),
      );
  }

  override async close(): Promise<void> {
    for (const { feed } of this.sources) feed.stop();
    for (const { sender } of this.sources) await sender.giveBack();
  }

  /** With fewer spouts than servers each takes from all of them; else from one. Source: DRPCSpout.open. */
  private remoteSources(conf: Conf): Source[] {
    const { servers, invocationsPort, maxFrameBytes } = readSettings(conf);
    if (servers.length === 0) throw noServers(this.functionName);
    const { thisTaskIndex, thisComponentId, runtime } = this.context;
    const tasks = this.context.getComponentTasks(thisComponentId).length;
    const own = tasks < servers.length ? servers : [servers[thisTaskIndex % servers.length] as string];
    return own.map((host) => {
      const sender = borrowSender(runtime, host, invocationsPort, maxFrameBytes);
      return this.source(
        host,
        invocationsPort,
        sender,
        (taking) => new RequestFeed({ ...taking, runtime, host, port: invocationsPort }),
      );
    });
  }

  private localSource(serviceId: string): Source {
    const sender = borrowSender(this.context.runtime, serviceId, 0, 0);
    return this.source(serviceId, 0, sender, (taking) => new LocalFeed({ ...taking, serviceId }));
  }

  private source(
    host: string,
    port: number,
    sender: BorrowedSender,
    feedOf: (taking: {
      readonly functionName: string;
      readonly room: () => number;
      readonly take: (requests: readonly DRPCRequest[]) => void;
    }) => Feed,
  ): Source {
    const feed = feedOf({
      functionName: this.functionName,
      room: () => queueMax - (this.queue.length - this.next),
      take: (requests) => {
        for (const request of requests) this.queue.push({ request, source });
        this.context.rouse();
      },
    });
    const source: Source = { feed, sender, host, port };
    return source;
  }

  private emptied(): void {
    this.queue = [];
    this.next = 0;
    for (const { feed } of this.sources) feed.resume();
  }
}
