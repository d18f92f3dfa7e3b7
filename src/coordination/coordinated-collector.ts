/** The collector inside a CoordinatedBolt: counts what is emitted for each id, and what is taken. */
import type { OutputCollector, Tuple } from "../topology/index.ts";

export interface CollectorListener {
  emitted(id: unknown, tasks: readonly number[]): void;
  acked(tuple: Tuple): void;
  failed(tuple: Tuple): void;
}

/** Any of the signatures of `emit` and `emitDirect`, which it hands on as they are; what comes last are the values. */
type Emit = (first: unknown, second?: unknown, third?: unknown) => readonly number[];
type EmitDirect = (taskId: number, first: unknown, second?: unknown, third?: unknown) => void;

export function coordinatedCollector(collector: OutputCollector, listener: CollectorListener): OutputCollector {
  const emit = collector.emit.bind(collector) as Emit;
  const emitDirect = collector.emitDirect.bind(collector) as EmitDirect;
  return {
    emit: (first: unknown, second?: unknown, third?: unknown) => {
      const tasks = emit(first, second, third);
      listener.emitted(idOf(third ?? second ?? first), tasks);
      return tasks;
    },
    emitDirect: (taskId: number, first: unknown, second?: unknown, third?: unknown) => {
      emitDirect(taskId, first, second, third);
      listener.emitted(idOf(third ?? second ?? first), [taskId]);
    },
    ack: (tuple) => listener.acked(tuple),
    fail: (tuple) => listener.failed(tuple),
    resetTimeout: (tuple) => collector.resetTimeout(tuple),
    reportError: (error) => collector.reportError(error),
  };
}

/** The first of them. */
function idOf(values: unknown): unknown {
  return (values as readonly unknown[])[0];
}
