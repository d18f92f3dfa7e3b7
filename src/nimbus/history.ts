/** Which topologies ran here, for those who still want to read their logs: in LocalState, as Storm keeps it. */
import type { Runtime } from "../base/index.ts";
import { LocalState } from "../state/index.ts";
import { type LSTopoHistory, LSTopoHistoryList } from "../wire/thrift/index.ts";

const key = "topo-hist";
/** Older ones go first. */
const entriesMax = 1000;

export class TopologyHistory {
  readonly #runtime: Runtime;
  readonly #local: LocalState;
  readonly #keptMs: number;

  constructor(runtime: Runtime, localDirectory: string, keptMs: number) {
    this.#runtime = runtime;
    this.#local = new LocalState(runtime, `${localDirectory}/nimbus/history`);
    this.#keptMs = keptMs;
  }

  /** Newest last. */
  async list(): Promise<readonly LSTopoHistory[]> {
    const sinceSecs = (this.#runtime.clock.nowMs() - this.#keptMs) / 1000;
    const all = (await this.#local.get(key, LSTopoHistoryList))?.topo_history ?? [];
    return all.filter(({ time_stamp }) => time_stamp > sinceSecs);
  }

  async add(id: string, users: readonly string[]): Promise<void> {
    const time_stamp = Math.floor(this.#runtime.clock.nowMs() / 1000);
    const before = (await this.list()).filter(({ topology_id }) => topology_id !== id);
    const topo_history = [...before, { topology_id: id, time_stamp, users, groups: [] }].slice(-entriesMax);
    await this.#local.put(key, LSTopoHistoryList, { topo_history });
  }
}
