/**
 * Between the tasks of this worker and the transport: which worker has which task, tuples out and in, and back-pressure
 * both ways. A task of another worker is held while it says that it is under pressure, or while its worker's outbox is full.
 */
import { must, StormLabError } from "../base/index.ts";
import {
  type MoreAnchor,
  type RemoteOutlet,
  Root,
  type TaskRunner,
  TaskTuple,
  type TopologyPlan,
} from "../executor/index.ts";
import type { Endpoint, TransportHandlers } from "../transport/index.ts";
import type { WorkerListener } from "./worker.ts";

/** Root and edge of each further tree: rootHi, rootLo, edgeHi, edgeLo … */
type MoreAnchors = NonNullable<Parameters<TransportHandlers["tuple"]>[7]>;

export class Peers implements RemoteOutlet, TransportHandlers {
  endpoint: Endpoint | null = null;
  private readonly plan: TopologyPlan;
  private readonly runner: () => TaskRunner;
  private readonly listener: Pick<WorkerListener, "problem">;
  /** By task id. */
  private readonly workerOfTask: number[] = [];
  private readonly tasksOfWorker: readonly (readonly number[])[];
  private readonly pressed = new Map<number, ReadonlySet<number>>();
  private readonly congested = new Set<number>();
  /** Local tasks whose queue is full. */
  private readonly ownPressure = new Set<number>();
  /** Tuples of one tree mostly come one after the other: they share their root, so that their acks fold. */
  private lastRoot = new Root(0, 0);

  constructor(
    worker: number,
    assignment: readonly (readonly number[])[],
    plan: TopologyPlan,
    runner: () => TaskRunner,
    listener: Pick<WorkerListener, "problem">,
  ) {
    this.plan = plan;
    this.runner = runner;
    this.listener = listener;
    this.tasksOfWorker = assignment;
    for (const [peer, tasks] of assignment.entries()) {
      if (peer !== worker) for (const taskId of tasks) this.workerOfTask[taskId] = peer;
    }
  }

  send(tuple: TaskTuple): void {
    const peer = this.workerOfTask[tuple.targetTask];
    const { root } = tuple;
    const endpoint = this.endpoint;
    if (endpoint === null || peer === undefined) return;
    endpoint.send(
      peer,
      tuple.targetTask,
      tuple.sourceTask,
      tuple.stream.index,
      root === null ? 0 : root.hi,
      root === null ? 0 : root.lo,
      tuple.edgeHi,
      tuple.edgeLo,
      tuple.more === null ? null : flatten(tuple.more),
      tuple.values,
    );
  }

  flush(): void {
    this.endpoint?.flush();
  }

  loadOf = (taskId: number): number => (this.isHeld(taskId) ? 1 : 0);

  tuple(
    targetTask: number,
    sourceTask: number,
    stream: number,
    rootHi: number,
    rootLo: number,
    edgeHi: number,
    edgeLo: number,
    more: MoreAnchors | null,
    values: readonly unknown[],
  ): void {
    const info = must(this.plan.streams[stream], `stream ${stream}`);
    const root = rootHi === 0 && rootLo === 0 ? null : this.root(rootHi, rootLo);
    const tuple = new TaskTuple(values, info, sourceTask, targetTask, root, edgeHi, edgeLo);
    if (more !== null) tuple.more = unflatten(more);
    this.runner().receive(tuple);
  }

  pressure(peer: number, tasks: readonly number[]): void {
    const before = this.pressed.get(peer) ?? new Set<number>();
    const now = new Set(tasks);
    this.pressed.set(peer, now);
    for (const taskId of before) if (!now.has(taskId)) this.settle(taskId);
    for (const taskId of now) if (!before.has(taskId)) this.settle(taskId);
  }

  congestion(peer: number, congested: boolean): void {
    if (congested) this.congested.add(peer);
    else this.congested.delete(peer);
    for (const taskId of this.tasksOfWorker[peer] ?? []) this.settle(taskId);
  }

  lost(peer: number, frames: number): void {
    this.problem(
      new StormLabError({
        code: "SL-FRAMES-LOST",
        what: `${frames} frame(s) from worker ${peer} were lost`,
        why: "the worker, or the network between the workers, failed while they were under way",
        hint: "tracked tuples among them time out and are replayed by their spout",
      }),
    );
  }

  problem(error: StormLabError): void {
    this.listener.problem(error);
  }

  tellPressure(taskIds: readonly number[], full: boolean): void {
    for (const taskId of taskIds) {
      if (full) this.ownPressure.add(taskId);
      else this.ownPressure.delete(taskId);
    }
    this.endpoint?.sendPressure([...this.ownPressure]);
  }

  private settle(taskId: number): void {
    this.runner().setHeld(taskId, this.isHeld(taskId));
  }

  private isHeld(taskId: number): boolean {
    const peer = this.workerOfTask[taskId];
    return peer !== undefined && (this.congested.has(peer) || this.pressed.get(peer)?.has(taskId) === true);
  }

  private root(hi: number, lo: number): Root {
    if (this.lastRoot.hi !== hi || this.lastRoot.lo !== lo) this.lastRoot = new Root(hi, lo);
    return this.lastRoot;
  }
}

function flatten(more: readonly MoreAnchor[]): MoreAnchors {
  return more.flatMap(({ root, edgeHi, edgeLo }) => [root.hi, root.lo, edgeHi, edgeLo]);
}

function unflatten(more: MoreAnchors): MoreAnchor[] {
  const anchors: MoreAnchor[] = [];
  for (let i = 0; i + 3 < more.length; i += 4) {
    const [rootHi, rootLo, edgeHi, edgeLo] = [more[i], more[i + 1], more[i + 2], more[i + 3]] as number[];
    anchors.push({ root: new Root(rootHi ?? 0, rootLo ?? 0), edgeHi: edgeHi ?? 0, edgeLo: edgeLo ?? 0 });
  }
  return anchors;
}
