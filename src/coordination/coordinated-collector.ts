/** The collector inside a CoordinatedBolt: counts what is emitted for each id, and what is taken. */
import type { OutputCollector, Tuple } from "../topology/index.ts";

export interface CollectorListener {
  emitted(id: unknown, tasks: readonly number[]): void;
  acked(tuple: Tuple): void;
  failed(tuple: Tuple): void;
}

/** Any of the signatures of `emit` and `emitDirect`, which it hands on as they are. */
type Emit = (...args: readonly unknown[]) => readonly number[];
type EmitDirect = (taskId: number, ...args: readonly unknown[]) => void;

export function coordinatedCollector(collector: OutputCollector, listener: CollectorListener): OutputCollector {
  const emit = collector.emit.bind(collector) as Emit;
  const emitDirect = collector.emitDirect.bind(collector) as EmitDirect;
  return {
    emit: (...args: readonly unknown[]) => {
      const tasks = emit(...args);
      listener.emitted(idOf(args), tasks);
      return tasks;
    },
    emitDirect: (taskId: number, ...args: readonly unknown[]) => {
      emitDirect(taskId, ...args);
      listener.emitted(idOf(args), [taskId]);
    },
    ack: (tuple) => listener.acked(tuple),
    fail: (tuple) => listener.failed(tuple),
    resetTimeout: (tuple) => collector.resetTimeout(tuple),
    reportError: (error) => collector.reportError(error),
  };
}

/** The values come last; the first of them is the id. */
function idOf(args: readonly unknown[]): unknown {
  return (args.at(-1) as readonly unknown[])[0];
}
