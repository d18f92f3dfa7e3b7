/** Bounds of one server under clients that send faster than its disk is. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld, type Socket } from "../../../src/base/index.ts";
import { createMode, JuteWriter, opCode, writeAcls } from "../../../src/wire/zookeeper/index.ts";
import { parseZooConfig } from "../../../src/zookeeper/server/config.ts";
import { type RunningServer, startServer } from "../../../src/zookeeper/server/main.ts";

const connect = Buffer.from(`0000002d${"00".repeat(12)}00002710${"00".repeat(8)}00000010${"00".repeat(17)}`, "hex");
const connectReplyBytes = 41;

function createRequest(xid: number): Buffer {
  const writer = new JuteWriter().int(0).int(xid).int(opCode.create).ustring("/n-").buffer(Buffer.alloc(50));
  writeAcls(writer, [{ perms: 31, scheme: "world", id: "anyone" }]);
  writer.int(createMode.persistentSequential);
  writer.patchInt(0, writer.length - 4);
  return writer.flush();
}

function getRequest(xid: number): Buffer {
  const writer = new JuteWriter().int(0).int(xid).int(opCode.getData).ustring("/").boolean(false);
  writer.patchInt(0, writer.length - 4);
  return writer.flush();
}

class Client {
  readonly xids: number[] = [];
  readonly socket: Socket;
  #received: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    this.socket = socket;
    socket.handle({ data: (bytes) => this.#take(Buffer.from(bytes)), close: () => undefined });
    socket.write(Buffer.from(connect));
  }

  get open(): boolean {
    return this.#opened;
  }
  #opened = false;

  #take(bytes: Buffer): void {
    this.#received = Buffer.concat([this.#received, bytes]);
    for (;;) {
      if (!this.#opened) {
        if (this.#received.length < connectReplyBytes) return;
        this.#opened = true;
        this.#received = this.#received.subarray(connectReplyBytes);
      }
      if (this.#received.length < 4) return;
      const end = 4 + this.#received.readInt32BE(0);
      if (this.#received.length < end) return;
      this.xids.push(this.#received.readInt32BE(4));
      this.#received = this.#received.subarray(end);
    }
  }
}

async function setUp(settings: string) {
  const world = new SimulatedWorld({ seed: 1, logLevel: "error", profile: { disk: { syncMs: { min: 20, max: 60 } } } });
  let running: RunningServer | null = null;
  world.start({
    host: "zk",
    program: async (runtime) => {
      running = await startServer(runtime, parseZooConfig(`dataDir=/data\nclientPort=2181\n${settings}`, "zoo.cfg"));
      await running.failed;
      return 0;
    },
  });
  await world.until(() => running !== null, { what: "the server" });
  const server = (running as unknown as RunningServer).server;
  const client = async (name: string): Promise<Client> => {
    const { runtime } = world.start({ host: name });
    const made = new Client(
      await world.finish(runtime.net.connect({ host: "zk", port: 2181, timeoutMs: 1000 }), { what: "connect" }),
    );
    await world.until(() => made.open, { what: "the session" });
    return made;
  };
  return { world, server, client };
}

describe("a client that sends faster than the disk writes", () => {
  it("waits with a bounded queue, and gets every answer in order", async () => {
    const { world, server, client } = await setUp("globalOutstandingLimit=100000");
    const one = await client("one");
    const total = 6000;
    let most = 0;
    // Every third request is a read, which has to wait for the writes before it.
    for (let xid = 1; xid <= total; xid++) one.socket.write(xid % 3 === 0 ? getRequest(xid) : createRequest(xid));
    await world.until(
      () => {
        for (const connection of server.connections) most = Math.max(most, connection.queuedCount);
        return one.xids.length === total;
      },
      { what: "all answers", deadlineMs: 600_000 },
    );
    assert.deepEqual(
      one.xids,
      Array.from({ length: total }, (_, index) => index + 1),
    );
    assert.ok(most > 100 && most <= 1000, `${most} requests were queued at once`);
  });

  it("does not keep others out: with too much outstanding, only those who wait for answers are held", async () => {
    const { world, server, client } = await setUp("globalOutstandingLimit=50");
    const flooding = await client("flooding");
    const modest = await client("modest");
    for (let xid = 1; xid <= 2000; xid++) flooding.socket.write(createRequest(xid));
    let most = 0;
    modest.socket.write(getRequest(1));
    await world.until(
      () => {
        most = Math.max(most, server.role?.outstandingCount ?? 0);
        return modest.xids.length === 1;
      },
      { what: "the modest one's read" },
    );
    assert.ok(flooding.xids.length < 2000, "the flood was still on");
    modest.socket.write(createRequest(2));
    await world.until(() => modest.xids.length === 2, { what: "the modest one's write" });
    await world.until(
      () => {
        most = Math.max(most, server.role?.outstandingCount ?? 0);
        return flooding.xids.length === 2000;
      },
      { what: "the flood's end", deadlineMs: 600_000 },
    );
    assert.ok(most > 50 && most <= 60, `${most} were outstanding`);
  });
});
