/**
 * The emit path of one task: check the values, ask each route for its target, make the tuples, put them into queues or hand them to the
 * transport. No promise and no closure per tuple.
 */
import { exitCodes, StormLabError } from "../base/index.ts";
import type { TaskHook } from "../topology/index.ts";
import type { EdgeIds } from "./edge-ids.ts";
import type { Follower } from "./following.ts";
import type { Loop } from "./loop.ts";
import type { StreamInfo } from "./plan.ts";
import type { LoadOf, Route, Target } from "./routes.ts";
import { SpoutStats } from "./stats.ts";
import { type MoreAnchor, type Root, TaskTuple } from "./tuple.ts";

/** Where tuples for tasks of other workers go. They leave at the end of the turn. */
export interface RemoteTasks {
  send(tuple: TaskTuple): void;
}

/** The way to the other workers. */
export interface RemoteOutlet extends RemoteTasks {
  /** Whether anything was sent since the last flush. */
  readonly sending: boolean;
  /** End of a turn: what was sent leaves now. */
  flush(): void;
  /** Load of a task of another worker, 0 … 1, as far as known. */
  loadOf: LoadOf;
}

/** One stream that the task may emit on. */
export class OutStream {
  readonly info: StreamInfo;
  readonly routes: readonly Route[];
  /** Subscribers by direct grouping. */
  readonly directTargets: ReadonlyMap<number, Target>;
  emitted = 0;
  /** Deliveries beyond one for each emit. */
  private further = 0;
  /** Of a spout's tracked tuples on this stream. */
  readonly tracked = new SpoutStats();
  /** The only route, if there is one, it always picks a single target, and nobody listens: the hot path. */
  sole: Route | null;
  private readonly only: Route | null;
  private readonly width: number;

  constructor(info: StreamInfo, routes: readonly Route[], directTargets: ReadonlyMap<number, Target>) {
    this.info = info;
    this.routes = routes;
    this.only = routes.length === 1 && routes[0]?.single ? (routes[0] as Route) : null;
    this.sole = this.only;
    this.directTargets = directTargets;
    this.width = info.fields.size;
  }

  get transferred(): number {
    return this.emitted + this.further;
  }

  /** Somebody wants to know of each emit, or nobody any more. */
  listened(isListened: boolean): void {
    this.sole = isListened ? null : this.only;
  }

  /** One emit that went to so many tasks. */
  went(tasks: number): void {
    this.further += tasks - 1;
  }

  /** Throws SL-EMIT-VALUES. */
  check(values: readonly unknown[]): void {
    const { width } = this;
    if (!Array.isArray(values) || values.length !== width) throw wrongValues(this.info, values);
    for (let i = 0; i < width; i++) if (values[i] === undefined) throw wrongValues(this.info, values);
  }
}

interface Edge {
  readonly root: Root;
  edgeHi: number;
  edgeLo: number;
}

/** Is shown every emit of a task. */
export type EmitSampler = (outputs: TaskOutputs, values: readonly unknown[]) => void;

const noTasks: readonly number[] = Object.freeze([]);
const noAnchors: readonly TaskTuple[] = Object.freeze([]);

export class TaskOutputs {
  readonly taskId: number;
  streams: ReadonlyMap<string, OutStream> = new Map();
  private hooks: readonly TaskHook[] = [];
  private sampler: EmitSampler | null = null;
  /** Of the spout's emit under way; set only while emits are sampled. */
  messageId: unknown = null;
  /** Null: no tuple is followed. */
  follower: Follower | null = null;
  /** The stream "default"; null when there is none, and after `close`. */
  private defaultStream: OutStream | null = null;
  private readonly remote: RemoteTasks;
  private readonly ids: EdgeIds;
  private readonly loop: Loop;
  private closed = false;

  constructor(taskId: number, remote: RemoteTasks, ids: EdgeIds, loop: Loop) {
    this.taskId = taskId;
    this.remote = remote;
    this.ids = ids;
    this.loop = loop;
  }

  /** Once, when every queue of the worker is there. */
  connect(streams: readonly OutStream[]): void {
    this.streams = new Map(streams.map((stream) => [stream.info.streamId, stream]));
    this.defaultStream = this.streams.get("default") ?? null;
  }

  /** These hooks are told of every emit. */
  tell(hooks: readonly TaskHook[]): void {
    this.hooks = hooks;
    this.listen();
  }

  /** Null: nobody any more. */
  sampleBy(sampler: EmitSampler | null): void {
    this.sampler = sampler;
    this.listen();
  }

  get sampled(): boolean {
    return this.sampler !== null;
  }

  /** From here on every emit throws SL-EMIT-CLOSED. */
  close(): void {
    this.closed = true;
    this.defaultStream = null;
  }

  /** Throws SL-EMIT-STREAM, SL-EMIT-CLOSED. */
  stream(streamId: string | null): OutStream {
    if (streamId === null && this.defaultStream !== null) return this.defaultStream;
    return this.named(streamId ?? "default");
  }

