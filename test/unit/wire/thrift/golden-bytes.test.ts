/**
 * Against what Apache Storm's own classes wrote (fixtures/, made by test/interop/thrift/golden-bytes.java): every struct
 * and every message, read and written again to the same bytes.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, it } from "node:test";
import * as door from "../../../../src/wire/thrift/index.ts";
import { plain } from "./plain.ts";

interface GoldenStruct {
  readonly name: string;
  readonly value: unknown;
  readonly bytes: string;
  readonly gzip: string;
}

interface GoldenReply {
  /** 0: the result; −1: the handler failed with an error that nobody declares. */
  readonly field: number;
  readonly exception?: string;
  readonly value?: unknown;
  readonly bytes: string;
}

interface GoldenMessage {
  readonly service: string;
  readonly method: string;
  readonly args: unknown;
  readonly call: string;
  readonly replies: readonly GoldenReply[];
}

const { messageType, readMessageHead, ThriftReader, ThriftWriter } = door;
const structs = fixture<GoldenStruct>("structs");
const messages = fixture<GoldenMessage>("messages");
const structTypes = door as unknown as Readonly<Record<string, door.StructType<unknown>>>;
const services: Readonly<Record<string, door.Service>> = {
  Nimbus: door.Nimbus,
  Supervisor: door.Supervisor,
  DistributedRPC: door.DistributedRPC,
  DistributedRPCInvocations: door.DistributedRPCInvocations,
};

function fixture<T>(name: string): readonly T[] {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), "utf8")) as T[];
}

function bytesOf(base64: string): Buffer {
  return Buffer.from(base64, "base64");
}

/** The message in a frame. */
function readerOf(frame: Buffer): InstanceType<typeof ThriftReader> {
  assert.equal(frame.readInt32BE(0), frame.length - 4);
  return new ThriftReader(frame.subarray(4));
}

function framed(write: (writer: InstanceType<typeof ThriftWriter>) => void): Buffer {
  const writer = new ThriftWriter();
  writer.i32(0);
  write(writer);
  writer.patchI32(0, writer.length - 4);
  return writer.flush();
}

describe("a struct of Apache Storm", () => {
  const names = [...new Set(structs.map(({ name }) => name))];

  it("is there by its name", () => {
    assert.ok(names.length > 80);
    assert.deepEqual(
      names.filter((name) => structTypes[name]?.name !== name),
      [],
    );
  });

  for (const name of names) {
    it(`${name} is read as it was meant, and written to the same bytes`, () => {
      const type = structTypes[name]!;
      for (const golden of structs.filter((each) => each.name === name)) {
        const value = type.decode(bytesOf(golden.bytes));
        assert.deepEqual(plain(value), golden.value);
        assert.equal(Buffer.from(type.encode(value)).toString("base64"), golden.bytes);
        const packed = door.gzipThrift(type);
        assert.deepEqual(packed.decode(bytesOf(golden.gzip)), value);
        assert.deepEqual(packed.decode(packed.encode(value)), value);
      }
    });
  }
});

/** Beyond Storm's: a stock server answers that it does not know them. */
const ownMethods = ["DistributedRPCInvocations.fetchRequests", "DistributedRPCInvocations.results"];

describe("a message of Apache Storm", () => {
  it("is known for every method of every service", () => {
    const theirs = messages.map(({ service, method }) => `${service}.${method}`).sort();
    const ours = Object.values(services).flatMap(({ name, methods }) =>
      Object.keys(methods).map((m) => `${name}.${m}`),
    );
    assert.deepEqual(ours.filter((name) => !ownMethods.includes(name)).sort(), theirs);
    for (const name of ownMethods) assert.ok(ours.includes(name), `${name} is no method any more`);
  });

  for (const { service, method: methodName, ...golden } of messages) {
    const method = services[service]!.methods[methodName]!;

    it(`${service}.${methodName} is called with the same bytes`, () => {
      const call = bytesOf(golden.call);
      const reader = readerOf(call);
      const { sequenceId, ...head } = readMessageHead(reader);
      assert.deepEqual(head, { type: messageType.call, name: methodName });
      const args = method.args.read(reader);
      assert.equal(reader.remaining, 0);
      assert.deepEqual(plain(args), golden.args);
      assert.deepEqual(
        framed((writer) => method.writeCall(writer, sequenceId, args)),
        call,
      );
    });

    it(`${service}.${methodName} is answered with the same bytes`, () => {
      for (const reply of golden.replies) checkReply(method, reply);
    });
  }
});

function checkReply(method: door.Method<unknown, unknown>, golden: GoldenReply): void {
  const frame = bytesOf(golden.bytes);
  const reader = readerOf(frame);
  const { type, name, sequenceId } = readMessageHead(reader);
  assert.equal(name, method.name);
  if (golden.field < 0) {
    assert.equal(type, messageType.exception);
    const error = door.readApplicationException(reader);
    assert.equal(error.kind, "INTERNAL_ERROR");
    const again = framed((writer) => {
      door.writeMessageHead(writer, messageType.exception, name, sequenceId);
      door.writeApplicationException(writer, "INTERNAL_ERROR", `Internal error processing ${name}`);
    });
    assert.deepEqual(again, frame);
    return;
  }
  assert.equal(type, messageType.reply);
  let result: unknown = null;
  try {
    result = method.readReply(reader);
  } catch (error) {
    if (golden.field === 0) assert.ok(golden.value === undefined && door.isApplicationError(error, "MISSING_RESULT"));
    else checkException(method, golden, error, frame, sequenceId);
    if (golden.field > 0) return;
  }
  assert.equal(reader.remaining, 0);
  if (result !== null) assert.deepEqual(plain(result), golden.value);
  assert.deepEqual(
    framed((writer) => method.writeReply(writer, sequenceId, result)),
    frame,
  );
}

function checkException(
  method: door.Method<unknown, unknown>,
  golden: GoldenReply,
  error: unknown,
  frame: Buffer,
  sequenceId: number,
): void {
  const exception = method.exceptions[golden.field - 1];
  assert.equal(exception?.name, golden.exception);
  assert.ok(exception?.is(error), String(error));
  assert.deepEqual(plain(error.value), golden.value);
  const again = framed((writer) => assert.ok(method.writeException(writer, sequenceId, error)));
  assert.deepEqual(again, frame);
}
