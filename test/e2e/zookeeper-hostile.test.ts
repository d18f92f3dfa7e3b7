/** Whatever comes to the client port, the server answers or closes, goes on serving the others, and its memory stays bounded. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { describe, it } from "node:test";
import { SeededRandom, type Socket } from "../../src/base/index.ts";
import { deadline, eventually, type RunningProcess, temporaryDirectory } from "../kit/index.ts";
import { runtime, stepMs, ZooKeeperProcess } from "./zookeeper-process.ts";

/** A connection that only shovels bytes. */
class Raw {
  readonly socket: Socket;
  readonly closed: Promise<void>;
  receivedBytes = 0;
  #onData: () => void = () => undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.handle({
        data: (bytes) => {
          this.receivedBytes += bytes.length;
          this.#onData();
        },
        close: () => resolve(),
      });
    });
  }

  static async open(port: number): Promise<Raw> {
    return new Raw(await runtime.net.connect({ host: "127.0.0.1", port, timeoutMs: stepMs }));
  }

  received(bytes: number): Promise<void> {
    const enough = new Promise<void>((resolve) => {
      this.#onData = () => {
        if (this.receivedBytes >= bytes) resolve();
      };
      this.#onData();
    });
    return deadline(enough, stepMs, `${bytes} bytes`);
  }
}

