/** Our server with Apache Thrift's own client for Node, and our client with its server, on real sockets. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import thrift from "thrift";
import { realRuntime } from "../../../src/base/index.ts";
import { connectThrift, serveThrift } from "../../../src/rpc/index.ts";
import { DistributedRPC, DRPCExecutionException, isApplicationError } from "../../../src/wire/thrift/index.ts";
import { deadline } from "../../kit/index.ts";
import { framedBinary, TheirDrpcClient, TheirDrpcException, TheirDrpcProcessor } from "./npm-thrift-drpc.ts";

const runtime = realRuntime({ name: "contract", self: { command: [process.execPath] }, level: "error" });
const host = "127.0.0.1";
const stepMs = 20_000;
const texts = ["", "plain", "größe 字 😀 \u0000 end", "x".repeat(25), "long ".repeat(100_000), "字".repeat(100_000)];

describe("Apache Thrift's client for Node on our server", () => {
  async function withTheirClient(work: (client: TheirDrpcClient) => Promise<void>): Promise<void> {
    await using server = await serveThrift({
      runtime,
      host,
      port: 0,
      service: DistributedRPC,
      handlers: {
        execute: async ({ functionName, funcArgs = "" }) => {
          if (functionName === "late") throw DRPCExecutionException.error({ msg: "too late", type: "SERVER_TIMEOUT" });
          if (functionName === "bug") throw new Error("a bug");
          if (functionName === "turn") await new Promise((resolve) => setImmediate(resolve));
          return funcArgs;
        },
      },
    });
    const connection = thrift.createConnection(host, server.port, framedBinary);
    const closed = once(connection, "close");
    try {
      await work(thrift.createClient(TheirDrpcClient, connection));
    } finally {
      connection.end();
      await deadline(closed, stepMs, "the end of their connection");
    }
  }

  it("gets answers, one after the other and many at once", async () => {
    await withTheirClient(async (client) => {
      for (const text of texts)
        assert.equal(await deadline(client.call("execute", "f", text), stepMs, "an answer"), text);
      const many = Array.from({ length: 500 }, (_, index) =>
        client.call("execute", index % 3 === 0 ? "turn" : "f", `${index}`),
      );
      const answers = await deadline(Promise.all(many), stepMs, "500 answers");
      assert.deepEqual(
        answers,
        many.map((_, index) => `${index}`),
      );
    });
  });

  it("gets exceptions as what they are", async () => {
    await withTheirClient(async (client) => {
      await assert.rejects(client.call("execute", "late", ""), (error) => {
        assert.ok(error instanceof TheirDrpcException);
        assert.deepEqual([error.message, error.type], ["too late", 2]);
        return true;
      });
      await assert.rejects(client.call("execute", "bug", ""), {
        message: /Internal error processing execute: a bug/,
        type: 6,
      });
      await assert.rejects(client.call("noSuchMethod", "f", ""), { message: /noSuchMethod/, type: 1 });
      assert.equal(await deadline(client.call("execute", "f", "on"), stepMs, "it goes on"), "on");
    });
  });
});

describe("our client on Apache Thrift's server for Node", () => {
  it("gets answers and exceptions", async () => {
    const server = thrift.createServer(
      TheirDrpcProcessor,
      async (functionName: string, funcArgs: string) => {
        if (functionName === "typed") throw new TheirDrpcException("no", 3);
        if (functionName === "untyped") throw new TheirDrpcException("no", undefined);
        if (functionName === "bug") throw new Error("a bug");
        return funcArgs;
      },
      framedBinary,
    );
    server.listen(0, host);
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const client = await connectThrift({ runtime, host, port, service: DistributedRPC, timeoutMs: stepMs });
    try {
      const { execute } = client.calls;
      for (const funcArgs of texts) assert.equal(await execute({ functionName: "f", funcArgs }), funcArgs);
      const many = Array.from({ length: 500 }, (_, index) => execute({ functionName: "f", funcArgs: `${index}` }));
      assert.deepEqual(
        await Promise.all(many),
        many.map((_, index) => `${index}`),
      );
      for (const [functionName, value] of [
        ["typed", { msg: "no", type: "FAILED_REQUEST" }],
        ["untyped", { msg: "no" }],
      ] as const) {
        const error: unknown = await execute({ functionName, funcArgs: "" }).catch((thrown: unknown) => thrown);
        assert.ok(DRPCExecutionException.is(error));
        assert.deepEqual(error.value, value);
      }
      const bug: unknown = await execute({ functionName: "bug", funcArgs: "" }).catch((thrown: unknown) => thrown);
      // The package leaves the kind out of what it writes.
      assert.ok(isApplicationError(bug, "UNKNOWN"), String(bug));
      assert.match(bug.message, /a bug/);
    } finally {
      await client.close();
      server.close();
      await once(server, "close");
    }
  });
});
