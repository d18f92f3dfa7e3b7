/** Brings results back to whoever holds the calls. Source: ReturnResults of Storm 2.8. */
import { messageOf } from "../../base/index.ts";
import {
  BaseRichBolt,
  type Conf,
  type OutputCollector,
  type SystemContext,
  systemContext,
  type TopologyContext,
  type Tuple,
} from "../../topology/index.ts";
import { decodeReturnInfo, type ReturnInfo } from "./return-info.ts";
import { readSettings } from "./settings.ts";
import { type BorrowedSender, borrowSender } from "./shared-senders.ts";

export class ReturnResults extends BaseRichBolt {
  private context!: SystemContext;
  private collector!: OutputCollector;
  private maxFrameBytes = 0;
  private senders!: Map<string, BorrowedSender>;

  override prepare(conf: Conf, context: TopologyContext, collector: OutputCollector): void {
    this.context = systemContext(context);
    this.collector = collector;
    this.maxFrameBytes = readSettings(conf).maxFrameBytes;
    this.senders = new Map();
  }

  /** Acks when the server has the result; fails the tuple, and so the call, when it cannot be reached. */
  override execute(tuple: Tuple): void {
    const info = decodeReturnInfo(tuple.getValue(1));
    if (info === null) {
      this.context.runtime.log.warn(`A result without return information: ${JSON.stringify(tuple.getValue(1))}`);
      this.collector.fail(tuple);
      return;
    }
    this.senderTo(info)
      .send({ request_id: info.id, result: String(tuple.getValue(0)) })
      .then(
        () => this.collector.ack(tuple),
        (error: unknown) => {
          this.context.runtime.log.warn(
            `The result of call ${info.id} did not reach ${whereOf(info)}: ${messageOf(error)}`,
          );
          this.collector.fail(tuple);
        },
      );
  }

  override async cleanup(): Promise<void> {
    for (const sender of this.senders.values()) await sender.giveBack();
  }

  private senderTo(info: ReturnInfo): BorrowedSender {
    const name = whereOf(info);
    const known = this.senders.get(name);
    if (known !== undefined) return known;
    const sender = borrowSender(this.context.runtime, info.host, info.port, this.maxFrameBytes);
    this.senders.set(name, sender);
    return sender;
  }
}

function whereOf({ host, port }: ReturnInfo): string {
  return port === 0 ? host : `${host}:${port}`;
}
