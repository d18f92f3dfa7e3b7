/** Clients that are not ours, byte by byte: old headers, one sequence id for everything, messages that no client sends. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  DistributedRPC,
  messageType,
  readApplicationException,
  readMessageHead,
  ThriftReader,
  ThriftWriter,
  writeMessageHead,
} from "../../../src/wire/thrift/index.ts";
import { frameOf, type RawLine, Stage } from "./stage.ts";

/** A string as Thrift writes it, in hexadecimal. */
function text(value: string): string {
  const bytes = Buffer.from(value);
  return `${bytes.length.toString(16).padStart(8, "0")}${bytes.toString("hex")}`;
}

const callHead = (sequenceId: string) => `80010001 ${text("execute")} ${sequenceId}`;
const args = (value: string) => `0b0001 ${text("f")} 0b0002 ${text(value)} 00`;

interface Answer {
  readonly type: number;
  readonly name: string;
  readonly sequenceId: number;
  /** The answer, or what the server says instead. */
  readonly text: string;
}

function answersOf({ received }: RawLine): Answer[] {
  const answers: Answer[] = [];
  let at = 0;
  while (at + 4 <= received.length) {
    const end = at + 4 + received.readInt32BE(at);
    if (end > received.length) break;
    const reader = new ThriftReader(received.subarray(at + 4, end));
    const head = readMessageHead(reader);
    const isRefusal = head.type === messageType.exception;
    const said = isRefusal
      ? readApplicationException(reader).message
      : DistributedRPC.methods.execute.readReply(reader);
    answers.push({ ...head, text: said });
    at = end;
  }
  return answers;
}

async function answered(hex: readonly string[], answers: number): Promise<Answer[]> {
  const stage = new Stage({
    service: DistributedRPC,
    handlers: { execute: ({ funcArgs = "nothing" }) => `${funcArgs}!` },
  });
  await stage.serve();
  const line = await stage.dial();
  for (const body of hex) line.socket.write(frameOf(body));
  await stage.until(() => answersOf(line).length >= answers || line.isClosed, "the answers");
  assert.equal(line.isClosed, false, "the connection lives");
  return answersOf(line);
}

