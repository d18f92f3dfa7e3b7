/**
 * The load of one case, in a process of its own: `node bench/zookeeper/load.ts CASE PORTS MEASURE_MS`, prints one JSON object.
 * The same client code, without any session loop, drives both engines; its share of the machine is the same for both.
 */
import { realRuntime } from "../../src/base/index.ts";
import type { ClientReplies, ClientRequest } from "../../src/wire/zookeeper/index.ts";
import { Connection, openZooKeeper } from "../../src/zookeeper/index.ts";

const [name = "", portText = "", measureText = "3000"] = process.argv.slice(2);
const ports = portText.split(",").map(Number);
const measureMs = Number(measureText);
const warmUpMs = measureMs / 3;
const runtime = realRuntime({ name: "bench", self: { command: [process.execPath] }, level: "error" });
const anyone = [{ perms: 31, scheme: "world", id: "anyone" }] as const;
/** A Storm heartbeat or assignment is of this order. */
const payload = Buffer.alloc(100, 7);

class Caller {
  readonly #connection: Connection;
  onEvent: () => void = () => {};

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static open(port: number): Promise<Caller> {
    return new Promise((resolve, reject) => {
      let caller: Caller | null = null;
      const handshake = {
        protocolVersion: 0,
        lastZxidSeen: 0,
        timeoutMs: 30_000,
        sessionId: 0n,
        password: Buffer.alloc(16),
        readOnly: false,
        hasReadOnlyByte: true,
      };
      const connection: Connection = new Connection(
        runtime,
        { host: { host: "127.0.0.1", port }, connectTimeoutMs: 30_000, handshake },
        {
          opened: () => {
            caller = new Caller(connection);
            resolve(caller);
          },
          confirmed: () => {},
          event: () => caller?.onEvent(),
          closed: (reason) => reject(new Error(reason)),
        },
      );
    });
  }

  call<R extends ClientRequest>(request: R): Promise<ClientReplies[R["op"]]> {
    return new Promise((resolve, reject) =>
      this.#connection.send(request, ({ error, reply }) => {
        if (reply === null) reject(new Error(`${request.op}: error ${error}`));
        else resolve(reply);
      }),
    );
  }
}

async function callers(count: number): Promise<Caller[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => Caller.open(ports[index % ports.length] ?? 0)));
}

/** Each caller one request after the other; answered requests a second. */
async function closedLoop(count: number, request: (path: string) => ClientRequest): Promise<Record<string, number>> {
  const all = await callers(count);
  const top = `/bench-${process.pid}`;
  await all[0]?.call({ op: "create", path: top, data: null, acl: anyone, flags: 0 });
  await Promise.all(all.map((caller) => caller.call({ op: "sync", path: "/" })));
  const paths = all.map((_, index) => `${top}/${index}`);
  await Promise.all(
    all.map((caller, index) =>
      caller.call({ op: "create", path: paths[index] ?? "", data: payload, acl: anyone, flags: 0 }),
    ),
  );
  let answered = 0;
  const tookMs: number[] = [];
  let measuring = false;
  let over = false;
  const loops = all.map(async (caller, index) => {
    while (!over) {
      const startMs = performance.now();
      await caller.call(request(paths[index] ?? ""));
      if (!measuring) continue;
      answered++;
      tookMs.push(performance.now() - startMs);
    }
  });
  await sleep(warmUpMs);
  measuring = true;
  const startMs = performance.now();
  await sleep(measureMs);
  const seconds = (performance.now() - startMs) / 1000;
  over = true;
  await Promise.all(loops);
  tookMs.sort((a, b) => a - b);
  return { perSecond: answered / seconds, p50Ms: quantile(tookMs, 0.5), p99Ms: quantile(tookMs, 0.99) };
}

/** Milliseconds from the change until the last of a thousand watchers, each a session of its own, has heard of it. */
async function fanOut(): Promise<Record<string, number>> {
  const watchers = await callers(1000);
  const [writer] = await callers(1);
  const path = `/fan-${process.pid}`;
  await writer?.call({ op: "create", path, data: payload, acl: anyone, flags: 0 });
  await Promise.all(watchers.map((watcher) => watcher.call({ op: "sync", path })));
  const tookMs: number[] = [];
  for (let round = 0; round < 10; round++) {
    await Promise.all(watchers.map((watcher) => watcher.call({ op: "getData", path, watch: true })));
    const told = Promise.all(
      watchers.map(
        (watcher) =>
          new Promise<void>((resolve) => {
            watcher.onEvent = resolve;
          }),
      ),
    );
    const startMs = performance.now();
    await writer?.call({ op: "setData", path, data: payload, version: -1 });
    await told;
    tookMs.push(performance.now() - startMs);
  }
  tookMs.sort((a, b) => a - b);
  return { lastToldMs: quantile(tookMs, 0.5) };
}

/** From nothing to the first answer in a new session. */
async function connecting(): Promise<Record<string, number>> {
  const tookMs: number[] = [];
  for (let count = 0; count < 50; count++) {
    const startMs = performance.now();
    const [caller] = await callers(1);
    await caller?.call({ op: "exists", path: "/", watch: false });
    tookMs.push(performance.now() - startMs);
  }
  tookMs.sort((a, b) => a - b);
  return { firstReplyMs: quantile(tookMs, 0.5) };
}

/** One line as soon as a write is acknowledged, then one after every further gap of more than 100 ms, until it is ended. */
async function writing(): Promise<never> {
  const servers = ports.map((port) => `127.0.0.1:${port}`).join(",");
  const client = openZooKeeper(runtime, { servers, sessionTimeoutMs: 6000, patienceMs: 60_000 });
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let count = 0; ; count++) {
    const done = await client.create(`/writing-${process.pid}-${count}`).then(
      () => true,
      () => false,
    );
    if (!done) continue;
    const nowMs = performance.now();
    if (nowMs - lastMs > 100) process.stdout.write(`${JSON.stringify({ gapMs: nowMs - lastMs, atMs: Date.now() })}\n`);
    lastMs = nowMs;
    await sleep(5);
  }
}

function sleep(delayMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, delayMs));
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

const write = (path: string): ClientRequest => ({ op: "setData", path, data: payload, version: -1 });
const read = (path: string): ClientRequest => ({ op: "getData", path, watch: false });
const cases: Readonly<Record<string, () => Promise<Record<string, number>>>> = {
  "writes, 1 client": () => closedLoop(1, write),
  "writes, 16 clients": () => closedLoop(16, write),
  "writes, 64 clients": () => closedLoop(64, write),
  "reads, 1 client": () => closedLoop(1, read),
  "reads, 64 clients": () => closedLoop(64, read),
  "fan-out, 1000 watchers": fanOut,
  "connect to first reply": connecting,
  writing,
};

const run = cases[name];
if (run === undefined) throw new Error(`no case is called ${JSON.stringify(name)}: ${Object.keys(cases).join(" | ")}`);
const figures = await run();
process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit(0));
