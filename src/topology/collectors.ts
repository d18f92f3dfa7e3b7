/**
 * How components emit. A tuple must have exactly as many values as its stream declares fields, none of them undefined.
 * Errors of every emit: SL-EMIT-VALUES, SL-EMIT-STREAM, SL-EMIT-DIRECT, SL-EMIT-CLOSED.
 */
import type { Values } from "./fields.ts";
import type { Tuple } from "./tuple.ts";

/** One tuple or several; a tuple that is untracked anchors nothing. */
export type Anchors = Tuple | readonly Tuple[];

export interface SpoutOutputCollector {
  /**
   * Returns the task ids that the tuple went to. With a message id (anything but undefined) the tuple is tracked:
   * exactly one of `ack` or `fail` of the spout is called for it.
   */
  emit(values: Values, messageId?: unknown): readonly number[];
  emit(streamId: string, values: Values, messageId?: unknown): readonly number[];
  /** Only on a stream declared direct, to a task that subscribes to it with a direct grouping. */
  emitDirect(taskId: number, values: Values, messageId?: unknown): void;
  emitDirect(taskId: number, streamId: string, values: Values, messageId?: unknown): void;
  reportError(error: Error): void;
  /**
   * Says, in a `nextTuple` that emits nothing, that there is nothing left to emit. It holds until the spout emits again, or a
   * tuple of its fails. `storm-lab local` ends when every spout task says so and nothing is pending; on
   * a cluster it changes nothing.
   */
  exhausted(): void;
}

export interface OutputCollector {
  /** Unanchored: a loss is silent. */
  emit(values: Values): readonly number[];
  /** Anchored: the new tuple joins the trees of its anchors. */
  emit(anchors: Anchors, values: Values): readonly number[];
  emit(streamId: string, values: Values): readonly number[];
  emit(streamId: string, anchors: Anchors, values: Values): readonly number[];
  emitDirect(taskId: number, values: Values): void;
  emitDirect(taskId: number, anchors: Anchors, values: Values): void;
  emitDirect(taskId: number, streamId: string, values: Values): void;
  emitDirect(taskId: number, streamId: string, anchors: Anchors, values: Values): void;
  ack(tuple: Tuple): void;
  /** The whole tree fails at once: the spout's `fail` is called. */
  fail(tuple: Tuple): void;
  /** Starts the message time-out of the tuple's trees anew. */
  resetTimeout(tuple: Tuple): void;
  reportError(error: Error): void;
}

/** A basic bolt's: every emit is anchored to the tuple in hand, which is acked when `execute` is done. */
export interface BasicOutputCollector {
  emit(values: Values): readonly number[];
  emit(streamId: string, values: Values): readonly number[];
  emitDirect(taskId: number, values: Values): void;
  emitDirect(taskId: number, streamId: string, values: Values): void;
  resetTimeout(): void;
  reportError(error: Error): void;
}