describe("a server", () => {
  it("reads strict and old headers, and repeats name and sequence id", async () => {
    const old = `${text("execute")} 01 00000007 ${args("old")}`;
    assert.deepEqual(await answered([`${callHead("fffffffe")} ${args("strict")}`, old], 2), [
      { type: 2, name: "execute", sequenceId: -2, text: "strict!" },
      { type: 2, name: "execute", sequenceId: 7, text: "old!" },
    ]);
  });

  it("takes null for an argument that a stock client may leave out, and refuses where it may not", async () => {
    const [withoutArgs, without] = await answered(
      [`${callHead("00000001")} 0b0001 ${text("f")} 00`, `${callHead("00000002")} 0b0002 ${text("x")} 00`],
      2,
    );
    assert.equal(withoutArgs?.text, "nothing!");
    assert.match(without?.text ?? "", /PROTOCOL_ERROR.*functionName: the required field is absent/);
  });

  it("passes over arguments of later versions", async () => {
    const later = `${callHead("00000001")} 0d0009 0b0c 00000001 ${text("k")} 00 ${args("known")}`;
    assert.equal((await answered([later], 1))[0]?.text, "known!");
  });

  it("says what it does not know, and goes on", async () => {
    const unknown = `80010001 ${text("noSuchCall")} 00000001 00`;
    const reply = `80010002 ${text("execute")} 00000002 00`;
    const brokenArgs = `${callHead("00000003")} 0b0001 7fffffff 61`;
    const answers = await answered([unknown, reply, brokenArgs, `${callHead("00000004")} ${args("next")}`], 4);
    assert.deepEqual(
      answers.map(({ type, sequenceId }) => [type, sequenceId]),
      [
        [3, 1],
        [3, 2],
        [3, 3],
        [2, 4],
      ],
    );
    assert.match(answers[0]?.text ?? "", /UNKNOWN_METHOD: Invalid method name: 'noSuchCall'/);
    assert.match(answers[1]?.text ?? "", /INVALID_MESSAGE_TYPE/);
    assert.match(answers[2]?.text ?? "", /PROTOCOL_ERROR/);
    assert.equal(answers[3]?.text, "next!");
  });

  it("answers a one-way call with nothing", async () => {
    const oneway = `80010004 ${text("execute")} 00000001 ${args("quiet")}`;
    const onewayUnknown = `80010004 ${text("other")} 00000002 00`;
    const answers = await answered([oneway, onewayUnknown, `${callHead("00000003")} ${args("loud")}`], 1);
    assert.deepEqual(
      answers.map(({ text: said }) => said),
      ["loud!"],
    );
  });

  it("runs calls with the same sequence id one after the other: their client cannot tell the answers apart", async () => {
    const running: string[] = [];
    const ends = new Map<string, () => void>();
    const stage = new Stage({
      service: DistributedRPC,
      handlers: {
        execute: ({ funcArgs = "" }) => {
          running.push(funcArgs);
          return new Promise<string>((resolve) => {
            ends.set(funcArgs, () => resolve(funcArgs));
          });
        },
      },
    });
    await stage.serve();
    const line = await stage.dial();
    const calls = ["a", "b", "c"].map((name) => frameOf(`${callHead("00000000")} ${args(name)}`));
    line.socket.write(Buffer.concat([...calls, frameOf(`${callHead("00000001")} ${args("d")}`)]));
    await stage.until(() => running.length > 0, "the first");
    await stage.world.run({ forMs: 1000 });
    assert.deepEqual(running, ["a"]);
    ends.get("a")?.();
    await stage.until(() => running.length > 1, "the second");
    ends.get("b")?.();
    await stage.until(() => running.length === 4, "the third, and the one with an id of its own");
    ends.get("d")?.();
    ends.get("c")?.();
    await stage.until(() => answersOf(line).length === 4, "all answers");
    assert.deepEqual(
      answersOf(line).map(({ text: said }) => said),
      ["a", "b", "d", "c"],
    );
  });

  it("ends a connection that sends no Thrift, in words", async () => {
    const bodies = ["", "80020001", `80010009 ${text("execute")} 00000001 00`, "ffffffff", "00000001"];
    for (const body of bodies) {
      const stage = new Stage({ service: DistributedRPC, handlers: {} });
      await stage.serve();
      const line = await stage.dial();
      line.socket.write(frameOf(body));
      await stage.until(() => line.isClosed, `the end after ${body}`);
      assert.match(
        stage.warnings.join("\n"),
        /DistributedRPC: closing the connection of 10\.0\.0\.2:\d+: it sent no Thrift/,
      );
    }
  });
});

describe("a client", () => {
  async function lostAfter(answer: (sequenceId: number) => Uint8Array): Promise<string> {
    const stage = new Stage({ service: DistributedRPC, handlers: {} });
    const { net } = stage.serverProcess.runtime;
    const listening = net.listen({ port: 6627 }, (socket) => {
      socket.handle({
        data: (bytes) => void socket.write(answer(Buffer.from(bytes).readInt32BE(19))),
        close: () => {},
      });
    });
    await stage.finish(listening, "a server of another kind");
    const { calls } = await stage.connect({ maxFrameBytes: 1000 });
    const error = await stage.rejection(calls.execute({ functionName: "f" }), "lost");
    return (error as Error).message;
  }

  const reply = (type: number, name: string, sequenceId: number): Buffer => {
    const writer = new ThriftWriter();
    writeMessageHead(writer, type, name, sequenceId);
    writer.stop();
    return frameOf(writer.flush());
  };

  it("believes nothing on a connection that answers what nobody asked", async () => {
    assert.match(await lostAfter((id) => reply(messageType.reply, "execute", id + 1)), /nobody made/);
    assert.match(await lostAfter((id) => reply(messageType.reply, "result", id)), /nobody made/);
    assert.match(await lostAfter((id) => reply(messageType.call, "execute", id)), /no answer but type 1/);
    assert.match(await lostAfter(() => frameOf("00")), /bytes wanted/);
    assert.match(await lostAfter(() => Buffer.from("GET / HTTP/1.1\r\n")), /frame of 1195725856 bytes/);
    assert.match(await lostAfter((id) => reply(messageType.reply, "execute", id)), /MISSING_RESULT/);
  });
});
