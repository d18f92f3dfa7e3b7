/** Keeps the model up to date: the event stream all the time, and once a second the questions of the view that is open. */
import { isStormLabError, messageOf, pause, type Runtime } from "../../base/index.ts";
import { pictureAfter, type UiClient, type UiHappening, type UiPicture } from "../../client/index.ts";
import { type ClusterModel, edgeKey } from "./model.ts";
import type { Focus } from "./state.ts";

const askEveryMs = 1000;
/** Of the events that are shown. */
const happeningsMax = 500;
const logBytes = 65_536;
/** A count that has not grown for so long stands still. */
const stillMs = 10_000;

interface Counted {
  readonly value: number;
  readonly atMs: number;
  readonly rate: number;
}

export class Feed {
  #model: ClusterModel;
  readonly #runtime: Runtime;
  readonly #client: UiClient;
  readonly #focus: () => Focus;
  readonly #changed: () => void;
  readonly #counts = new Map<string, Counted>();
  #wake: AbortController = new AbortController();

  constructor(options: {
    readonly runtime: Runtime;
    readonly client: UiClient;
    readonly model: ClusterModel;
    readonly focus: () => Focus;
    readonly changed: () => void;
  }) {
    this.#runtime = options.runtime;
    this.#client = options.client;
    this.#model = options.model;
    this.#focus = options.focus;
    this.#changed = options.changed;
  }

  get model(): ClusterModel {
    return { ...this.#model, nowMs: this.#runtime.clock.nowMs() };
  }

  patch(change: Partial<ClusterModel>): void {
    this.#model = { ...this.#model, ...change };
    this.#changed();
  }

  /** Asks at once: another view is open. */
  refresh(): void {
    this.#wake.abort();
  }

  /** Until `signal` is aborted. */
  async run(signal: AbortSignal): Promise<void> {
    const stream = this.#client.follow("events", {
      event: (name, data) => this.#event(name, data),
      connected: () => this.patch({ connection: "live" }),
      away: () => this.patch({ connection: "away" }),
    });
    const stop = (): void => this.#wake.abort();
    signal.addEventListener("abort", stop);
    while (!signal.aborted) {
      this.#wake = new AbortController();
      await this.#ask(this.#focus());
      if (!signal.aborted) await pause(this.#runtime.timers, askEveryMs, this.#wake.signal);
    }
    signal.removeEventListener("abort", stop);
    await stream.stop();
  }

  #event(name: string, data: unknown): void {
    const toldMs = this.#runtime.clock.nowMs();
    if (name === "picture") {
      this.patch({ picture: data as UiPicture, toldMs });
      void this.#past();
    } else if (name === "happening") {
      const happening = data as UiHappening;
      const happenings = [happening, ...this.#model.happenings].slice(0, happeningsMax);
      this.patch({ picture: pictureAfter(this.#model.picture, happening), happenings, toldMs });
    }
  }

  /** What happened before the dashboard came. */
  async #past(): Promise<void> {
    const answer = await this.#client.get("storm-lab/happenings").catch(() => null);
    if (answer === null) return;
    const known = new Set(this.#model.happenings.map(({ seq, atMs }) => `${seq} ${atMs}`));
    const more = answer.happenings.filter(({ seq, atMs }) => !known.has(`${seq} ${atMs}`));
    const all = [...this.#model.happenings, ...more].sort((a, b) => b.atMs - a.atMs || b.seq - a.seq);
    this.patch({ happenings: all.slice(0, happeningsMax) });
  }

  async #ask(focus: Focus): Promise<void> {
    try {
      const answers = await this.#answers(focus);
      this.patch({ ...answers, failure: null, toldMs: this.#runtime.clock.nowMs() });
    } catch (error) {
      const failure = isStormLabError(error) ? `${error.message}: ${error.why}` : messageOf(error);
      // A daemon that is away is told by the connection.
      this.patch(isStormLabError(error, "SL-UI-AWAY") ? { connection: "away", failure } : { failure });
    }
  }

  async #answers({ view, topology, component, znode, log }: Focus): Promise<Partial<ClusterModel>> {
    const client = this.#client;
    const { topologies } = await client.get("topology/summary");
    switch (view) {
      case "overview": {
        const [{ nimbuses }, { supervisors }, { members }] = await Promise.all([
          client.get("nimbus/summary"),
          client.get("supervisor/summary"),
          client.get("storm-lab/ensemble"),
        ]);
        return { topologies, nimbuses, supervisors, members };
      }
      case "graph": {
        const id = topology ?? topologies[0]?.id;
        if (id === undefined) return { topologies, topology: null, graph: null };
        const [page, graph, metrics] = await Promise.all([
          client.topology(id),
          client.graph(id),
          client.topologyMetrics(id),
        ]);
        const rates = new Map<string, number>();
        for (const bolt of metrics.bolts)
          for (const { component_id, stream_id, value } of bolt.executed) {
            const key = edgeKey(component_id, stream_id, bolt.id);
            rates.set(key, this.#rate(`${id} ${key}`, value));
          }
        return { topologies, topology: page, graph, rates };
      }
      case "component": {
        const id = topology ?? topologies[0]?.id;
        if (id === undefined) return { topologies, component: null };
        const name = component ?? Object.keys(await client.graph(id))[0];
        return { topologies, component: name === undefined ? null : await client.component(id, name) };
      }
      case "zookeeper": {
        const [{ members }, found] = await Promise.all([
          client.get("storm-lab/ensemble"),
          client.get("storm-lab/znode", { query: { path: znode } }),
        ]);
        return { topologies, members, znode: found.znode };
      }
      case "logs": {
        if (log === null) return { topologies, logs: (await client.get("storm-lab/logs")).logs };
        const query = { file: log.name, host: log.host, length: String(logBytes) };
        const { text } = await client.log(log.isDaemon ? "daemonlog" : "log", { query });
        return { topologies, logLines: text.replace(/\n$/, "").split("\n") };
      }
      default:
        return { topologies };
    }
  }

  /** Growth between the last two steps of a count that grows with heartbeats, over the time between them. */
  #rate(key: string, value: number): number {
    const atMs = this.#runtime.clock.monotonicMs();
    const before = this.#counts.get(key);
    if (before === undefined || value < before.value) {
      this.#counts.set(key, { value, atMs, rate: 0 });
      return 0;
    }
    if (value === before.value) return atMs - before.atMs > stillMs ? 0 : before.rate;
    const rate = ((value - before.value) * 1000) / Math.max(1, atMs - before.atMs);
    this.#counts.set(key, { value, atMs, rate });
    return rate;
  }
}
