/** Garbage, cut and changed messages, and ones that are too long, on all three ports: refused, and others go on. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { type Runtime, SeededRandom, SimulatedWorld, type Socket } from "../../../src/base/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { startDRPC } from "../../../src/drpc/index.ts";
import { connectThrift } from "../../../src/rpc/index.ts";
import { DistributedRPC, DistributedRPCInvocations, ThriftWriter } from "../../../src/wire/thrift/index.ts";
import { seeds } from "../../kit/index.ts";

const ports = [3772, 3773, 3774] as const;
const linesOfASeed = 40;
const functionName = "f";
const goodCalls = 100;

/** What is sent whole by those who mean well. */
function goodMessages(): Uint8Array[] {
  const writer = new ThriftWriter();
  const { fetchRequest, fetchRequests, result, results, failRequestV2 } = DistributedRPCInvocations.methods;
  const framed = (write: () => void): Uint8Array => {
    writer.truncate(0);
    writer.i32(0);
    write();
    writer.patchI32(0, writer.length - 4);
    return Uint8Array.from(writer.flush(1024));
  };
  return [
    framed(() => DistributedRPC.methods.execute.writeCall(writer, 7, { functionName: "hostile", funcArgs: "x" })),
    framed(() => fetchRequest.writeCall(writer, 7, { functionName: "hostile" })),
    framed(() => fetchRequests.writeCall(writer, 7, { functionName: "hostile", max: 5, waitMs: 100 })),
    framed(() => result.writeCall(writer, 7, { id: "1", result: "x" })),
    framed(() => results.writeCall(writer, 7, { results: [{ request_id: "1", failure: { msg: "m" } }] })),
    framed(() => failRequestV2.writeCall(writer, 7, { id: "1", e: { msg: "m", type: "FAILED_REQUEST" } })),
    Buffer.from("GET /drpc/hostile/x HTTP/1.1\r\nHost: y\r\n\r\n"),
    Buffer.from("POST /drpc/hostile HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc"),
    Buffer.from("POST /drpc/hostile HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
  ];
}

function hostile(random: SeededRandom, messages: readonly Uint8Array[]): Uint8Array {
  const message = Uint8Array.from(messages[random.below(messages.length)]!);
  switch (random.below(5)) {
    case 0:
      return random.bytes(random.below(300));
    case 1:
      return message.subarray(0, random.below(message.length));
    case 2:
      return Uint8Array.of(0x7f, 0xff, 0xff, 0xff, ...message);
    case 3:
      return Buffer.concat([message, random.bytes(random.below(50)), message]);
    default:
      for (let change = 0; change <= random.below(4); change++)
        message[random.below(message.length)] = random.below(256);
      return message;
  }
}

async function attack(runtime: Runtime, random: SeededRandom): Promise<void> {
  const messages = goodMessages();
  for (let line = 0; line < linesOfASeed; line++) {
    const port = ports[random.below(ports.length)]!;
    const socket: Socket = await runtime.net.connect({ host: "server", port, timeoutMs: 5000 });
    socket.handle({ data: () => {}, close: () => {} });
    for (let piece = random.below(3); piece >= 0; piece--) {
      const bytes = hostile(random, messages);
      const cut = random.below(bytes.length + 1);
      socket.write(Buffer.from(bytes.subarray(0, cut)));
      await new Promise<void>((resolve) => runtime.timers.after(random.below(5), resolve));
      socket.write(Buffer.from(bytes.subarray(cut)));
    }
    // Some stay, with a frame that they never end.
    if (random.below(3) === 0) socket.destroy();
  }
}

it("hostile bytes on any port disturb nobody else", async () => {
  for (const seed of seeds({ smoke: 20 })) {
    const world = new SimulatedWorld({ seed, logLevel: "error" });
    const { runtime: server } = world.start({ host: "server" });
    const conf = new StormConf({ "drpc.request.timeout.secs": 30 });
    const finish = <T>(promise: Promise<T>, what: string) =>
      world.finish(promise, { what: `${what}, seed ${seed}`, deadlineMs: 120_000 });
    const running = await finish(startDRPC({ runtime: server, conf }), "the server");
    const { runtime } = world.start({ host: "client" });
    const client = await finish(
      connectThrift({ runtime, host: "server", port: 3772, service: DistributedRPC }),
      "a client",
    );
    const service = DistributedRPCInvocations;
    const topology = await finish(connectThrift({ runtime, host: "server", port: 3773, service }), "a topology");
    const attacking = attack(world.start({ host: "attacker" }).runtime, new SeededRandom(seed, "bytes"));
    let answered = 0;
    const answering = async (): Promise<void> => {
      while (answered < goodCalls) {
        const requests = await topology.calls.fetchRequests({ functionName, max: 9, waitMs: 1000 });
        answered += requests.length;
        const results = requests.map(({ request_id, func_args }) => ({ request_id, result: `${func_args}!` }));
        await topology.calls.results({ results });
      }
    };
    const calling = async (): Promise<void> => {
      for (let number = 0; number < goodCalls; number++)
        assert.equal(await client.calls.execute({ functionName, funcArgs: `${number}` }), `${number}!`, `seed ${seed}`);
    };
    await finish(Promise.all([attacking, answering(), calling()]), "the good calls");
    await finish(running.stop(), "the stop");
    await finish(Promise.all([client.close(), topology.close()]), "the ends");
  }
});
