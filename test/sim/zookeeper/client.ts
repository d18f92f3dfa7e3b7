/**
 * A client of the simulated ensemble: keeps a session, does what its dice say, and checks every answer against what this
 * session and all clients have been told before.
 */
import type { Runtime } from "../../../src/base/index.ts";
import { type ClientRequest, createMode, errorCode, type Stat } from "../../../src/wire/zookeeper/index.ts";
import { Connection, type Host } from "../../../src/zookeeper/index.ts";
import { type History, hex } from "./history.ts";

export interface ClientOptions {
  readonly name: string;
  readonly servers: readonly Host[];
  readonly sessionTimeoutMs: number;
  readonly history: History;
  /** Pause between two requests of one client, ms, at most. */
  readonly thinkMs: number;
}

/** What every seed begins with. */
export const registers = ["/reg-0", "/reg-1"] as const;
export const lists = ["/list-0", "/list-1"] as const;
export const folders = ["/seq", "/eph"] as const;

const openAcl = [{ perms: 31, scheme: "world", id: "anyone" }];
const pipelineMax = 4;
const retryMs = 40;

type Answer = Parameters<NonNullable<Parameters<Connection["send"]>[1]>>;

export class SimulatedClient {
  /** Open, as far as this client knows. */
  sessionId = 0n;
  connected = false;
  /** Writes are asked for while this is set. */
  active = true;
  readonly #runtime: Runtime;
  readonly #options: ClientOptions;
  readonly #history: History;
  #password: Buffer = Buffer.alloc(16);
  #connection: Connection | null = null;
  #lastZxid = 0;
  #outstanding = 0;
  #nextValue = 1;
  /** Newest mzxid of each node that this session was shown. */
  #seen = new Map<string, number>();
  /** One-shot data watches that have not fired: the mzxid that was current when they were set. */
  #armed = new Map<string, number>();
  /** Lists as last read. */
  #lists = new Map<string, { readonly value: string; readonly version: number }>();
  #ephemerals: string[] = [];

  constructor(runtime: Runtime, options: ClientOptions) {
    this.#runtime = runtime;
    this.#options = options;
    this.#history = options.history;
  }

  /** Never returns. */
  run(): Promise<number> {
    this.#connect();
    this.#think();
    return new Promise(() => {});
  }

  /** Creates the nodes that every seed begins with, trying until each is there. */
  async prepare(paths: readonly string[]): Promise<void> {
    for (const path of paths) {
      let there = false;
      while (!there) there = await this.#tryCreate(path);
    }
  }

  async #tryCreate(path: string): Promise<boolean> {
    const connection = this.connected ? this.#connection : null;
    if (connection === null) {
      await new Promise<void>((resolve) => this.#runtime.timers.after(retryMs, resolve));
      return false;
    }
    return new Promise((resolve) => {
      connection.send({ op: "create", path, data: Buffer.from(""), acl: openAcl, flags: 0 }, ({ error }) =>
        resolve(error === errorCode.ok || error === errorCode.nodeExists),
      );
    });
  }

  #connect(): void {
    const { servers, sessionTimeoutMs } = this.#options;
    const host = servers[this.#runtime.random.below(servers.length)]!;
    const connection: Connection = new Connection(
      this.#runtime,
      {
        host,
        connectTimeoutMs: 600,
        handshake: {
          protocolVersion: 0,
          lastZxidSeen: this.#lastZxid,
          timeoutMs: sessionTimeoutMs,
          sessionId: this.sessionId,
          password: this.#password,
          readOnly: false,
          hasReadOnlyByte: true,
        },
      },
      {
        opened: (response) => {
          if (response.timeoutMs <= 0) this.#expired();
          else this.#opened(response.sessionId, response.password);
        },
        confirmed() {},
        event: (event) => {
          this.#history.counts.events++;
          this.#armed.delete(event.path);
        },
        closed: () => {
          if (this.#connection !== connection) return;
          this.connected = false;
          this.#connection = null;
          this.#runtime.timers.after(1 + this.#runtime.random.below(retryMs), () => this.#connect());
        },
      },
    );
    this.#connection = connection;
  }

  #opened(sessionId: bigint, password: Buffer): void {
    if (sessionId !== this.sessionId) this.#history.counts.sessions++;
    this.sessionId = sessionId;
    this.#password = password;
    this.connected = true;
    if (this.#armed.size > 0) {
      const watches = { data: [...this.#armed.keys()], exist: [], child: [], persistent: [], persistentRecursive: [] };
      this.#send({ op: "setWatches", relativeZxid: this.#lastZxid, watches }, () => {});
    }
  }

  #expired(): void {
    this.#history.counts.expired++;
    this.#forgetSession();
    this.#connection?.destroy("expired");
  }

  #forgetSession(): void {
    this.sessionId = 0n;
    this.#password = Buffer.alloc(16);
    this.#lastZxid = 0;
    this.#seen = new Map();
    this.#armed = new Map();
    this.#ephemerals = [];
  }

