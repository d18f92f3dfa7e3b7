/** Whatever arrives on the ports between servers, the ensemble goes on serving, and holds no more than it must. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SeededRandom, SimulatedWorld, type Socket } from "../../../src/base/index.ts";
import { encodeInitialMessage, encodeQuorumPacket, packetType } from "../../../src/wire/zookeeper/quorum/index.ts";
import { openZooKeeper } from "../../../src/zookeeper/index.ts";
import { SimulatedEnsemble } from "./ensemble.ts";

const electionPort = 3888;
const quorumPort = 2888;

type Called = Socket & { readonly gone: { value: boolean } };

interface Attack {
  readonly ensemble: SimulatedEnsemble;
  /** Connects from a machine of its own; what arrives is thrown away. */
  connect(port: number): Promise<Called>;
  /** Writes a node through the client port: it is acknowledged within five seconds. */
  write(): Promise<void>;
}

async function attack(seed: number): Promise<Attack> {
  const world = new SimulatedWorld({ seed, logLevel: "error" });
  const ensemble = new SimulatedEnsemble({ world, size: 3, tickMs: 500 });
  ensemble.startAll();
  await world.until(() => ensemble.whole, { what: "all servers serve", deadlineMs: 5000 });
  const attacker = world.start({ host: "elsewhere" });
  const user = world.start({ host: "user" });
  const client = openZooKeeper(user.runtime, {
    servers: ensemble.addresses.map(({ host, port }) => `${host}:${port}`).join(","),
  });
  const { leader } = ensemble;
  assert.ok(leader);
  let written = 0;
  return {
    ensemble,
    async connect(port) {
      const where = { host: leader.host, port, timeoutMs: 1000 };
      const connecting = attacker.runtime.net.connect(where).then((socket) => {
        const gone = { value: false };
        socket.handle({
          data() {},
          close() {
            gone.value = true;
          },
        });
        return Object.assign(socket, { gone });
      });
      return world.finish(connecting, { what: "a connection", deadlineMs: 2000 });
    },
    async write() {
      const path = `/n-${written++}`;
      await world.finish(client.create(path), { what: "a write", deadlineMs: 5000 });
    },
  };
}

/** Bytes that begin well, or not at all. */
function nonsense(random: SeededRandom): Uint8Array {
  const starts = [
    Buffer.alloc(0),
    Buffer.from(encodeInitialMessage(2, "zk2:3888")).subarray(0, random.below(28)),
    Buffer.from("ffffffffffff0000000000000000000200000800", "hex"),
    encodeQuorumPacket({
      type: packetType.followerInfo,
      zxid: 0,
      data: Buffer.alloc(random.below(30)),
      authInfo: null,
    }),
    encodeQuorumPacket({ type: random.below(25), zxid: 0, data: Buffer.alloc(4), authInfo: [] }),
    Buffer.from("0000000b00000000000000007fffffff", "hex"),
    Buffer.from("GET / HTTP/1.1\r\n\r\n"),
  ];
  return Buffer.concat([starts[random.below(starts.length)]!, random.bytes(random.below(400))]);
}

describe("the ports between servers", () => {
  it("answer or close on nonsense, and the ensemble goes on", async () => {
    const { connect, write, ensemble } = await attack(1);
    const random = new SeededRandom(1, "nonsense");
    for (let round = 0; round < 150; round++) {
      const socket = await connect(random.below(2) === 0 ? electionPort : quorumPort);
      socket.write(nonsense(random));
      if (random.below(2) === 0) socket.destroy();
      if (round % 25 === 0) await write();
    }
    await ensemble.world.run({ forMs: 10_000 });
    await write();
    assert.ok(ensemble.whole);
  });

  it("drop the oldest of many silent callers, and those that stay silent", async () => {
    for (const port of [electionPort, quorumPort]) {
      const { connect, write, ensemble } = await attack(2);
      const { world } = ensemble;
      const sockets: Called[] = [];
      for (let count = 0; count < 200; count++) sockets.push(await connect(port));
      await world.until(() => sockets.filter(({ gone }) => gone.value).length >= 136, {
        what: "all but 64 are closed",
        deadlineMs: 2000,
      });
      const follower = ensemble.members.find((member) => member !== ensemble.leader)!;
      ensemble.kill(follower);
      ensemble.start(follower);
      await world.until(() => ensemble.whole, { what: "a follower joins all the same", deadlineMs: 10_000 });
      await write();
      await world.until(() => sockets.every(({ gone }) => gone.value), { what: "all are closed", deadlineMs: 10_000 });
    }
  });

  it("end a connection whose frame is longer than any vote", async () => {
    const { connect, ensemble } = await attack(3);
    const socket = await connect(electionPort);
    socket.write(encodeInitialMessage(200, "elsewhere:3888"));
    socket.write(Buffer.from("00080001", "hex"));
    await ensemble.world.until(() => socket.gone.value, { what: "it is closed", deadlineMs: 2000 });
  });

  it("do not let a stranger take part in an election or in a commit", async () => {
    const { connect, write, ensemble } = await attack(4);
    const socket = await connect(quorumPort);
    const info = Buffer.from("00000000000000090001000000000000000000 00".replaceAll(" ", ""), "hex");
    socket.write(encodeQuorumPacket({ type: packetType.followerInfo, zxid: 0, data: info, authInfo: null }));
    for (const member of ensemble.members) if (member !== ensemble.leader) ensemble.kill(member);
    for (let zxid = 1; zxid < 20; zxid++) {
      socket.write(encodeQuorumPacket({ type: packetType.ack, zxid: 2 ** 32 + zxid, data: null, authInfo: null }));
    }
    await assert.rejects(write(), /a write/);
  });
});
