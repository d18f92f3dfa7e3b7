/**
 * Reads every transaction that the ensemble commits, in order, and keeps what they come to: topologies, assignments, supervisors, and
 * the line of those who want to lead. So it sees each state that any daemon could have read, and who wrote it.
 */
import { Assignment, gzipThrift, StormBase, SupervisorInfo } from "../wire/thrift/index.ts";
import type { Proposal, SessionId, Txn, Zxid } from "../wire/zookeeper/index.ts";
import type { RunningServer } from "../zookeeper/index.ts";

export interface LedgerListener {
  supervisorJoined(host: string): void;
  supervisorLost(host: string): void;
  /** Null before: it is new. Null after: it is no more. */
  topology(id: string, before: StormBase | null, after: StormBase | null): void;
  assignment(id: string, before: Assignment | null, after: Assignment | null): void;
  violation(what: string): void;
}

/** storm.zookeeper.root, as daemons have it by default. */
const root = "/storm";
/** What only the nimbus that leads may write. */
const fenced = ["storms", "assignments"] as const;
const counterOf = 2 ** 32;

export class Ledger {
  readonly topologies = new Map<string, StormBase>();
  readonly assignments = new Map<string, Assignment>();
  /** Supervisor ids with their hosts, of those that are there. */
  readonly supervisors = new Map<string, string>();
  /** Every topology that there has been and is no more. */
  readonly removed = new Set<string>();
  transactions = 0;
  writes = 0;
  assignmentWrites = 0;
  /** Sessions that wrote as leaders. */
  readonly leaders = new Set<SessionId>();
  readonly #listener: LedgerListener;
  /** Hosts of all supervisors that were ever there: their last word is a deletion without a value. */
  readonly #hosts = new Map<string, string>();
  /** Nodes in the line of nimbuses: whose session each is. */
  readonly #line = new Map<string, SessionId>();
  #lastZxid: Zxid = 0;

  constructor(listener: LedgerListener) {
    this.#listener = listener;
  }

  hostOf(supervisorId: string): string {
    return this.#hosts.get(supervisorId) ?? supervisorId;
  }

  /** What this server has committed since the last call. */
  read({ database: { committed } }: RunningServer["server"]): void {
    let first = committed.length;
    while (first > 0 && committed.at(first - 1).header.zxid > this.#lastZxid) first--;
    for (let index = first; index < committed.length; index++) this.#take(committed.at(index));
  }

  #take(proposal: Proposal): void {
    const { zxid, clientId } = proposal.header;
    const follows = zxid === this.#lastZxid + 1 || zxid % counterOf === 1;
    if (!follows && this.#lastZxid > 0)
      this.#listener.violation(`transactions before ${zxid.toString(16)} were not seen`);
    this.#lastZxid = zxid;
    this.transactions++;
    const before = new Map<string, Assignment | null>();
    this.#apply(proposal.txn, clientId, before);
    if (before.size === 0) return;
    this.#checkSlots();
    for (const [id, was] of before) this.#listener.assignment(id, was, this.assignments.get(id) ?? null);
  }

  #apply(txn: Txn, session: SessionId, changed: Map<string, Assignment | null>): void {
    switch (txn.kind) {
      case "multi":
        // A multi that failed consists of errors alone.
        for (const part of txn.txns) this.#apply(part, session, changed);
        return;
      case "create":
      case "setData":
        this.#written(txn.path, txn.data, session, changed);
        return;
      case "delete":
        this.#written(txn.path, null, session, changed);
        return;
      case "closeSession": {
        const owned = [...this.#line].filter(([, owner]) => owner === session).map(([path]) => path);
        for (const path of txn.paths ?? owned) this.#written(path, null, session, changed);
        return;
      }
      case "setAcl":
      case "check":
      case "createSession":
      case "error":
    }
  }

  /** Null: deleted. */
  #written(path: string, data: Buffer | null, session: SessionId, changed: Map<string, Assignment | null>): void {
    const [, parent = "", name] = /^\/storm\/([^/]+)\/([^/]+)$/.exec(path) ?? [];
    if (name === undefined) return;
    if (fenced.some((each) => each === parent)) this.#checkWriter(path, session);
    switch (parent) {
      case "leader-lock":
        if (data === null) this.#line.delete(path);
        else this.#line.set(path, session);
        return;
      case "supervisors":
        this.#supervisor(name, data);
        return;
      case "storms":
        this.#topology(name, data);
        return;
      case "assignments":
        if (!changed.has(name)) changed.set(name, this.assignments.get(name) ?? null);
        if (data === null) this.assignments.delete(name);
        else this.assignments.set(name, gzipThrift(Assignment).decode(data));
        this.assignmentWrites++;
        if (data !== null && !this.topologies.has(name)) this.#listener.violation(`${name} is assigned and is no more`);
    }
  }

  /** First in the line is who has the lowest number. Source: Curator's LeaderLatch, as Storm uses it. */
  #checkWriter(path: string, session: SessionId): void {
    this.writes++;
    const number = (node: string) => Number(/(\d{10})$/.exec(node)?.[1] ?? Number.POSITIVE_INFINITY);
    const [first] = [...this.#line].sort(([a], [b]) => number(a) - number(b));
    if (first !== undefined && first[1] === session) this.leaders.add(session);
    else this.#listener.violation(`${path} was written by a nimbus that does not lead`);
  }

  #supervisor(id: string, data: Buffer | null): void {
    if (data === null) {
      const host = this.supervisors.get(id);
      if (this.supervisors.delete(id) && host !== undefined) this.#listener.supervisorLost(host);
      return;
    }
    const { hostname } = gzipThrift(SupervisorInfo).decode(data);
    this.#hosts.set(id, hostname);
    if (this.supervisors.has(id)) return;
    this.supervisors.set(id, hostname);
    this.#listener.supervisorJoined(hostname);
  }

  #topology(id: string, data: Buffer | null): void {
    const before = this.topologies.get(id) ?? null;
    const after = data === null ? null : gzipThrift(StormBase).decode(data);
    if (after === null) {
      this.topologies.delete(id);
      this.removed.add(id);
    } else this.topologies.set(id, after);
    this.#listener.topology(id, before, after);
  }

  #checkSlots(): void {
    const owners = new Map<string, string>();
    for (const [id, assignment] of this.assignments) {
      for (const slot of slotsOf(assignment)) {
        const other = owners.get(slot);
        if (other !== undefined) this.#listener.violation(`${slot} is given to ${other} and to ${id}`);
        owners.set(slot, id);
      }
    }
  }
}

/** `supervisor id:port`. */
export function slotsOf({ executor_node_port }: Assignment): Set<string> {
  return new Set(executor_node_port.map(([, { node, port }]) => `${node}:${[...port][0]}`));
}

/** Paths below Storm's root that still name one of these topologies. */
export function remains(server: RunningServer["server"], ids: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const path of server.database.tree.nodes.keys()) {
    if (!path.startsWith(`${root}/`)) continue;
    for (const id of ids) if (path.includes(id)) found.push(path);
  }
  return found;
}
