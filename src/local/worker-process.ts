/** A worker process of a local run: loads the same module as its parent, runs its share of the tasks, does as the parent says. */
import {
  errorToData,
  isStormLabError,
  messageOf,
  type ParentChannel,
  type Runtime,
  StormLabError,
} from "../base/index.ts";
import { loadTopology } from "../code/index.ts";
import { inModuleScope, planTopology } from "../executor/index.ts";
import { mergeConf } from "../topology/index.ts";
import { frameTransport } from "../transport/index.ts";
import { componentError, reportedError, uncaughtError, Worker, workerReport } from "../worker/index.ts";
import { dealTasks } from "./assign.ts";
import type { FromWorker, ToWorker, WorkerOrder } from "./messages.ts";

const keepAliveMs = 60_000;

export interface WorkerProcessOptions {
  readonly runtime: Runtime;
  readonly parent: ParentChannel;
  /** Asks `claim` about each error that nobody caught, before it ends the process. */
  readonly claimErrors: (claim: (thrown: unknown) => boolean) => void;
}

/** Resolves when the parent has said stop. A parent that dies takes this process with it. */
export async function runWorkerProcess({ runtime, parent, claimErrors }: WorkerProcessOptions): Promise<void> {
  const say = (message: FromWorker): void => parent.send(message);
  const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
  let worker: Worker | null = null;
  claimErrors((thrown) => {
    const error = uncaughtError(thrown);
    if (error === null) return false;
    worker?.abandon();
    say({ type: "failed", error: errorToData(error) });
    return true;
  });
  const obey = async (message: ToWorker): Promise<void> => {
    switch (message.type) {
      case "load":
        worker = await loadWorker(runtime, message.order, say);
        say({ type: "listening", address: await worker.listen() });
        return;
      case "connect":
        worker?.connect(new Map(message.addresses.entries()));
        if (await worker?.open()) say({ type: "opened" });
        return;
      case "start":
        worker?.start(true);
        return;
      case "ask-progress":
        if (worker !== null) say({ type: "progress", round: message.round, progress: worker.progress });
        return;
      case "ask-report":
        if (worker !== null)
          say({
            type: "report",
            round: message.round,
            report: workerReport(message.results ? worker.results() : new Map(), worker.metrics()),
          });
        return;
      case "stop":
        await worker?.stop();
        stop();
    }
  };
  parent.onMessage((message) => {
    obey(message as ToWorker).catch((thrown: unknown) => say({ type: "failed", error: errorToData(asError(thrown)) }));
  });
  // Waiting for the parent's next word alone does not keep a process alive.
  const alive = runtime.timers.every(keepAliveMs, () => {});
  await stopped;
  alive.cancel();
}

async function loadWorker(runtime: Runtime, order: WorkerOrder, say: (message: FromWorker) => void): Promise<Worker> {
  const { name, conf, topology, codeDirectory } = await inModuleScope(() =>
    loadTopology(runtime, order.file, order.args),
  );
  const plan = planTopology(topology.description, mergeConf(conf, order.conf));
  const listen = "tcp://127.0.0.1:0";
  return new Worker({
    runtime,
    topologyId: order.topologyId,
    topologyName: name,
    topology,
    plan,
    assignment: dealTasks(plan, order.workers),
    worker: order.worker,
    port: 0,
    codeDirectory,
    transport: frameTransport(runtime, { worker: order.worker, topologyId: order.topologyId, listen }),
    listener: {
      failed: (failure) => say({ type: "failed", error: errorToData(componentError(failure)) }),
      reported: (failure) => say({ type: "reported", error: errorToData(reportedError(failure)) }),
      problem: (error) => say({ type: "reported", error: errorToData(error) }),
    },
  });
}

function asError(thrown: unknown): StormLabError {
  if (isStormLabError(thrown)) return thrown;
  const what = `a worker process failed: ${messageOf(thrown)}`;
  return new StormLabError({
    code: "SL-BUG",
    what,
    why: "this is a mistake in storm-lab",
    hint: "run it again with --verbose",
    cause: thrown,
  });
}
