/** Words that every room needs. Nothing here knows Storm. */
export { AssertionFailure, assert, assertNever, must } from "./assert.ts";
export { baseErrorCodes } from "./error-codes.ts";
export {
  type ErrorCodes,
  type ErrorData,
  type ErrorParts,
  type ExitCode,
  errorFromData,
  errorToData,
  exitCodes,
  isStormLabError,
  messageOf,
  StormLabError,
} from "./errors.ts";
export { createLog, jsonText, type LogLine, type LogSink, logLevels, plainText } from "./log.ts";
export { LongMap } from "./long-map.ts";
export { nearestWord } from "./nearest.ts";
export { interruption, pause } from "./pause.ts";
export { BoundedQueue } from "./queue.ts";
export { SeededRandom } from "./random.ts";
export { RotatingMap } from "./rotating-map.ts";
export { type FaultNode, type FaultPlan, type NetworkFault, parseFaultPlan } from "./runtime/faults/fault-plan.ts";
export { faultyLinks, faultyNet } from "./runtime/faults/faulty-network.ts";
export { Gates } from "./runtime/faults/gates.ts";
export { type CapturedOutput, captureOutput } from "./runtime/real/captured-output.ts";
export { outputSink } from "./runtime/real/log-sinks.ts";
export { cutLines } from "./runtime/real/output-lines.ts";
export { type RealRuntimeOptions, realRuntime } from "./runtime/real/real-runtime.ts";
export { openRotatingFile, type RotatingFile, type RotatingFileOptions } from "./runtime/real/rotating-file.ts";
export { makeDurableDirectory, replaceFile } from "./runtime/replace-file.ts";
export {
  type Child,
  type Clock,
  type ConnectOptions,
  type ExitStatus,
  type FileHandle,
  type FileStat,
  type FileSystem,
  FsError,
  type Links,
  type Listener,
  type ListenOptions,
  type Log,
  type LogLevel,
  type Net,
  NetError,
  type OpenMode,
  type ParentChannel,
  type Processes,
  type PullLink,
  type PushLink,
  type Random,
  type Runtime,
  type Signal,
  type Socket,
  type SocketHandlers,
  type SpawnOptions,
  type Timer,
  type Timers,
} from "./runtime/runtime.ts";
export type { SimulatedHost } from "./runtime/simulated/host.ts";
export type { Program } from "./runtime/simulated/kernel.ts";
export type { SimulatedProcess } from "./runtime/simulated/process.ts";
export { machineRoom, type Profile, type ProfileOptions } from "./runtime/simulated/profile.ts";
export { SimulatedWorld, type StartOptions, type WaitOptions, type WorldOptions } from "./runtime/simulated/world.ts";
export { Scope, type ScopeOptions, watchScopes } from "./scope.ts";
export { visiblePrint, visibleText } from "./visible-text.ts";
