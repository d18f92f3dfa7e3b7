/** What executors counted: by window ("600", "10800", "86400", ":all-time"), then by stream. */
import { map, pairs } from "../containers.ts";
import { optional, required, struct } from "../struct.ts";
import { double, i32, i64, string, type Type, type TypeOf } from "../types.ts";
import { union } from "../union.ts";
import { GlobalStreamId } from "./topology.ts";

const byWindow = <T>(value: Type<T>) => map(string, value);
const byStream = <T>(value: Type<T>) => byWindow(map(string, value));
const byInput = <T>(value: Type<T>) => byWindow(pairs(GlobalStreamId, value));

export const BoltStats = struct("BoltStats", {
  acked: required(1, byInput(i64)),
  failed: required(2, byInput(i64)),
  process_ms_avg: required(3, byInput(double)),
  executed: required(4, byInput(i64)),
  execute_ms_avg: required(5, byInput(double)),
});
export type BoltStats = TypeOf<typeof BoltStats>;

export const SpoutStats = struct("SpoutStats", {
  acked: required(1, byStream(i64)),
  failed: required(2, byStream(i64)),
  complete_ms_avg: required(3, byStream(double)),
});
export type SpoutStats = TypeOf<typeof SpoutStats>;

export const ExecutorSpecificStats = union("ExecutorSpecificStats", {
  bolt: optional(1, BoltStats),
  spout: optional(2, SpoutStats),
});
export type ExecutorSpecificStats = TypeOf<typeof ExecutorSpecificStats>;

export const ExecutorStats = struct("ExecutorStats", {
  emitted: required(1, byStream(i64)),
  transferred: required(2, byStream(i64)),
  specific: required(3, ExecutorSpecificStats),
  rate: required(4, double),
});
export type ExecutorStats = TypeOf<typeof ExecutorStats>;

/** The tasks of an executor, both ends included. */
export const ExecutorInfo = struct("ExecutorInfo", {
  task_start: required(1, i32),
  task_end: required(2, i32),
});
export type ExecutorInfo = TypeOf<typeof ExecutorInfo>;
