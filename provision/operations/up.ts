/** `up`, and whatever else converges a cluster to what its file says. */
import { exitCodes, StormLabError } from "../../src/base/index.ts";
import type { ClusterSpec } from "../cluster/cluster-spec.ts";
import { clusterFiles, clusterFolders } from "../cluster/files.ts";
import { type ClusterLayout, layoutCluster } from "../cluster/layout.ts";
import type { Plan } from "../plan/actions.ts";
import { applyPlan, type PlanStep } from "../plan/apply.ts";
import { planUp } from "../plan/make-plan.ts";
import { observe, observeProcesses } from "../processes/observe.ts";
import { requireFreePorts, type StartedDaemon, startDaemon } from "../processes/start-daemon.ts";
import { type AskNimbus, verifyCluster } from "../processes/verify.ts";
import { folderOf, haveOwnAddresses, type Place } from "./place.ts";

export interface PreparedUp {
  readonly layout: ClusterLayout;
  readonly plan: Plan;
}

/** Looks and plans; changes nothing. `clusterFile`: the text that `spec` was read from. */
export async function prepareUp(place: Place, spec: ClusterSpec, clusterFile: string): Promise<PreparedUp> {
  const { runtime, program } = place;
  const layout = layoutCluster(spec, folderOf(place, spec.name), await haveOwnAddresses(runtime));
  const files = clusterFiles(layout, clusterFile, program);
  const folders = clusterFolders(layout);
  const plan = planUp(layout, files, folders, await observe(runtime, layout, files, folders));
  return { layout, plan };
}

export interface ApplyUpOptions {
  readonly onStep: (step: PlanStep) => void;
  readonly askNimbus: (layout: ClusterLayout) => AskNimbus;
  readonly interrupted: AbortSignal;
  /** After a failure everything stays as it is then. */
  readonly retain: boolean;
}

/** Checks that ports are free, carries the plan out, waits until the cluster works. Undoes what it did when it fails. */
export async function applyUp(place: Place, { layout, plan }: PreparedUp, options: ApplyUpOptions): Promise<void> {
  const { runtime } = place;
  const stops = new Set(plan.actions.flatMap((action) => (action.kind === "stop" ? [action.process.id] : [])));
  const starts = plan.actions.flatMap((action) => (action.kind === "start" ? action.daemons : []));
  // The ports of a daemon that is to be restarted are its own.
  await requireFreePorts(
    runtime,
    starts.filter(({ id }) => !stops.has(id)),
    (await observeProcesses(runtime, layout.folder)).workers,
  );
  const started: StartedDaemon[] = [];
  const checkpoint = () => {
    if (options.interrupted.aborted) throw interrupted();
  };
  await applyPlan(runtime, plan, {
    onStep: options.onStep,
    checkpoint,
    retain: options.retain,
    start: async (daemon) => {
      const one = await startDaemon(runtime, daemon);
      started.push(one);
      return one;
    },
    verify: () => verifyCluster(runtime, { layout, started, askNimbus: options.askNimbus(layout), checkpoint }),
  });
}

/** Writes the cluster's folder, with start-all.sh and stop-all.sh, and starts nothing. For a cluster that is not there yet. */
export async function layOut({ runtime }: Place, { plan }: PreparedUp): Promise<void> {
  const actions = plan.actions.filter(({ kind }) => kind === "folder" || kind === "file");
  const nothing = (): Promise<never> => Promise.reject(new Error("a layout starts nothing"));
  await applyPlan(
    runtime,
    { ...plan, actions },
    { onStep: () => {}, checkpoint: () => {}, start: nothing, verify: nothing },
  );
}

function interrupted(): StormLabError {
  return new StormLabError({
    code: "SL-UP-INTERRUPTED",
    what: "the command was interrupted; what it had done is undone",
    why: "Ctrl-C, or SIGTERM",
    hint: "run it again",
    exitCode: exitCodes.interrupted,
  });
}
