import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Socket } from "../../../src/base/index.ts";
import { Conversation, codeOf, pause, text } from "./conversation.ts";
import { bothSides, gatedSide, type Place, realSide, simulatedSide } from "./sides.ts";

const timeoutMs = 5000;

/** Both ends of one connection. */
async function connected(place: Place, options = { answersEnd: true }) {
  const { promise, resolve } = Promise.withResolvers<Conversation>();
  const listener = await place.runtime.net.listen({ port: 0 }, (socket) => resolve(new Conversation(socket, options)));
  const client = new Conversation(
    await place.peer.net.connect({ host: place.host, port: listener.port, timeoutMs }),
    options,
  );
  return { listener, client, server: await promise };
}

for (const side of [...bothSides, gatedSide(simulatedSide(1)), gatedSide(realSide())]) {
  describe(`net, ${side.name}`, () => {
    it("carries bytes both ways, in order, whatever the pieces", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place);
        for (let i = 0; i < 200; i++) client.socket.write(text(`${i},`));
        server.socket.write(text("welcome"));
        const expected = Array.from({ length: 200 }, (_, i) => `${i},`).join("");
        await server.when(() => server.receivedBytes >= expected.length);
        await client.when(() => client.receivedBytes >= 7);
        assert.equal(server.text, expected);
        assert.equal(client.text, "welcome");
        assert.equal(client.socket.remotePort, listener.port);
        assert.equal(server.socket.localPort, listener.port);
        assert.equal(server.socket.remotePort, client.socket.localPort);
        client.socket.destroy();
        server.socket.destroy();
        await Promise.all([client.closed, server.closed, listener.close()]);
      }));

    it("ends in order: what was written arrives before the end, close comes once and last", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place);
        client.socket.write(text("last words"));
        client.socket.end();
        assert.equal(await server.closed, undefined);
        assert.equal(await client.closed, undefined);
        assert.equal(server.text, "last words");
        assert.deepEqual(server.events, ["data", "close"]);
        assert.deepEqual(client.events, ["close"]);
        await listener.close();
      }));

    it("stays half open with an end handler", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place, { answersEnd: false });
        client.socket.write(text("question"));
        client.socket.end();
        await server.when(() => server.events.includes("end"));
        server.socket.write(text("answer"));
        server.socket.end();
        await Promise.all([client.closed, server.closed]);
        assert.equal(client.text, "answer");
        assert.deepEqual(server.events, ["data", "end", "close"]);
        assert.deepEqual(client.events, ["data", "end", "close"]);
        await listener.close();
      }));

    it("says false above its mark, buffers, drains, and loses nothing", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place);
        server.socket.pause();
        const block = new Uint8Array(64 * 1024).fill(7);
        let written = 0;
        let accepted = true;
        for (let i = 0; i < 2000 && accepted; i++) {
          accepted = client.socket.write(block.slice());
          written += block.length;
          if (i % 10 === 9) await pause(place.peer, 1);
        }
        assert.equal(accepted, false, "a peer that does not read has to be felt");
        assert.ok(client.socket.bufferedBytes > 0);
        assert.ok(!client.events.includes("drain"));
        server.socket.resume();
        await client.when(() => client.events.includes("drain"));
        await server.when(() => server.receivedBytes >= written);
        assert.equal(server.receivedBytes, written);
        assert.equal(client.socket.bufferedBytes, 0);
        client.socket.end();
        await Promise.all([client.closed, server.closed]);
        await listener.close();
      }));

    it("delivers nothing while paused", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place);
        server.socket.pause();
        client.socket.write(text("wait"));
        await pause(place.runtime, 30);
        assert.equal(server.receivedBytes, 0);
        server.socket.resume();
        await server.when(() => server.text === "wait");
        server.socket.destroy();
        await Promise.all([client.closed, server.closed]);
        await listener.close();
      }));

    it("closes at once on destroy, and tells the peer", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place);
        client.socket.destroy();
        assert.equal(client.socket.write(text("ignored")), true);
        client.socket.end();
        client.socket.destroy();
        await Promise.all([client.closed, server.closed]);
        assert.deepEqual(client.events, ["close"]);
        assert.equal(server.events.length, 1);
        assert.equal(server.receivedBytes, 0);
        await listener.close();
      }));

    it("resets a peer that writes to what was destroyed", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place, { answersEnd: false });
        client.socket.destroy();
        await server.when(() => server.events.length > 0);
        for (let i = 0; i < 50 && !server.events.some((event) => event.startsWith("close")); i++) {
          server.socket.write(text("anyone?"));
          await pause(place.runtime, 2);
        }
        const error = await server.closed;
        assert.ok(error?.code === "ECONNRESET" || error?.code === "EPIPE", String(error));
        await listener.close();
      }));

    it("refuses where nobody listens, and where the listener was closed", () =>
      side.run(async (place) => {
        const listener = await place.runtime.net.listen({ port: 0 }, () => {});
        await listener.close();
        const options = { host: place.host, port: listener.port, timeoutMs };
        assert.equal(await codeOf(place.peer.net.connect(options)), "ECONNREFUSED");
        const again = await place.runtime.net.listen({ port: listener.port }, () => {});
        assert.equal(again.port, listener.port);
        await again.close();
        await again.close();
      }));

    it("refuses a port that is taken", () =>
      side.run(async (place) => {
        const listener = await place.runtime.net.listen({ port: 0 }, () => {});
        assert.equal(await codeOf(place.runtime.net.listen({ port: listener.port }, () => {})), "EADDRINUSE");
        await listener.close();
      }));

    it("keeps established sockets when the listener closes", () =>
      side.run(async (place) => {
        const { listener, client, server } = await connected(place);
        await listener.close();
        client.socket.write(text("still here"));
        await server.when(() => server.text === "still here");
        client.socket.end();
        await Promise.all([client.closed, server.closed]);
      }));

    it("listens on the loopback alone when told to, and on every address when not", () =>
      side.run(async ({ runtime }) => {
        const sockets: Socket[] = [];
        const local = await runtime.net.listen({ host: "127.0.0.1", port: 0 }, (socket) => sockets.push(socket));
        assert.equal(local.host, "127.0.0.1");
        const everywhere = await runtime.net.listen({ port: 0 }, (socket) => new Conversation(socket).socket.end());
        for (const host of ["127.0.0.1", "localhost"]) {
          const client = new Conversation(await runtime.net.connect({ host, port: everywhere.port, timeoutMs }));
          assert.equal(await client.closed, undefined);
        }
        const overIpv6 = runtime.net.connect({ host: "::1", port: everywhere.port, timeoutMs });
        const outcome = await codeOf(overIpv6.then((socket) => new Conversation(socket).closed));
        // A machine without IPv6 has no such address; where there is one, somebody listens there.
        assert.ok(["no error", "EADDRNOTAVAIL", "EAFNOSUPPORT"].includes(outcome), outcome);
        await Promise.all([local.close(), everywhere.close()]);
        assert.equal(sockets.length, 0);
      }));

    it("knows no host of a name that cannot exist", () =>
      side.run(async ({ runtime }) => {
        const options = { host: "x".repeat(64), port: 1, timeoutMs };
        assert.equal(await codeOf(runtime.net.connect(options)), "ENOTFOUND");
      }));

    it("hands a socket's handlers what came before they were set in the same turn", () =>
      side.run(async (place) => {
        const listener = await place.runtime.net.listen({ port: 0 }, (socket) => {
          const server = new Conversation(socket);
          server.socket.write(text("at once"));
          server.socket.end();
        });
        const options = { host: place.host, port: listener.port, timeoutMs };
        const client = new Conversation(await place.peer.net.connect(options));
        assert.equal(await client.closed, undefined);
        assert.equal(client.text, "at once");
        assert.throws(() => client.socket.handle({ data: () => {}, close: () => {} }));
        await listener.close();
      }));
  });
}