  #think(): void {
    const { random, timers } = this.#runtime;
    timers.after(random.float() * this.#options.thinkMs, () => {
      if (this.connected && this.active && this.#outstanding < pipelineMax) this.#act();
      this.#think();
    });
  }

  #act(): void {
    const { random } = this.#runtime;
    const register = registers[random.below(registers.length)]!;
    const list = lists[random.below(lists.length)]!;
    const dice = random.below(100);
    if (dice < 21) this.#write({ op: "setData", path: register, data: this.#value(), version: -1 });
    else if (dice < 25) this.#writeBoth(dice < 23);
    else if (dice < 45) this.#append(list);
    else if (dice < 70) this.#read(random.below(3) === 0 ? list : register, random.below(2) === 0);
    else if (dice < 80) this.#create("/seq/n-", createMode.persistentSequential);
    else if (dice < 87) this.#create(`/eph/${this.#options.name}-${this.#nextValue}`, createMode.ephemeral);
    else if (dice < 91) this.#deleteEphemeral();
    else if (dice < 98) {
      this.#send({ op: "sync", path: register }, () => {});
      this.#read(register, false);
    } else if (dice < 99) this.#connection?.destroy("moves to another server");
    else this.#close();
  }

  /** Unique in the whole run. */
  #value(): Buffer {
    return Buffer.from(`${this.#options.name}.${this.#nextValue++}`);
  }

  #write(request: Extract<ClientRequest, { readonly op: "setData" }>): void {
    const value = request.data?.toString() ?? "";
    const floor = this.#history.ackedZxid;
    this.#send(request, (outcome, header) => {
      if (this.#wasRefused(value, outcome, header) || outcome.error !== 0 || outcome.reply === null) return;
      const { stat } = outcome.reply as { readonly stat: Stat };
      this.#history.acked(`${this.#options.name}: setData ${request.path}`, header?.zxid ?? 0, floor);
      this.#shown(request.path, stat, value);
    });
  }

  /** Both registers or, with a check that cannot hold, neither. */
  #writeBoth(possible: boolean): void {
    const values = registers.map(() => this.#value());
    const operations: Extract<ClientRequest, { readonly op: "multi" }>["operations"] = [
      { op: "setData", path: registers[0], data: values[0] ?? null, version: -1 },
      { op: "check", path: folders[0], version: possible ? 0 : 7 },
      { op: "setData", path: registers[1], data: values[1] ?? null, version: -1 },
    ];
    const floor = this.#history.ackedZxid;
    this.#send({ op: "multi", operations }, (outcome, header) => {
      if (header === null || outcome.error !== 0) return;
      if (possible) this.#history.acked(`${this.#options.name}: multi`, header.zxid, floor);
      else for (const value of values) this.#history.refusedValues.add(value.toString());
    });
  }

  #append(path: string): void {
    const known = this.#lists.get(path);
    if (known === undefined) {
      this.#read(path, false);
      return;
    }
    this.#lists.delete(path);
    const id = `${this.#options.name}.${this.#nextValue++}`;
    const value = `${known.value}${id},`;
    const floor = this.#history.ackedZxid;
    this.#send({ op: "setData", path, data: Buffer.from(value), version: known.version }, (outcome, header) => {
      if (this.#wasRefused(value, outcome, header) || outcome.error !== 0 || outcome.reply === null) return;
      const { stat } = outcome.reply as { readonly stat: Stat };
      this.#history.acked(`${this.#options.name}: append to ${path}`, header?.zxid ?? 0, floor);
      const appended = this.#history.appended.get(path) ?? [];
      this.#history.appended.set(path, [...appended, id]);
      this.#shown(path, stat, value);
    });
  }

  #read(path: string, watch: boolean): void {
    this.#send({ op: "getData", path, watch }, (outcome) => {
      if (outcome.error !== 0 || outcome.reply === null) return;
      this.#history.counts.reads++;
      const { data, stat } = outcome.reply as { readonly data: Buffer | null; readonly stat: Stat };
      const value = data?.toString() ?? "";
      this.#shown(path, stat, value);
      if (this.#history.refusedValues.has(value)) this.#history.violate(`${path} holds "${value}", which was refused`);
      if (path.startsWith("/list")) this.#lists.set(path, { value, version: stat.version });
      if (watch && !this.#armed.has(path)) this.#armed.set(path, stat.mzxid);
    });
  }

  #create(path: string, flags: number): void {
    const data = this.#value();
    const floor = this.#history.ackedZxid;
    this.#send({ op: "create", path, data, acl: openAcl, flags }, (outcome, header) => {
      if (this.#wasRefused(data.toString(), outcome, header) || outcome.reply === null) return;
      const zxid = header?.zxid ?? 0;
      this.#history.acked(`${this.#options.name}: create ${path}`, zxid, floor);
      const created = (outcome.reply as { readonly path: string }).path;
      if (flags === createMode.ephemeral) this.#ephemerals.push(created);
      else this.#history.sequential.push({ path: created, zxid });
    });
  }

  #deleteEphemeral(): void {
    const path = this.#ephemerals.pop();
    if (path === undefined) return;
    this.#send({ op: "delete", path, version: -1 }, (outcome) => {
      // Of this session, which lives: it was answered.
      if (outcome.error === errorCode.noNode) this.#history.violate(`${path} is gone before its session`);
    });
  }

  #close(): void {
    const session = this.sessionId;
    this.#send({ op: "closeSession" }, (outcome) => {
      if (outcome.error !== 0 || this.sessionId !== session) return;
      this.#forgetSession();
      this.#connection?.destroy("closed");
    });
  }

  #send(request: ClientRequest, done: (...answer: Answer) => void): void {
    const session = this.sessionId;
    this.#outstanding++;
    this.#connection?.send(request, (outcome, header) => {
      this.#outstanding--;
      if (header === null) this.#history.counts.lost++;
      else if (header.zxid > 0 && session === this.sessionId) this.#ordered(request, header.zxid);
      if (session === this.sessionId) done(outcome, header);
    });
  }

  #ordered(request: ClientRequest, zxid: number): void {
    if (zxid < this.#lastZxid) {
      const session = `session 0x${this.sessionId.toString(16)}`;
      this.#history.violate(`${session}: ${request.op} was answered with ${hex(zxid)} after ${hex(this.#lastZxid)}`);
    }
    this.#lastZxid = Math.max(this.#lastZxid, zxid);
  }

  /** Refused for good: the server says that it did not happen. */
  #wasRefused(value: string, ...[outcome, header]: Answer): boolean {
    if (outcome.error === 0 || header === null) return false;
    this.#history.counts.refused++;
    this.#history.refusedValues.add(value);
    return true;
  }

  #shown(path: string, stat: Stat, value: string): void {
    this.#history.saw(path, stat.version, stat.mzxid, value);
    const before = this.#seen.get(path) ?? 0;
    if (stat.mzxid < before) {
      this.#history.violate(`${this.#options.name} saw ${path} of ${hex(before)}, then of ${hex(stat.mzxid)}`);
    }
    this.#seen.set(path, Math.max(before, stat.mzxid));
    const armed = this.#armed.get(path);
    if (armed !== undefined && stat.mzxid > armed) {
      this.#history.violate(`${this.#options.name} sees ${path} change without the watch that was set before`);
      this.#armed.delete(path);
    }
  }
}
