/**
 * The loop that keeps every topology placed: look, let the scheduler decide, write what differs, tell the supervisors. At once after
 * a change and every nimbus.monitor.freq.secs. Safe to run twice: what is right already is not written. Source: Nimbus.mkAssignments.
 */
import { messageOf, type Runtime, type Timer } from "../../base/index.ts";
import type { AssignedWorker, Scheduler } from "../../schedule/index.ts";
import type { AssignmentChange } from "../../state/index.ts";
import { type Assignment, applicationError } from "../../wire/thrift/index.ts";
import type { HeartbeatCache } from "../heartbeats.ts";
import type { Term } from "../leader-role.ts";
import type { NimbusSettings } from "../settings.ts";
import { Turns } from "../turns.ts";
import { type AssignmentPush, pushTo } from "./assignment-push.ts";
import { assignmentOf, assignmentText, changedNodes, isSameAssignment } from "./assignments.ts";
import {
  type ClusterView,
  lifeRules,
  readView,
  snapshotOf,
  type ViewedTopology,
  type ViewSources,
} from "./cluster-view.ts";

export interface SchedulingParts extends ViewSources {
  readonly settings: NimbusSettings;
  readonly heartbeats: HeartbeatCache;
  readonly scheduler: Scheduler;
  readonly push: AssignmentPush;
}

const attemptsMax = 5;

export class Scheduling {
  readonly #parts: SchedulingParts;
  readonly #runtime: Runtime;
  readonly #turns = new Turns();
  readonly #statuses = new Map<string, string>();
  #term: Term | null = null;
  #timer: Timer | null = null;
  #waiting = false;

  constructor(parts: SchedulingParts) {
    this.#parts = parts;
    this.#runtime = parts.runtime;
  }

  /** Until the term is over. */
  begin(term: Term): void {
    this.#term = term;
    const timer = this.#runtime.timers.every(this.#parts.settings.monitorMs, () => this.soon());
    this.#timer = timer;
    term.over.addEventListener("abort", () => this.#end(term, timer), { once: true });
    this.soon();
  }

  /** A round as soon as the one that runs is over. */
  soon(): void {
    if (this.#waiting || this.#term === null) return;
    this.#waiting = true;
    this.#turns
      .run(() => {
        this.#waiting = false;
        return this.#round(null);
      })
      .then((done) => {
        if (!done) this.soon();
      })
      .catch((error: unknown) => {
        if (this.#term !== null) this.#runtime.log.error(`Error while making assignments: ${messageOf(error)}`);
      });
  }

  /** The topology is placed as if it had no slots; its assignment is written when it resolves. */
  fromScratch(id: string): Promise<void> {
    return this.#turns.run(async () => {
      for (let attempt = 0; attempt < attemptsMax; attempt++) if (await this.#round(id)) return;
      throw applicationError("INTERNAL_ERROR", `${id} could not be assigned: the cluster changed at every try`);
    });
  }

  /** Of a topology, in words, as the last round left it. */
  statusOf(id: string): string | undefined {
    return this.#statuses.get(id);
  }

  /** Its supervisors stop its workers: it is no more. */
  removed(before: Assignment | null): void {
    void this.#turns.run(() => this.#tellOfRemoval(before)).catch(() => undefined);
    this.soon();
  }

  #end(term: Term, timer: Timer): void {
    timer.cancel();
    if (this.#timer === timer) this.#timer = null;
    if (this.#term === term) this.#term = null;
  }

  /** False: the cluster changed while it was looked at. */
  async #round(scratch: string | null): Promise<boolean> {
    const term = this.#term;
    if (term === null) return true;
    const view = await readView(this.#parts);
    for (const id of view.orphans) {
      this.#runtime.log.warn(`Removing the assignment of ${id}, which is no more`);
      await term.writes.removeAssignment(id);
    }
    const { settings, heartbeats, scheduler } = this.#parts;
    const rules = ({ conf }: ViewedTopology) => lifeRules(conf, settings.taskTimeoutSecs, settings.taskLaunchSecs);
    const schedule = scheduler.schedule(snapshotOf(view, heartbeats, rules, scratch));
    this.#note(view, schedule.status);
    return this.#write(term, view, schedule.assignments);
  }

  async #write(
    term: Term,
    view: ClusterView,
    decided: ReadonlyMap<string, readonly AssignedWorker[]>,
  ): Promise<boolean> {
    const current = new Map<string, Assignment>();
    const changes: AssignmentChange[] = [];
    const nodes = new Set<string>();
    for (const topology of view.topologies) {
      const { id, assignment: before } = topology;
      const after = this.#assignmentOf(topology, view, decided.get(id) ?? []);
      if (before === null && after.executor_node_port.length === 0) continue;
      const isSame = before !== null && isSameAssignment(before, after);
      current.set(id, isSame ? before : after);
      if (isSame) continue;
      changes.push({ id, assignment: after, isNew: before === null });
      for (const node of changedNodes(before, after)) nodes.add(node);
    }
    if (changes.length === 0) return true;
    if (!(await term.writes.setAssignments(changes))) return false;
    for (const { id, assignment } of changes) {
      this.#runtime.log.info(`Setting new assignment for topology id ${id}: ${assignmentText(assignment)}`);
    }
    this.#tell(view, current, nodes);
    return true;
  }

  #assignmentOf(
    { assignment, base }: ViewedTopology,
    view: ClusterView,
    workers: readonly AssignedWorker[],
  ): Assignment {
    return assignmentOf({
      workers,
      before: assignment,
      hostOf: (node) => view.supervisors.get(node)?.hostname,
      nowSecs: Math.floor(this.#runtime.clock.nowMs() / 1000),
      codeDirectory: this.#parts.settings.localDirectory,
      owner: base.owner,
    });
  }

  #tell(view: ClusterView, current: ReadonlyMap<string, Assignment>, nodes: ReadonlySet<string>): void {
    for (const node of nodes) {
      const push = pushTo(node, view.supervisors.get(node), current);
      if (push !== null) this.#parts.push.send(push);
    }
  }

  async #tellOfRemoval(before: Assignment | null): Promise<void> {
    const view = await readView(this.#parts);
    const current = new Map(
      view.topologies.flatMap(({ id, assignment }) => (assignment === null ? [] : [[id, assignment]])),
    );
    this.#tell(view, current, changedNodes(before, null));
  }

  /** What a scheduler says of a topology goes into the log when it changes. */
  #note(
    view: ClusterView,
    status: ReadonlyMap<string, { readonly message: string; readonly unassigned: readonly unknown[] }>,
  ): void {
    for (const { id } of view.topologies) {
      const { message, unassigned } = status.get(id) ?? { message: "", unassigned: [] };
      if (this.#statuses.get(id) === message) continue;
      this.#statuses.set(id, message);
      this.#runtime.log.write(unassigned.length > 0 ? "warn" : "info", `Topology ${id}: ${message}`);
    }
    const ids = new Set(view.topologies.map(({ id }) => id));
    for (const id of [...this.#statuses.keys()]) if (!ids.has(id)) this.#statuses.delete(id);
  }
}
