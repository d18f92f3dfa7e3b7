/** Answers of bytes: whole for who reads slowly, ended for who goes, seen to be cut short when they are. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { type HttpBytes, serveHttp } from "../../../src/http/index.ts";

const length = 3_000_000;

async function stage(answerOf: (close: () => void) => HttpBytes) {
  const world = new SimulatedWorld({ seed: 3, logLevel: "error" });
  const server = world.start({ host: "server" });
  const client = world.start({ host: "client" });
  let closed = 0;
  let held = 0;
  const options = { name: "test", portKey: "none", host: null, port: 80, bodyBytesMax: 100, connectionsMax: 10 };
  const handler = (_: unknown, answer: (answer: HttpBytes) => void) => {
    answer(answerOf(() => void closed++));
    return () => {};
  };
  await world.finish(serveHttp(server.runtime, { ...options, headers: { "X-Of": "all" }, handler }), {
    what: "a server",
  });
  const socket = await world.finish(client.runtime.net.connect({ host: "server", port: 80, timeoutMs: 5000 }), {
    what: "a socket",
  });
  const seen = { text: "", isClosed: false };
  socket.handle({
    data: (bytes) => {
      seen.text += Buffer.from(bytes).toString("latin1");
      held = Math.max(held, seen.text.length);
    },
    close: () => {
      seen.isClosed = true;
    },
  });
  return { world, socket, seen, closed: () => closed };
}

function bytesOf(close: () => void, read: HttpBytes["read"]): HttpBytes {
  return { status: 200, contentType: "text/plain", length, read, close };
}

const letters = async (position: number, max: number) => Buffer.alloc(max, position % 2 === 0 ? "a" : "b");

describe("an answer of bytes", () => {
  it("comes whole, and the connection goes on", async () => {
    const { world, socket, seen, closed } = await stage((close) => bytesOf(close, letters));
    socket.write(Buffer.from("GET /a HTTP/1.1\r\nHost: x\r\n\r\n"));
    await world.until(() => seen.text.length > length, { what: "the first" });
    assert.match(
      seen.text,
      /^HTTP\/1\.1 200 OK\r\nContent-Type: text\/plain\r\nX-Of: all\r\nContent-Length: 3000000\r\n\r\na/,
    );
    socket.write(Buffer.from("GET /b HTTP/1.1\r\nHost: x\r\n\r\n"));
    await world.until(() => seen.text.split("HTTP/1.1 200").length === 3, { what: "the second" });
    await world.until(() => closed() === 2, { what: "both to be closed" });
    assert.equal(seen.isClosed, false);
  });

  it("is ended when its client goes, and is read no further than the client reads", async () => {
    let furthest = 0;
    const { world, socket, closed } = await stage((close) =>
      bytesOf(close, (position, max) => {
        furthest = Math.max(furthest, position);
        return letters(position, max);
      }),
    );
    socket.write(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    socket.pause();
    await world.finish(
      new Promise<void>((resolve) => world.start({ host: "clock" }).runtime.timers.after(5000, resolve)),
      { what: "time" },
    );
    assert.ok(furthest < length / 2, `${furthest} bytes were read for nobody`);
    socket.destroy();
    await world.until(() => closed() === 1, { what: "it to be closed" });
  });

  it("ends the connection when its file is shorter than it was, or cannot be read", async () => {
    for (const read of [
      async (position: number, max: number) => (position > 100_000 ? Buffer.alloc(0) : letters(position, max)),
      async () => Promise.reject(new Error("gone")),
    ]) {
      const { world, socket, seen, closed } = await stage((close) => bytesOf(close, read));
      socket.write(Buffer.from("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
      await world.until(() => seen.isClosed, { what: "the end" });
      assert.ok(seen.text.length < length);
      assert.equal(closed(), 1);
    }
  });
});
