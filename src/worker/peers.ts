/**
 * Between the tasks of this worker and the transport: which worker has which task, tuples out and in, and back-pressure
 * both ways. A task of another worker is held while it says that it is under pressure, or while its worker's outbox is full.
 */
import { StormLabError } from "../base/index.ts";
import {
  type MoreAnchor,
  type RemoteOutlet,
  Root,
  type TaskRunner,
  TaskTuple,
  type TopologyPlan,
} from "../executor/index.ts";
import type { Endpoint, TransportHandlers } from "../transport/index.ts";
import type { TasksOfWorkers, WorkerListener } from "./worker.ts";

/** Root and edge of each further tree: rootHi, rootLo, edgeHi, edgeLo … */
type MoreAnchors = NonNullable<Parameters<TransportHandlers["tuple"]>[7]>;

/** No other worker has the task. */
const nobody = -1;

export class Peers implements RemoteOutlet, TransportHandlers {
  endpoint: Endpoint | null = null;
  sending = false;
  /** Workers of which something has come. */
  readonly present = new Set<number>();
  private readonly worker: number;
  private readonly plan: TopologyPlan;
  private readonly runner: () => TaskRunner;
  private readonly listener: WorkerListener;
  /** By task id. */
  private readonly workerOfTask: Int32Array;
  private tasksOfWorker: TasksOfWorkers = new Map();
  private readonly pressed = new Map<number, ReadonlySet<number>>();
  private readonly congested = new Set<number>();
  /** Local tasks whose queue is full. */
  private readonly ownPressure = new Set<number>();
  /** Tuples of one tree mostly come one after the other: they share their root, so that their acks fold. */
  private lastRoot = new Root(0, 0);
  private strays = 0;

  constructor(
    worker: number,
    assignment: TasksOfWorkers,
    plan: TopologyPlan,
    runner: () => TaskRunner,
    listener: WorkerListener,
  ) {
    this.worker = worker;
    this.plan = plan;
    this.runner = runner;
    this.listener = listener;
    this.workerOfTask = new Int32Array(plan.componentOfTask.length + 1).fill(nobody);
    this.setRoutes(assignment);
  }

  /** From now on tuples go by this assignment; its workers are connected. */
  reroute(assignment: TasksOfWorkers): void {
    const before = this.workerOfTask.slice();
    this.setRoutes(assignment);
    for (const [taskId, peer] of this.workerOfTask.entries()) if (peer !== before[taskId]) this.settle(taskId);
  }

  /** The worker is no longer of the topology; no task is routed to it. */
  forget(peer: number): void {
    this.present.delete(peer);
    this.pressed.delete(peer);
    this.congested.delete(peer);
  }

  send(tuple: TaskTuple): void {
    const peer = this.workerOfTask[tuple.targetTask] as number;
    const { root } = tuple;
    const endpoint = this.endpoint;
    if (endpoint === null || peer === nobody) return;
    this.sending = true;
    if (tuple.stream.acks) {
      sendAck(endpoint, peer, tuple);
      return;
    }
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
    this.sending = false;
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
    const info = this.plan.streams[stream];
    if (info === undefined) {
      this.stray(targetTask);
      return;
    }
    const root = info.acks || (rootHi === 0 && rootLo === 0) ? null : this.root(rootHi, rootLo);
    const tuple = info.acks
      ? new TaskTuple([rootHi, rootLo, edgeHi, edgeLo, sourceTask], info, sourceTask, targetTask, null, 0, 0)
      : new TaskTuple(values, info, sourceTask, targetTask, root, edgeHi, edgeLo);
    if (more !== null) tuple.more = unflatten(more);
    if (!this.runner().receive(tuple)) this.stray(targetTask);
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
    for (const taskId of this.tasksOfWorker.get(peer) ?? []) this.settle(taskId);
  }

  appeared(peer: number): void {
    this.present.add(peer);
    this.listener.appeared?.(peer);
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

  private setRoutes(assignment: TasksOfWorkers): void {
    this.tasksOfWorker = assignment;
    this.workerOfTask.fill(nobody);
    for (const [peer, tasks] of assignment) {
      if (peer !== this.worker) for (const taskId of tasks) this.workerOfTask[taskId] = peer;
    }
  }

  private settle(taskId: number): void {
    this.runner().setHeld(taskId, this.isHeld(taskId));
  }

  private isHeld(taskId: number): boolean {
    const peer = this.workerOfTask[taskId];
    if (peer === undefined || peer === nobody) return false;
    return this.congested.has(peer) || this.pressed.get(peer)?.has(taskId) === true;
  }

  /** Told the 1st, 2nd, 4th, 8th … time. */
  private stray(taskId: number): void {
    const strays = ++this.strays;
    if ((strays & (strays - 1)) === 0) this.problem(strayTuples(taskId, strays));
  }

  private root(hi: number, lo: number): Root {
    if (this.lastRoot.hi !== hi || this.lastRoot.lo !== lo) this.lastRoot = new Root(hi, lo);
    return this.lastRoot;
  }
}

const noValues: readonly unknown[] = [];

/**
 * What an ack says is four integers at most, beside an init's spout task, which is its source: they travel where other tuples have
 * their root and edge.
 */
function sendAck(endpoint: Endpoint, peer: number, { targetTask, sourceTask, stream, values }: TaskTuple): void {
  const said = values as readonly number[];
  const xorHi = said.length > 2 ? (said[2] as number) : 0;
  const xorLo = said.length > 3 ? (said[3] as number) : 0;
  endpoint.send(
    peer,
    targetTask,
    sourceTask,
    stream.index,
    said[0] as number,
    said[1] as number,
    xorHi,
    xorLo,
    null,
    noValues,
  );
}

function strayTuples(taskId: number, count: number): StormLabError {
  return new StormLabError({
    code: "SL-TUPLES-STRAY",
    what: `${count} tuple(s) so far came for tasks that this worker does not run, the last one for task ${taskId}; they are dropped`,
    why: "the task was moved, and the worker that sends has not yet heard of the new assignment",
    hint: "nothing to do: tracked tuples among them time out and are replayed by their spout",
  });
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
