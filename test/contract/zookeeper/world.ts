/** What a rule works with: clients, raw connections, a cuttable link, paths of its own; all closed when it ends. */
import { realRuntime } from "../../../src/base/index.ts";
import {
  openZooKeeper,
  type SessionAdapter,
  type WatchEvent,
  type ZooKeeperClient,
  type ZooKeeperClientOptions,
} from "../../../src/zookeeper/index.ts";
import { deadline } from "../../kit/index.ts";
import type { ContractEnsemble } from "./contract.ts";
import { type CuttableLink, openCuttableLink } from "./cuttable-link.ts";
import { WireClient, type WireOptions } from "./wire-client.ts";

export const runtime = realRuntime({ name: "contract", self: { command: [process.execPath] }, level: "error" });

/** For every single event or answer that a rule awaits. */
export const stepMs = 20_000;

let rules = 0;

export class World implements AsyncDisposable {
  readonly ensemble: ContractEnsemble;
  readonly adapter: SessionAdapter;
  readonly #rule = ++rules;
  readonly #open: (() => Promise<void>)[] = [];
  #paths = 0;

  constructor(ensemble: ContractEnsemble, adapter: SessionAdapter) {
    this.ensemble = ensemble;
    this.adapter = adapter;
  }

  /** A node path that no other rule uses. */
  path(): string {
    return `/rule-${process.pid}-${this.#rule}-${++this.#paths}`;
  }

  client(options: Partial<ZooKeeperClientOptions> = {}): ZooKeeperClient {
    const servers = this.ensemble.connectString;
    const client = openZooKeeper(runtime, { servers, sessionTimeoutMs: 10_000, ...options }, this.adapter);
    this.#open.push(() => client.close());
    return client;
  }

  /** A connection without any session loop, to the first server unless told otherwise. */
  async wire(options: Partial<WireOptions> = {}): Promise<WireClient> {
    const port = this.ensemble.servers[0]?.clientPort ?? 0;
    const wire = await WireClient.open(runtime, { port, ...options });
    this.#open.push(() => wire.close());
    return wire;
  }

  /** A way to the first server that the rule can cut. */
  async link(): Promise<CuttableLink> {
    const link = await openCuttableLink(this.ensemble.servers[0]?.clientPort ?? 0);
    this.#open.push(() => link.close());
    return link;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const close of this.#open.reverse()) await close();
  }
}

/** Collects watch events; `next` waits for one that was not yet taken. */
export class Events<T = WatchEvent> {
  readonly #waiting: ((event: T) => void)[] = [];
  readonly untaken: T[] = [];
  readonly handler = (event: T): void => {
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.untaken.push(event);
    else waiting(event);
  };

  next(what = "a watch event"): Promise<T> {
    const first = this.untaken.shift();
    if (first !== undefined) return Promise.resolve(first);
    return deadline(new Promise<T>((resolve) => this.#waiting.push(resolve)), stepMs, what);
  }
}
