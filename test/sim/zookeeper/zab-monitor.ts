/**
 * Watches every server's database from outside and checks what Zab promises: one transaction for a zxid, one leader for
 * an epoch, and a leader that begins with everything that was ever committed.
 */
import { decodeProposal, type Proposal } from "../../../src/wire/zookeeper/index.ts";
import type { Database } from "../../../src/zookeeper/server/database.ts";
import type { RoleHost } from "../../../src/zookeeper/server/role.ts";
import { type History, hex } from "./history.ts";
import { Model } from "./model.ts";

export class ZabMonitor {
  readonly #history: History;
  readonly #committed = new Map<number, string>();
  readonly #leaders = new Map<number, string>();
  /** A leader began with an image of transactions that nobody saw one by one. */
  #incomplete = false;

  constructor(history: History) {
    this.#history = history;
  }

  get committedCount(): number {
    return this.#committed.size;
  }

  /** The host, with its commits and leaderships seen. `server` names this life of the server. */
  host(server: string, database: Database, inner: RoleHost): RoleHost {
    const advanceTo = database.advanceTo.bind(database);
    let historyZxid = 0;
    database.advanceTo = (zxid) => {
      historyZxid = database.lastProcessedZxid;
      advanceTo(zxid);
    };
    return {
      serve: (role) => {
        if (role.mode === "leader") this.#lead(server, database, historyZxid);
        inner.serve(role);
      },
      stopServing: (reason) => inner.stopServing(reason),
      answer: (request, error) => inner.answer(request, error),
      fail: (error) => inner.fail(error),
      expired: (sessionId, timeoutMs) => inner.expired(sessionId, timeoutMs),
      commit: (proposal, request) => {
        this.#commit(server, proposal);
        inner.commit(proposal, request);
      },
    };
  }

  /** Replays everything that was committed on the small model; null when some of it was not seen. */
  replay(): Model | null {
    if (this.#incomplete) return null;
    const model = new Model();
    for (const zxid of [...this.#committed.keys()].sort((a, b) => a - b)) {
      const wrong = model.apply(decodeProposal(Buffer.from(this.#committed.get(zxid) ?? "", "latin1")));
      if (wrong !== null) this.#history.violate(`${hex(zxid)}: ${wrong}`);
    }
    return model;
  }

  #commit(server: string, proposal: Proposal): void {
    const { zxid } = proposal.header;
    const bytes = proposal.bytes.toString("latin1");
    const before = this.#committed.get(zxid);
    if (before === undefined) this.#committed.set(zxid, bytes);
    else if (before !== bytes) this.#history.violate(`${server} commits another transaction with zxid ${hex(zxid)}`);
  }

  /** The newest that was committed in an earlier epoch. */
  #committedBefore(epoch: number): number {
    const firstZxid = epoch * 2 ** 32;
    let newest = 0;
    for (const zxid of this.#committed.keys()) if (zxid < firstZxid && zxid > newest) newest = zxid;
    return newest;
  }

  /** The leader's whole history, up to `historyZxid`, is committed now: also what it had only in its log. */
  #lead(server: string, database: Database, historyZxid: number): void {
    const epoch = database.epochs.current;
    const other = this.#leaders.get(epoch);
    if (other !== undefined) this.#history.violate(`${server} and ${other} both lead epoch ${epoch}`);
    this.#leaders.set(epoch, server);
    const { committed } = database;
    // A leader that was paused while it was elected may wake up in an epoch that is over: it has no followers to commit with.
    const before = this.#committedBefore(epoch);
    if (historyZxid < before) {
      const [mine, all] = [hex(historyZxid), hex(before)];
      this.#history.violate(`${server} leads epoch ${epoch} with ${mine}, though ${all} was committed`);
    }
    const oldest = committed.length === 0 ? historyZxid : committed.minZxid;
    if (oldest > before && historyZxid > 0 && before > 0) this.#incomplete = true;
    for (let index = 0; index < committed.length; index++) {
      const proposal = committed.at(index);
      if (proposal.header.zxid > before) this.#commit(server, proposal);
    }
  }
}
