/** Structs, unions and enumerations: what is written is read again, as Java reads it, and what is none is refused. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  Assignment,
  ComponentObject,
  Credentials,
  DRPCExecutionException,
  gzipThrift,
  JavaObjectArg,
  NimbusSummary,
  NodeInfo,
  ReadableBlobMeta,
  StormBase,
  SupervisorSummary,
} from "../../../../src/wire/thrift/index.ts";

const bytesFault = { code: "SL-THRIFT-BYTES" };
const valueFault = { code: "SL-THRIFT-VALUE" };

/** As Apache Storm's nimbus wrote it to /storm/nimbuses/127.0.0.1. */
const nimbusBytes = Buffer.from(
  "H4sIAAAAAAAA/+NmYGRgYOA0NDLXMwBCQw4GJgaGYC0OBuZslkXJTAwsDNwMrEAVrEZ6FnpGHAxsDCAAAMzVOpA2AAAA",
  "base64",
);

describe("a struct", () => {
  it("is what Apache Storm wrote, gzipped", () => {
    const summary = gzipThrift(NimbusSummary).decode(nimbusBytes);
    assert.deepEqual(summary, {
      host: "127.0.0.1",
      port: 21290,
      uptime_secs: 1795465827,
      isLeader: false,
      version: "2.8.2",
      tlsPort: 0,
    });
    const again = gzipThrift(NimbusSummary).encode(summary);
    assert.deepEqual(gzipThrift(NimbusSummary).decode(again), summary);
  });

  it("keeps maps whose keys are structs and lists, in their order", () => {
    const assignment: Assignment = {
      master_code_dir: "nimbus/stormdist/wc-1-2",
      node_host: new Map([["n-1", "host"]]),
      executor_node_port: [
        [[3, 4], { node: "n-1", port: new Set([6701]) }],
        [[1, 2], { node: "n-1", port: new Set([6700]) }],
      ],
      executor_start_time_secs: [[[1, 2], 1_795_465_827]],
      worker_resources: [
        [
          { node: "n-1", port: new Set([6700]) },
          { cpu: 10, mem_on_heap: 128.5 },
        ],
      ],
      total_shared_off_heap: new Map(),
    };
    assert.deepEqual(Assignment.decode(Assignment.encode(assignment)), assignment);
  });

  it("gets its defaults where they are absent", () => {
    // Field 1, a string of one byte; stop.
    assert.deepEqual(Assignment.decode(Buffer.from("0b00010000000164" + "00", "hex")), {
      master_code_dir: "d",
      node_host: new Map(),
      executor_node_port: [],
      executor_start_time_secs: [],
      worker_resources: [],
      total_shared_off_heap: new Map(),
    });
    const written = { host: "h", uptime_secs: 1, num_workers: 4, num_used_workers: 0, supervisor_id: "s" };
    const bytes = SupervisorSummary.encode(written as SupervisorSummary);
    assert.equal(SupervisorSummary.decode(bytes).version, "VERSION_NOT_PROVIDED");
  });

  it("must have what is required, both ways", () => {
    assert.throws(() => NodeInfo.encode({ node: "n" } as NodeInfo), { ...valueFault, message: /NodeInfo\.port/ });
    assert.throws(() => NodeInfo.decode(Buffer.from("00", "hex")), { ...bytesFault, message: /NodeInfo\.node/ });
  });

  it("passes over fields that it does not know, and known ones of another type", () => {
    const unknown = "0d" + "0063" + "0b0c00000001" + "0000000161" + "0f00010b0000000100000000" + "00";
    const ofOtherType = "08" + "0001" + "00000007";
    const known = Buffer.from(NodeInfo.encode({ node: "n", port: new Set([1]) })).toString("hex");
    const bytes = Buffer.from(unknown + ofOtherType + known, "hex");
    assert.deepEqual(NodeInfo.decode(bytes), { node: "n", port: new Set([1]) });
  });

  it("has maps with any key, kept in order", () => {
    const creds = new Map([
      ["600", "a"],
      [":all-time", "b"],
      ["10", "c"],
      ["__proto__", "d"],
      ["", "héllo 😀 \u0000"],
    ]);
    const { creds: read } = Credentials.decode(Credentials.encode({ creds }));
    assert.deepEqual([...read], [...creds]);
  });
});