  untracked(out: OutStream, values: readonly unknown[]): readonly number[] {
    const { sole } = out;
    out.emitted++;
    if (sole !== null) {
      const target = sole.targets[sole.pick(values)] as Target;
      this.deliver(target, new TaskTuple(values, out.info, this.taskId, target.taskId, null, 0, 0));
      return target.only;
    }
    return this.toEach(
      out,
      values,
      (target) => new TaskTuple(values, out.info, this.taskId, target.taskId, null, 0, 0),
    );
  }

  /** A root's first tuples: their edges gather in the root, which then owes the acker an init. */
  rooted(out: OutStream, values: readonly unknown[], root: Root): readonly number[] {
    const { sole } = out;
    out.emitted++;
    if (sole !== null) {
      const target = sole.targets[sole.pick(values)] as Target;
      this.deliver(target, this.rootedTuple(out, values, root, target));
      return target.only;
    }
    return this.toEach(out, values, (target) => this.rootedTuple(out, values, root, target));
  }

  rootedTo(out: OutStream, values: readonly unknown[], root: Root, target: Target): void {
    out.emitted++;
    this.deliver(target, this.rootedTuple(out, values, root, target));
    this.tellOf(out, values, target.only);
  }

  anchored(out: OutStream, values: readonly unknown[], anchor: TaskTuple): readonly number[] {
    if (anchor.root === null) return this.untracked(out, values);
    const { sole } = out;
    out.emitted++;
    if (sole !== null) {
      const target = sole.targets[sole.pick(values)] as Target;
      this.deliver(target, this.child(out, values, anchor, target));
      return target.only;
    }
    return this.toEach(out, values, (target) => this.child(out, values, anchor, target));
  }

  anchoredToMany(out: OutStream, values: readonly unknown[], anchors: readonly TaskTuple[]): readonly number[] {
    out.emitted++;
    return this.toEach(out, values, (target) => this.childOfMany(out, values, anchors, target));
  }

  directUntracked(out: OutStream, values: readonly unknown[], target: Target): void {
    out.emitted++;
    this.deliver(target, new TaskTuple(values, out.info, this.taskId, target.taskId, null, 0, 0));
    this.tellOf(out, values, target.only);
  }

  direct(out: OutStream, values: readonly unknown[], anchors: readonly TaskTuple[], target: Target): void {
    out.emitted++;
    this.deliver(target, this.childOfMany(out, values, anchors, target));
    this.tellOf(out, values, target.only);
  }

  /** Throws SL-EMIT-DIRECT. */
  directTarget(out: OutStream, taskId: number): Target {
    const target = out.directTargets.get(taskId);
    if (target === undefined) throw wrongDirect(out, taskId);
    return target;
  }

  private named(streamId: string): OutStream {
    if (this.closed) throw emitClosed(this.taskId);
    const stream = this.streams.get(streamId);
    if (stream === undefined) throw unknownStream(streamId, [...this.streams.keys()]);
    return stream;
  }

  private deliver(target: Target, tuple: TaskTuple): void {
    if (target.queue !== null) {
      target.queue.push(tuple);
      return;
    }
    this.remote.send(tuple);
    if (this.loop.idle) this.loop.wake();
  }

  private rootedTuple(out: OutStream, values: readonly unknown[], root: Root, target: Target): TaskTuple {
    const { ids } = this;
    ids.next();
    root.fold(ids.hi, ids.lo);
    const tuple = new TaskTuple(values, out.info, this.taskId, target.taskId, root, ids.hi, ids.lo);
    if (this.follower !== null) this.follower.emitted(tuple, noAnchors);
    return tuple;
  }

  private child(out: OutStream, values: readonly unknown[], anchor: TaskTuple, target: Target): TaskTuple {
    const { ids } = this;
    ids.next();
    hang(ids, anchor);
    const tuple = new TaskTuple(values, out.info, this.taskId, target.taskId, anchor.root, ids.hi, ids.lo);
    if (anchor.more !== null) tuple.more = anchor.more.map(({ root }) => ({ root, edgeHi: ids.hi, edgeLo: ids.lo }));
    if (this.follower !== null) this.follower.emitted(tuple, [anchor]);
    return tuple;
  }

  /**
   * One edge for each anchor; trees that several anchors share get the XOR of their edges. A tree is known by its id: two tuples from
   * another worker may have each its own `Root` of the same tree.
   */
  private childOfMany(
    out: OutStream,
    values: readonly unknown[],
    anchors: readonly TaskTuple[],
    target: Target,
  ): TaskTuple {
    const edges: Edge[] = [];
    for (const anchor of anchors) {
      if (anchor.root === null) continue;
      const { ids } = this;
      ids.next();
      hang(ids, anchor);
      addEdge(edges, anchor.root, ids);
      for (const { root } of anchor.more ?? []) addEdge(edges, root, ids);
    }
    const [first, ...rest] = edges;
    if (first === undefined) return new TaskTuple(values, out.info, this.taskId, target.taskId, null, 0, 0);
    const tuple = new TaskTuple(values, out.info, this.taskId, target.taskId, first.root, first.edgeHi, first.edgeLo);
    if (rest.length > 0) tuple.more = rest satisfies MoreAnchor[];
    if (this.follower !== null) this.follower.emitted(tuple, anchors);
    return tuple;
  }