function int(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function frame(...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([int(body.length), body]);
}

const connect = frame(
  int(0),
  Buffer.alloc(8),
  int(10_000),
  Buffer.alloc(8),
  int(16),
  Buffer.alloc(16),
  Buffer.alloc(1),
);
const connectReplyBytes = 41;
const ping = frame(int(-2), int(11));

function getData(path: string): Buffer {
  return frame(int(1), int(4), int(path.length), Buffer.from(path), Buffer.alloc(1));
}

function residentMiB(child: RunningProcess): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${child.pid}/status`, "utf8"))?.[1]) / 1024;
}

/** A server, and a client whose writes and reads must go on working. */
async function withServer(
  body: (zookeeper: ZooKeeperProcess, child: RunningProcess, stillServes: () => Promise<void>) => Promise<void>,
): Promise<void> {
  await using directory = await temporaryDirectory();
  const zookeeper = await ZooKeeperProcess.prepare(directory, [
    "maxClientCnxns=0",
    "forceSync=no",
    "4lw.commands.whitelist=*",
  ]);
  await using child = await zookeeper.serving();
  await using client = zookeeper.client();
  let written = 0;
  const stillServes = async (): Promise<void> => {
    const path = `/alive-${++written}`;
    await deadline(client.create(path, Buffer.from(path)), stepMs, "a write beside hostile bytes");
    assert.equal((await deadline(client.getData(path), stepMs, "a read"))?.data?.toString(), path);
  };
  await stillServes();
  await body(zookeeper, child, stillServes);
  await stillServes();
  await client.close();
}

describe("hostile bytes at the client port", () => {
  it("of every seeded kind end in an answer or a closed connection", async () => {
    await withServer(async ({ clientPort }, _child, stillServes) => {
      for (let seed = 1; seed <= 150; seed++) {
        const random = new SeededRandom(seed);
        const raw = await Raw.open(clientPort);
        const opens = seed % 3 !== 0;
        if (opens) {
          raw.socket.write(Buffer.from(connect));
          await raw.received(connectReplyBytes);
        }
        for (let packet = 0; packet < 5; packet++) {
          const body = Buffer.from(random.bytes(random.below(200)));
          // A known operation with nonsense behind it reaches deeper than pure noise.
          if (opens && body.length >= 8) body.writeInt32BE(random.below(120) - 15, 4);
          raw.socket.write(random.below(4) === 0 ? body : frame(body));
        }
        raw.socket.end();
        await deadline(raw.closed, stepMs, `the end of the connection with seed ${seed}`);
        if (seed % 50 === 0) await stillServes();
      }
    });
  });

  it("that announce too much are refused before anything is kept for them", async () => {
    await withServer(async ({ clientPort }) => {
      for (const length of [0x7fff_ffff, -1, 0x10_0000]) {
        const raw = await Raw.open(clientPort);
        raw.socket.write(Buffer.from(connect));
        await raw.received(connectReplyBytes);
        raw.socket.write(int(length));
        await deadline(raw.closed, stepMs, `the refusal of a packet of ${length} bytes`);
      }
    });
  });

  it("that stop in the middle of a packet hold up nobody", async () => {
    await withServer(async ({ clientPort }, _child, stillServes) => {
      const halves = await Promise.all(Array.from({ length: 50 }, () => Raw.open(clientPort)));
      for (const [index, raw] of halves.entries()) raw.socket.write(Buffer.from(connect.subarray(0, 1 + (index % 40))));
      await stillServes();
      for (const raw of halves) raw.socket.destroy();
    });
  });

  it("come back one by one in order, however they are cut", async () => {
    await withServer(async ({ clientPort }) => {
      const raw = await Raw.open(clientPort);
      const bytes = Buffer.concat([connect, ...Array.from({ length: 50 }, () => ping)]);
      for (let at = 0; at < bytes.length; at += 3) raw.socket.write(Buffer.from(bytes.subarray(at, at + 3)));
      await raw.received(connectReplyBytes + 50 * 20);
      raw.socket.destroy();
    });
  });
});

describe("a client that does not read", () => {
  it("costs bounded memory, gets everything once it reads, and holds up nobody", async () => {
    await withServer(async (zookeeper, child, stillServes) => {
      await using client = zookeeper.client();
      await client.create("/large", Buffer.alloc(500_000, "x"));
      const before = residentMiB(child);
      const raw = await Raw.open(zookeeper.clientPort);
      raw.socket.write(Buffer.from(connect));
      await raw.received(connectReplyBytes);
      raw.socket.pause();
      const requests = 400;
      raw.socket.write(Buffer.concat(Array.from({ length: requests }, () => getData("/large"))));
      for (let round = 0; round < 20; round++) await stillServes();
      const grown = residentMiB(child) - before;
      assert.ok(grown < 120, `200 MB of replies are asked for and not read: ${grown.toFixed(0)} MiB more`);
      raw.socket.resume();
      await raw.received(connectReplyBytes + requests * (4 + 16 + 4 + 500_000 + 68));
      raw.socket.destroy();
      await client.close();
    });
  });

  it("may have a thousand idle neighbours", async () => {
    await withServer(async ({ clientPort }, child, stillServes) => {
      const before = residentMiB(child);
      const idle: Raw[] = [];
      for (let count = 0; count < 1000; count++) {
        const raw = await Raw.open(clientPort);
        if (count % 2 === 0) {
          raw.socket.write(Buffer.from(connect));
          await raw.received(connectReplyBytes);
        }
        idle.push(raw);
      }
      await stillServes();
      const grown = residentMiB(child) - before;
      assert.ok(grown < 60, `1,000 idle connections take ${grown.toFixed(0)} MiB`);
      for (const raw of idle) raw.socket.destroy();
    });
  });
});

describe("limits", () => {
  it("of connections per client address are kept, and said in the log", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory, ["maxClientCnxns=3"]);
    await using child = await zookeeper.serving();
    const held = await Promise.all([1, 2, 3].map(() => Raw.open(zookeeper.clientPort)));
    for (const raw of held) {
      raw.socket.write(Buffer.from(connect));
      await raw.received(connectReplyBytes);
    }
    const fourth = await Raw.open(zookeeper.clientPort);
    await deadline(fourth.closed, stepMs, "the refusal of the fourth connection");
    await child.line(/Too many connections from \/127\.0\.0\.1 - max is 3/, stepMs);
    for (const raw of held) raw.socket.destroy();
    await child.kill();
  });

  it("end connections that never say who they are", async () => {
    await using directory = await temporaryDirectory();
    const zookeeper = await ZooKeeperProcess.prepare(directory, ["nio.sessionlessCnxnTimeout=500"]);
    await using child = await zookeeper.serving();
    const silent = await Raw.open(zookeeper.clientPort);
    await deadline(silent.closed, stepMs, "the end of a silent connection");
    await child.kill();
  });
});

describe("connections that have ended", () => {
  it("leave nothing open, however they ended", async () => {
    await withServer(async ({ clientPort }, child, stillServes) => {
      const open = (): number => readdirSync(`/proc/${child.pid}/fd`).length;
      const before = open();
      for (const word of ["srvr", "ruok", "stat", "mntr", "conf"]) {
        for (let count = 0; count < 20; count++) {
          const raw = await Raw.open(clientPort);
          raw.socket.write(Buffer.from(word));
          await deadline(raw.closed, stepMs, `the end after ${word}`);
        }
      }
      const wrongPassword = Buffer.from(connect);
      wrongPassword.writeInt32BE(7, 4 + 16);
      for (let count = 0; count < 20; count++) {
        const refused = await Raw.open(clientPort);
        refused.socket.write(Buffer.from(wrongPassword));
        await deadline(refused.closed, stepMs, "the end of a session that is not there");
        const leaving = await Raw.open(clientPort);
        leaving.socket.write(Buffer.from(connect));
        leaving.socket.write(frame(int(1), int(-11)));
        await deadline(leaving.closed, stepMs, "the end of a closed session");
      }
      await stillServes();
      await eventually(
        () => (open() <= before + 2 ? true : undefined),
        stepMs,
        "the descriptors of closed connections",
      );
    });
  });
});