describe("a union", () => {
  it("has one member", () => {
    const object: ComponentObject = { shell: { execution_command: "python3", script: "split.py" } };
    assert.deepEqual(ComponentObject.decode(ComponentObject.encode(object)), object);
    assert.throws(() => ComponentObject.encode({} as ComponentObject), valueFault);
    assert.throws(
      () => ComponentObject.encode({ shell: {}, serialized_java: new Uint8Array() } as unknown as ComponentObject),
      valueFault,
    );
    assert.throws(() => ComponentObject.decode(Buffer.from("00", "hex")), bytesFault);
  });
});

describe("numbers", () => {
  it("are exact or refused", () => {
    const meta = (version: number): ReadableBlobMeta => ({ settable: { acl: [] }, version });
    for (const version of [0, -1, 2 ** 32, -(2 ** 32) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])
      assert.equal(ReadableBlobMeta.decode(ReadableBlobMeta.encode(meta(version))).version, version);
    assert.throws(() => ReadableBlobMeta.encode(meta(2 ** 53)), valueFault);
    assert.throws(() => ReadableBlobMeta.encode(meta(0.5)), valueFault);
    const beyond = Buffer.from(ReadableBlobMeta.encode(meta(0x7e)));
    beyond.writeBigInt64BE(2n ** 60n, beyond.length - 9);
    assert.throws(() => ReadableBlobMeta.decode(beyond), { ...bytesFault, message: /1152921504606846976/ });
    const long: JavaObjectArg = { long_arg: 2n ** 63n - 1n };
    assert.deepEqual(JavaObjectArg.decode(JavaObjectArg.encode(long)), long);
    assert.throws(() => StormBase.encode({ name: "n", status: "ACTIVE", num_workers: 2 ** 31 }), valueFault);
  });
});

describe("an enumeration", () => {
  it("is its name; a number without name counts as absent", () => {
    const error = { msg: "late", type: "SERVER_TIMEOUT" } as const;
    const bytes = Buffer.from(DRPCExecutionException.encode(error));
    assert.deepEqual(DRPCExecutionException.decode(bytes), error);
    bytes.writeInt32BE(77, bytes.length - 5);
    assert.deepEqual(DRPCExecutionException.decode(bytes), { msg: "late" });
    const base = Buffer.from(StormBase.encode({ name: "n", status: "ACTIVE", num_workers: 1 }));
    base.writeInt32BE(99, 11);
    assert.throws(() => StormBase.decode(base), { ...bytesFault, message: /StormBase\.status/ });
    assert.throws(() => StormBase.encode({ name: "n", status: "toString" as "ACTIVE", num_workers: 1 }), {
      ...valueFault,
      message: /one of ACTIVE/,
    });
  });
});

describe("an exception", () => {
  it("is an error of ours that knows its struct", () => {
    const error: unknown = DRPCExecutionException.error({ msg: "no", type: "FAILED_REQUEST" });
    assert.ok(DRPCExecutionException.is(error));
    assert.equal(error.value.type, "FAILED_REQUEST");
    assert.equal(error.message, "no");
    assert.equal(error.code, "SL-STORM-DRPC-EXECUTION");
    assert.ok(!DRPCExecutionException.is(new Error("no")));
  });
});

describe("hostile bytes", () => {
  it("are refused before anything is allocated for them", () => {
    const list = "0f0001" + "0b" + "7fffffff" + "00";
    const negative = "0b0001" + "ffffffff" + "00";
    for (const hex of [list, negative, "0b0001" + "7fffffff", "0d0001" + "0b0c" + "7fffffff", "ff0001", "0b"])
      assert.throws(() => StormBase.decode(Buffer.from(hex, "hex")), bytesFault);
    const deep = Buffer.from("0c0063".repeat(100_000), "hex");
    assert.throws(() => StormBase.decode(deep), { ...bytesFault, message: /levels/ });
    const bomb = gzipThrift(StormBase).encode({ name: "a".repeat(2_000_000), status: "ACTIVE", num_workers: 1 });
    assert.throws(() => gzipThrift(StormBase, 1_000_000).decode(bomb), bytesFault);
    assert.throws(() => gzipThrift(StormBase).decode(Buffer.from("no gzip")), bytesFault);
  });

  it("are refused when something follows", () => {
    const bytes = NodeInfo.encode({ node: "n", port: new Set() });
    assert.throws(() => NodeInfo.decode(Buffer.concat([bytes, Buffer.alloc(1)])), bytesFault);
    for (let length = 0; length < bytes.length; length++)
      assert.throws(() => NodeInfo.decode(bytes.subarray(0, length)), bytesFault);
  });
});