  /** The general case: any number of routes, each with one target or a list. */
  private toEach(out: OutStream, values: readonly unknown[], make: (target: Target) => TaskTuple): readonly number[] {
    let tasks: number[] | null = null;
    for (const route of out.routes) {
      const index = route.pick(values);
      const picked = index >= 0 ? [index] : route.picked;
      for (const each of picked) {
        const target = route.targets[each] as Target;
        this.deliver(target, make(target));
        if (tasks === null) tasks = [target.taskId];
        else tasks.push(target.taskId);
      }
    }
    out.went(tasks === null ? 0 : tasks.length);
    this.tellOf(out, values, tasks ?? noTasks);
    return tasks ?? noTasks;
  }

  private listen(): void {
    for (const stream of this.streams.values()) stream.listened(this.hooks.length > 0 || this.sampler !== null);
  }

  private tellOf(out: OutStream, values: readonly unknown[], outTasks: readonly number[]): void {
    if (this.sampler !== null && !out.info.system) this.sampler(this, values);
    if (this.hooks.length === 0) return;
    const info = { values, stream: out.info.streamId, taskId: this.taskId, outTasks };
    for (const hook of this.hooks) hook.emit?.(info);
  }
}

/** A new edge below a tuple, in all its trees. What is anchored to a settled tuple is told to nobody, as in Storm: its tree times out. */
function hang(edge: EdgeIds, anchor: TaskTuple): void {
  if (anchor.settled) return;
  anchor.root?.fold(edge.hi, edge.lo);
  if (anchor.more !== null) for (const { root } of anchor.more) root.fold(edge.hi, edge.lo);
}

function addEdge(edges: Edge[], root: Root, ids: EdgeIds): void {
  const edge = edges.find((known) => known.root.hi === root.hi && known.root.lo === root.lo);
  if (edge === undefined) {
    edges.push({ root, edgeHi: ids.hi, edgeLo: ids.lo });
    return;
  }
  edge.edgeHi ^= ids.hi;
  edge.edgeLo ^= ids.lo;
}

function wrongValues(stream: StreamInfo, values: unknown): StormLabError {
  const fields = stream.fields.names;
  const where = `stream "${stream.streamId}" of "${stream.componentId}"`;
  const undefinedAt = Array.isArray(values) ? [...values].indexOf(undefined) : -1;
  const what = !Array.isArray(values)
    ? `${where} was given ${values === undefined ? "undefined" : `a ${typeof values}`} instead of a list of values`
    : values.length !== fields.length
      ? `${where} was given ${values.length} value(s) for ${fields.length} field(s)`
      : `${where} was given undefined for its field "${fields[undefinedAt]}"`;
  return new StormLabError({
    code: "SL-EMIT-VALUES",
    what,
    why: fields.length === 0 ? "the stream declares no fields" : `the stream declares: ${fields.join(", ")}`,
    hint: "emit one value for each declared field; null is a value, undefined is not",
    exitCode: exitCodes.refused,
  });
}

function unknownStream(streamId: string, known: readonly string[]): StormLabError {
  const declared = known.filter((id) => !id.startsWith("__")).join(", ") || "none";
  return new StormLabError({
    code: "SL-EMIT-STREAM",
    what: `a tuple was emitted on stream "${streamId}", which the component does not declare`,
    why: `it declares: ${declared}`,
    hint: "declare the stream in declareOutputFields, or correct its id",
    exitCode: exitCodes.refused,
  });
}

function wrongDirect(out: OutStream, taskId: number): StormLabError {
  const { info } = out;
  const why = info.direct
    ? `the tasks that subscribe to it by direct grouping are: ${[...out.directTargets.keys()].join(", ") || "none"}`
    : "the stream is not declared direct";
  return new StormLabError({
    code: "SL-EMIT-DIRECT",
    what: `emitDirect on stream "${info.streamId}" of "${info.componentId}" named task ${taskId}`,
    why,
    hint: "declare the stream direct, subscribe with directGrouping, and take task ids from context.getComponentTasks",
    exitCode: exitCodes.refused,
  });
}

function emitClosed(taskId: number): StormLabError {
  return new StormLabError({
    code: "SL-EMIT-CLOSED",
    what: `task ${taskId} emitted after it was closed`,
    why: "a timer, a promise or a thread of the component outlived its cleanup or close",
    hint: "stop them in cleanup (bolt) or close (spout)",
    exitCode: exitCodes.refused,
  });
}
