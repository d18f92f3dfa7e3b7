/** What a worker of a cluster is told at its start. */
import type { Runtime } from "../../base/index.ts";
import type { LoadedCode } from "../../code/index.ts";
import type { StormConf } from "../../conf/index.ts";
import type { StormTopology as ThriftTopology } from "../../wire/thrift/index.ts";
import type { WorkerSeat } from "./registration.ts";
import type { WorkerLog } from "./worker-log.ts";

export interface StartWorkerOptions {
  readonly runtime: Runtime;
  /** As its supervisor has it. */
  readonly conf: StormConf;
  readonly seat: WorkerSeat;
  /** Default: imports what the supervisor has unpacked. */
  readonly loadCode?: LoadCode;
  /** Is told log levels and threads. Default: nobody is. */
  readonly log?: WorkerLog;
}

/** `directory`: the topology's `stormdist`. */
export type LoadCode = (runtime: Runtime, directory: string, topology: ThriftTopology) => Promise<LoadedCode>;
