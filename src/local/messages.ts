/** What a local run and its worker processes say to each other, over the channel between parent and child. */
import type { ErrorData } from "../base/index.ts";
import type { Conf } from "../topology/index.ts";
import type { WorkerProgress, WorkerReport } from "../worker/index.ts";

export interface WorkerOrder {
  readonly file: string;
  readonly args: readonly string[];
  readonly topologyId: string;
  /** On top of the topology's own. */
  readonly conf: Conf;
  readonly workers: number;
  readonly worker: number;
}

export type ToWorker =
  | { readonly type: "load"; readonly order: WorkerOrder }
  | { readonly type: "connect"; readonly addresses: readonly string[] }
  | { readonly type: "start" }
  | { readonly type: "ask-progress"; readonly round: number }
  | { readonly type: "ask-report"; readonly round: number; readonly results: boolean }
  | { readonly type: "stop" };

export type FromWorker =
  | { readonly type: "listening"; readonly address: string }
  | { readonly type: "opened" }
  | { readonly type: "progress"; readonly round: number; readonly progress: WorkerProgress }
  | { readonly type: "report"; readonly round: number; readonly report: WorkerReport }
  | { readonly type: "reported"; readonly error: ErrorData }
  | { readonly type: "failed"; readonly error: ErrorData };
