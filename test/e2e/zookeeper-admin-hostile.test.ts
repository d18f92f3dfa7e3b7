/** Whatever comes to the admin port, it is answered or closed, and neither other callers nor clients are held up. */
import assert from "node:assert/strict";
import { connect, type Socket } from "node:net";
import { describe, it } from "node:test";
import { SeededRandom } from "../../src/base/index.ts";
import { deadline, freePort, temporaryDirectory } from "../kit/index.ts";
import { stepMs, ZooKeeperProcess } from "./zookeeper-process.ts";

/** Sends the bytes and its end; resolves with all that came back, once the server has closed. */
function exchange(port: number, bytes: Uint8Array): Promise<string> {
  const answer = new Promise<string>((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    let text = "";
    socket.setEncoding("latin1");
    socket.on("data", (more: string) => {
      text += more;
    });
    socket.on("error", () => {});
    socket.on("close", () => resolve(text));
    socket.end(bytes);
  });
  return deadline(answer, stepMs, "an answer or the end");
}

function silent(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port }, () => resolve(socket));
    // Later on it is sent away, to make room.
    socket.on("error", reject);
  });
}

async function withAdminPort(body: (port: number, stillServes: () => Promise<void>) => Promise<void>): Promise<void> {
  await using directory = await temporaryDirectory();
  const port = await freePort();
  const zookeeper = await ZooKeeperProcess.prepare(directory, [
    "admin.enableServer=true",
    `admin.serverPort=${port}`,
    "forceSync=no",
  ]);
  await using _child = await zookeeper.serving();
  await using client = zookeeper.client();
  let written = 0;
  const stillServes = async (): Promise<void> => {
    assert.match(await exchange(port, Buffer.from("GET /commands/ruok HTTP/1.0\r\n\r\n")), /^HTTP\/1\.1 200 OK/);
    await deadline(client.create(`/alive-${++written}`), stepMs, "a write");
  };
  await stillServes();
  await body(port, stillServes);
  await stillServes();
  await client.close();
}

describe("hostile bytes at the admin port", () => {
  it("of every seeded kind end in an answer or a closed connection", async () => {
    await withAdminPort(async (port, stillServes) => {
      for (let seed = 1; seed <= 90; seed++) {
        const random = new SeededRandom(seed);
        const noise = Buffer.from(random.bytes(random.below(3000)));
        const end = seed % 2 === 0 ? "\r\n\r\n" : "";
        const start = ["GET /commands/", "POST /commands/ruok ", "GET ", ""][seed % 4] ?? "";
        const text = await exchange(port, Buffer.concat([Buffer.from(start), noise, Buffer.from(end)]));
        assert.match(text, /^$|^HTTP\/1\.1 (200|404|405|431) /, `seed ${seed}`);
        if (seed % 30 === 0) await stillServes();
      }
    });
  });

  it("without an end are refused once they are too many", async () => {
    await withAdminPort(async (port) => {
      assert.match(await exchange(port, Buffer.alloc(9000, "a")), /^HTTP\/1\.1 431 /);
      assert.match(await exchange(port, Buffer.alloc(4_000_000, "a")), /^$|^HTTP\/1\.1 431 /);
    });
  });

  it("that never come keep nobody out", async () => {
    await withAdminPort(async (port, stillServes) => {
      const idle: Socket[] = [];
      try {
        for (let count = 0; count < 60; count++) idle.push(await silent(port));
        await stillServes();
      } finally {
        for (const socket of idle) socket.destroy();
      }
    });
  });
});
