/** A spout that emits a list, tracked, replays what fails, and says when nothing is left. The list and the record live in the test. */
import type { BaseRichSpout } from "../../src/index.ts";
import { spout } from "./scripted-components.ts";

/** What the tasks of a list spout did, by message id: the index into the list. */
export class ListRecord {
  readonly emits: number[] = [];
  readonly acks: number[] = [];
  readonly fails: number[] = [];

  /** Emits of an id minus its acks and fails; 0 for all when nothing is forgotten and nothing is told twice. */
  open(index: number): number {
    const times = (list: readonly number[]) => list.filter((each) => each === index).length;
    return times(this.emits) - times(this.acks) - times(this.fails);
  }
}

export interface ListSpoutOptions {
  readonly fields?: readonly string[];
  /** Default true. */
  readonly tracked?: boolean;
  /** Whether what fails is emitted again. Default true. */
  readonly replay?: boolean;
}

/** With several tasks, task i of n emits items i, i + n, i + 2n … */
export function listSpout(
  items: readonly (readonly unknown[])[],
  record: ListRecord,
  { fields = ["value"], tracked = true, replay = true }: ListSpoutOptions = {},
): () => BaseRichSpout {
  return spout(() => {
    let waiting: number[] = [];
    return {
      declares: fields,
      open: (_collector, context) => {
        const { length } = context.getComponentTasks(context.thisComponentId);
        waiting = [...items.keys()].filter((index) => index % length === context.thisTaskIndex);
      },
      nextTuple: (collector) => {
        const index = waiting.shift();
        if (index === undefined) return collector.exhausted();
        record.emits.push(index);
        collector.emit(items[index] as readonly unknown[], tracked ? index : undefined);
      },
      ack: (messageId) => void record.acks.push(messageId as number),
      fail: (messageId) => {
        record.fails.push(messageId as number);
        if (replay) waiting.push(messageId as number);
      },
    };
  });
}
