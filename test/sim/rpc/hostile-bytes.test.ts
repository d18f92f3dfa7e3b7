/** Random and mangled bytes on a Thrift port: each is answered or its connection ends, and a client beside them never notices. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { SeededRandom } from "../../../src/base/index.ts";
import { Nimbus, ThriftWriter } from "../../../src/wire/thrift/index.ts";
import { seeds } from "../../kit/index.ts";
import { frameOf, type RawLine, Stage } from "../../unit/rpc/stage.ts";

const rounds = 150;
const calls = [
  { name: "killTopologyWithOpts", args: { name: "wc", options: { wait_secs: 3 } } },
  { name: "beginCreateBlob", args: { key: "k", meta: { acl: [{ type: "USER", access: 7 }], replication_factor: 1 } } },
  { name: "uploadNewCredentials", args: { name: "wc", creds: { creds: new Map([["a", "b"]]) } } },
  { name: "sendSupervisorWorkerHeartbeats", args: { heartbeats: { supervisor_id: "s", worker_heartbeats: [] } } },
  { name: "getNimbusConf", args: {} },
] as const;

function wellFormed(random: SeededRandom): Buffer {
  const { name, args } = calls[random.below(calls.length)]!;
  const writer = new ThriftWriter();
  Nimbus.methods[name].writeCall(writer, random.below(4), args as never);
  return writer.flush();
}

/** A call with some bytes changed, cut, doubled or replaced by what a length field would like to be. */
function mangled(random: SeededRandom): Buffer {
  const body = wellFormed(random);
  switch (random.below(6)) {
    case 0:
      return body;
    case 1:
      return body.subarray(0, random.below(body.length + 1));
    case 2:
      return Buffer.concat([body, random.bytes(random.below(40))]);
    case 3:
      return Buffer.from(random.bytes(random.below(100)));
    case 4:
      body.writeInt32BE([-1, 0x7fffffff, 0x10000000, 0x01000000][random.below(4)]!, random.below(body.length - 3));
      return body;
    default:
      for (let count = random.below(5); count >= 0; count--) body[random.below(body.length)] = random.below(256);
      return body;
  }
}

function bytesOf(random: SeededRandom): Buffer {
  const frames = Array.from({ length: 1 + random.below(4) }, () => {
    const frame = frameOf(mangled(random));
    if (random.below(8) === 0) frame.writeInt32BE(random.below(2) === 0 ? frame.length - 5 : frame.length + 9, 0);
    return frame;
  });
  return Buffer.concat(frames);
}

/** In pieces, as a network that wants to be nasty. */
function send(line: RawLine, bytes: Buffer, random: SeededRandom): void {
  for (let at = 0; at < bytes.length; ) {
    const end = Math.min(bytes.length, at + 1 + random.below(50));
    line.socket.write(Uint8Array.prototype.slice.call(bytes, at, end));
    at = end;
  }
}

it("a Thrift server goes on, whatever comes", async () => {
  for (const seed of seeds({ smoke: 10 })) {
    const random = new SeededRandom(seed, "hostile bytes");
    let handled = 0;
    const count = (): void => {
      handled++;
    };
    const stage = new Stage(
      {
        service: Nimbus,
        limits: { stallMs: 6000, heldBytesMax: 1_000_000 },
        handlers: {
          killTopologyWithOpts: async () => count(),
          beginCreateBlob: () => new Promise<string>(() => {}),
          uploadNewCredentials: count,
          sendSupervisorWorkerHeartbeats: count,
          getNimbusConf: () => "{}",
        },
      },
      seed,
    );
    const server = await stage.serve();
    const client = await stage.connect({ timeoutMs: 1000 });
    const lines: RawLine[] = [];
    for (let round = 0; round < rounds; round++) {
      const line = await stage.dial();
      lines.push(line);
      send(line, bytesOf(random), random);
      if (random.below(4) === 0) line.socket.destroy();
      if (round % 10 === 0) assert.equal(await stage.finish(client.calls.getNimbusConf(), `seed ${seed}`), "{}");
    }
    await stage.world.run({ forMs: 15_000 });
    assert.equal(await stage.finish(client.calls.getNimbusConf(), `seed ${seed}`), "{}");
    assert.ok(handled > 20, `seed ${seed}: ${handled} calls were whole after all`);
    assert.ok(lines.some(({ isClosed }) => !isClosed) && lines.some(({ isClosed }) => isClosed), `seed ${seed}`);
    for (const line of lines) line.socket.destroy();
    await stage.until(() => server.connectionCount === 1, `seed ${seed}: only the client is left`);
  }
});
