/** A partition and a slow network between nodes that live on one machine, as a cluster's processes see them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  type FaultPlan,
  faultyLinks,
  faultyNet,
  Gates,
  type Runtime,
  SimulatedWorld,
} from "../../../src/base/index.ts";
import { Conversation, codeOf, text } from "../../contract/runtime/conversation.ts";

const planFile = "/cluster/faults.json";
const lookMs = 200;

/** Three nodes on the one host `a`, told apart by ports: 1001, 1002, 1003. */
class Machine {
  readonly world = new SimulatedWorld({ seed: 7, logLevel: "error" });
  readonly #plain = this.world.start({ host: "a", name: "plain" }).runtime;

  run<T>(body: () => Promise<T>): Promise<T> {
    return this.world.finish(body(), { what: "the test's body", deadlineMs: 600_000 });
  }

  /** A process of this node. */
  process(node: string): Runtime {
    const { name, clock, timers, random, net, links, fs, processes, log } = this.world.start({
      host: "a",
      name: node,
    }).runtime;
    const gates = new Gates(node, planFile, fs, timers);
    const nowMs = () => clock.monotonicMs();
    return {
      ...{ name, clock, timers, random, fs, processes, log },
      net: faultyNet(net, gates, timers, nowMs),
      links: faultyLinks(links, gates, timers, nowMs),
    };
  }

  /** And waits until every process has seen it. */
  async setFaults(faults: FaultPlan["faults"]): Promise<void> {
    const nodes = [1, 2, 3].map((id) => ({ name: `node${id}`, hosts: [], places: [`a:100${id}`] }));
    await this.#plain.fs.makeDirectory("/cluster");
    await this.#plain.fs.writeFile(planFile, text(JSON.stringify({ v: 1, nodes, faults } satisfies FaultPlan)));
    await this.pause(2 * lookMs);
  }

  pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.#plain.timers.after(delayMs, resolve));
  }
}

const partition = { id: 1, kind: "partition", a: ["node2"], b: ["node1", "node3"], delayMs: 0 } as const;

async function conversation(client: Runtime, server: Runtime, port: number) {
  const { promise, resolve } = Promise.withResolvers<Conversation>();
  const listener = await server.net.listen({ port }, (socket) => resolve(new Conversation(socket)));
  const asked = new Conversation(await client.net.connect({ host: "a", port, timeoutMs: 1000 }));
  return { listener, client: asked, server: await promise };
}

describe("a partition", () => {
  it("holds what either side says, and lets it go on when it is over, in order", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const { client, server } = await conversation(machine.process("node2"), machine.process("node1"), 1001);
      client.socket.write(text("a"));
      await server.when(() => server.text === "a");
      await machine.setFaults([partition]);
      for (const word of ["b", "c", "d"]) client.socket.write(text(word));
      server.socket.write(text("x"));
      await machine.pause(5000);
      assert.equal(server.text, "a");
      assert.equal(client.text, "");
      await machine.setFaults([]);
      await server.when(() => server.text === "abcd");
      await client.when(() => client.text === "x");
    });
  });

  it("answers no connection, in time", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const { net, clock } = machine.process("node2");
      await machine.process("node1").net.listen({ port: 1001 }, (socket) => new Conversation(socket));
      await machine.setFaults([partition]);
      const startMs = clock.monotonicMs();
      assert.equal(await codeOf(net.connect({ host: "a", port: 1001, timeoutMs: 3000 })), "ETIMEDOUT");
      assert.ok(Math.abs(clock.monotonicMs() - startMs - 3000) < 50);
    });
  });

  it("hides the end of the other side", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const { client, server } = await conversation(machine.process("node2"), machine.process("node1"), 1001);
      await machine.setFaults([partition]);
      server.socket.destroy();
      await machine.pause(5000);
      assert.deepEqual(client.events, []);
      await machine.setFaults([]);
      await client.when(() => client.events.some((event) => event.startsWith("close")));
    });
  });

  it("leaves this side free to give the connection up", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const { client } = await conversation(machine.process("node2"), machine.process("node1"), 1001);
      await machine.setFaults([partition]);
      client.socket.destroy();
      await client.closed;
      assert.deepEqual(client.events, ["close"]);
    });
  });

  it("is felt by a writer that writes on", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const { client, server } = await conversation(machine.process("node2"), machine.process("node1"), 1001);
      await machine.setFaults([partition]);
      let written = 0;
      while (client.socket.write(new Uint8Array(16_384))) written += 16_384;
      written += 16_384;
      assert.ok(written < 1_000_000);
      await machine.setFaults([]);
      await server.when(() => server.receivedBytes === written);
      await client.when(() => client.events.includes("drain"));
    });
  });

  it("is between the nodes that it names, and no others", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      await machine.setFaults([partition]);
      const { client, server } = await conversation(machine.process("node3"), machine.process("node1"), 1001);
      client.socket.write(text("a"));
      await server.when(() => server.text === "a");
      const same = await conversation(machine.process("node2"), machine.process("node2"), 1002);
      same.client.socket.write(text("b"));
      await same.server.when(() => same.server.text === "b");
    });
  });

  it("holds frames of a link, and delivers each once when it is over", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const frames: string[] = [];
      await machine
        .process("node1")
        .links.pull("tcp://a:1001", (frame) => frames.push(new TextDecoder().decode(frame)));
      const push = machine.process("node2").links.push("tcp://a:1001");
      await push.send(text("0"));
      await machine.pause(500);
      await machine.setFaults([partition]);
      let sent = 1;
      const sending = (async () => {
        for (; sent < 40; sent++) await push.send(text(String(sent)));
      })();
      await machine.pause(5000);
      assert.deepEqual(frames, ["0"]);
      assert.ok(sent < 40, "a cut link may not take everything");
      await machine.setFaults([]);
      await sending;
      await machine.pause(1000);
      assert.deepEqual(
        frames,
        Array.from({ length: 40 }, (_, index) => String(index)),
      );
    });
  });
});

describe("a delay", () => {
  it("makes each way so much longer, and keeps the order", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const node2 = machine.process("node2");
      const { client, server } = await conversation(node2, machine.process("node1"), 1001);
      await machine.setFaults([{ ...partition, kind: "delay", delayMs: 300 }]);
      const startMs = node2.clock.monotonicMs();
      client.socket.write(text("a"));
      client.socket.write(text("b"));
      await server.when(() => server.text === "ab");
      assert.ok(Math.abs(node2.clock.monotonicMs() - startMs - 300) < 20);
      server.socket.write(text("c"));
      await client.when(() => client.text === "c");
      assert.ok(Math.abs(node2.clock.monotonicMs() - startMs - 600) < 40);
      client.socket.end();
      await Promise.all([client.closed, server.closed]);
    });
  });

  it("does not make a link narrow", async () => {
    const machine = new Machine();
    await machine.run(async () => {
      const node2 = machine.process("node2");
      let received = 0;
      await machine.process("node1").links.pull("tcp://a:1001", () => received++);
      await machine.setFaults([{ ...partition, kind: "delay", delayMs: 100 }]);
      const push = node2.links.push("tcp://a:1001");
      const startMs = node2.clock.monotonicMs();
      for (let i = 0; i < 160; i++) await push.send(text(String(i)));
      await machine.pause(500);
      assert.equal(received, 160);
      assert.ok(node2.clock.monotonicMs() - startMs < 160 * 100);
    });
  });
});
