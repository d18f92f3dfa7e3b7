/** Requests as bytes: golden ones from the capture of a Java client, and refusals before anything is sent. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeRequest, JuteReader, readReply } from "../../../../src/wire/zookeeper/index.ts";
import { requestBytes, requestBytesMax } from "../../../../src/zookeeper/client/request-rules.ts";

const open = [{ perms: 31, scheme: "world", id: "anyone" }] as const;
const hex = (bytes: Buffer) => bytes.toString("hex");

describe("requests as bytes", () => {
  it("are those of a Java client", () => {
    const body = "00000002 2f61 00000001 78 00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65 00000000";
    const create = encodeRequest(1, { op: "create", path: "/a", data: Buffer.from("x"), acl: open, flags: 0 });
    assert.equal(hex(create), `00000032 00000001 00000001${body}`.replaceAll(" ", ""));
    const set = encodeRequest(5, { op: "setData", path: "/a", data: Buffer.from("yy"), version: -1 });
    assert.equal(hex(set), "00000018 00000005 00000005 00000002 2f61 00000002 7979 ffffffff".replaceAll(" ", ""));
    assert.equal(hex(encodeRequest(6, { op: "sync", path: "/a" })), "0000000e0000000600000009000000022f61");
    assert.equal(hex(encodeRequest(-2, { op: "ping" })), "00000008fffffffe0000000b");
    assert.equal(hex(encodeRequest(8, { op: "closeSession" })), "0000000800000008fffffff5");
  });

  it("of a multi end with a header that says so", () => {
    const multi = encodeRequest(1, { op: "multi", operations: [{ op: "check", path: "/a", version: 2 }] });
    const expected = "0000002400000001 0000000e 0000000d00ffffffff 000000022f61 00000002 ffffffff01ffffffff";
    assert.equal(hex(multi), expected.replaceAll(" ", ""));
  });

  it("refuse results of an operation that nobody knows", () => {
    const bytes = Buffer.from("0000006300ffffffff", "hex");
    assert.throws(() => readReply("multi", new JuteReader(bytes)), /unknown operation 99/);
  });
});

describe("the size of a request", () => {
  it("is at least what is sent", () => {
    const data = Buffer.alloc(5000);
    for (const request of [
      { op: "setData", path: "/词", data, version: 0 },
      {
        op: "multi",
        operations: [
          { op: "setData", path: "/a", data, version: 0 },
          { op: "delete", path: "/b", version: 1 },
        ],
      },
    ] as const) {
      const sent = encodeRequest(1, request).length - 4;
      assert.ok(Math.abs(requestBytes(request) - sent) < 40, `${requestBytes(request)} for ${sent}`);
    }
    assert.ok(
      requestBytes({ op: "setData", path: "/a", data: Buffer.alloc(requestBytesMax), version: 0 }) > requestBytesMax,
    );
  });
});
