/** What a caller gets: the answer, the exception that the method declares, or an error that says what became of the call. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StormLabError } from "../../../src/base/index.ts";
import {
  AuthorizationException,
  DistributedRPC,
  DRPCExecutionException,
  isApplicationError,
  LogConfig,
  Nimbus,
  type NimbusSummary,
  NotAliveException,
} from "../../../src/wire/thrift/index.ts";
import { Stage } from "./stage.ts";

const leader: NimbusSummary = { host: "n", port: 6627, uptime_secs: 1, isLeader: true, version: "2.8.8", tlsPort: 0 };

describe("a call", () => {
  it("brings arguments, options and answers across", async () => {
    const killed: unknown[] = [];
    const stage = new Stage({
      service: Nimbus,
      handlers: {
        getLeader: () => leader,
        isTopologyNameAllowed: async ({ name }) => name !== "taken",
        killTopologyWithOpts: (args) => void killed.push(args),
        downloadChunk: ({ id }) => Buffer.from(id),
        getTopologySummaries: () => [],
      },
    });
    await stage.serve();
    const { calls } = await stage.connect();
    assert.deepEqual(await stage.finish(calls.getLeader(), "leader"), leader);
    assert.equal(await stage.finish(calls.isTopologyNameAllowed({ name: "taken" }), "name"), false);
    const options = { name: "wc", options: { wait_secs: 30 } };
    assert.equal(await stage.finish(calls.killTopologyWithOpts(options), "kill"), undefined);
    assert.deepEqual(killed, [options]);
    assert.deepEqual(await stage.finish(calls.downloadChunk({ id: "ab" }), "chunk"), new Uint8Array([97, 98]));
    assert.deepEqual(await stage.finish(calls.getTopologySummaries(), "list"), []);
  });

  it("throws what the method declares, as the exception that it is", async () => {
    const stage = new Stage({
      service: DistributedRPC,
      handlers: {
        execute: ({ functionName }) => {
          if (functionName === "secret") throw AuthorizationException.error({ msg: "not yours" });
          throw DRPCExecutionException.error({ msg: "too late", type: "SERVER_TIMEOUT" });
        },
      },
    });
    await stage.serve();
    const { calls } = await stage.connect();
    const late = await stage.rejection(calls.execute({ functionName: "f", funcArgs: "" }), "execute");
    assert.ok(DRPCExecutionException.is(late));
    assert.deepEqual(late.value, { msg: "too late", type: "SERVER_TIMEOUT" });
    const refused = await stage.rejection(calls.execute({ functionName: "secret" }), "execute");
    assert.ok(AuthorizationException.is(refused) && !DRPCExecutionException.is(refused));
    assert.equal(refused.code, "SL-STORM-AUTHORIZATION");
  });

  it("fails on the server in Thrift's words, and the connection lives", async () => {
    const stage = new Stage({
      service: Nimbus,
      handlers: {
        getLeader: () => ({ ...leader, port: 0.5 }),
        getLogConfig: ({ name }) => (name === "none" ? null : { named_logger_level: new Map() }),
        activate: async () => {
          throw new TypeError("a bug");
        },
        // getNimbusConf declares no NotAliveException.
        getNimbusConf: () => {
          throw NotAliveException.error({ msg: "x" });
        },
      },
    });
    await stage.serve();
    const { calls } = await stage.connect();
    const kinds = [];
    for (const call of [
      calls.getLeader(),
      calls.getLogConfig({ name: "none" }),
      calls.activate({ name: "wc" }),
      calls.getNimbusConf(),
      calls.deactivate({ name: "wc" }),
    ]) {
      const error = await stage.rejection(call, "a refusal");
      kinds.push(isApplicationError(error) ? error.kind : error);
    }
    assert.deepEqual(kinds, ["INTERNAL_ERROR", "MISSING_RESULT", "INTERNAL_ERROR", "INTERNAL_ERROR", "UNKNOWN_METHOD"]);
    const bug = (await stage.rejection(calls.activate({ name: "wc" }), "a bug")) as StormLabError;
    assert.match(bug.message, /Internal error processing activate: a bug/);
    assert.ok(stage.log.some(({ level, message }) => level === "error" && message.includes("activate")));
    assert.deepEqual(await stage.finish(calls.getLogConfig({ name: "x" }), "config"), {
      named_logger_level: new Map(),
    });
    assert.deepEqual(LogConfig.decode(LogConfig.encode({})), {});
  });

  it("whose arguments do not fit is not sent, and the connection lives", async () => {
    const stage = new Stage({ service: Nimbus, handlers: { isTopologyNameAllowed: () => true } });
    await stage.serve();
    const { calls } = await stage.connect();
    const refused = calls.isTopologyNameAllowed({ name: 7 as unknown as string });
    const sent = calls.isTopologyNameAllowed({ name: "7" });
    assert.equal(((await stage.rejection(refused, "no string")) as StormLabError).code, "SL-THRIFT-VALUE");
    assert.equal(await stage.finish(sent, "a string"), true);
  });
});

describe("calls that wait at once", () => {
  it("are answered as they complete, each with its own answer", async () => {
    const waiting = new Map<string, (answer: string) => void>();
    const stage = new Stage({
      service: DistributedRPC,
      handlers: {
        execute: ({ funcArgs = "" }) =>
          new Promise((resolve) => {
            waiting.set(funcArgs, resolve);
          }),
      },
    });
    await stage.serve();
    const client = await stage.connect();
    const done: string[] = [];
    const calls = Array.from({ length: 1000 }, async (_, index) => {
      const answer = await client.calls.execute({ functionName: "f", funcArgs: String(index) });
      assert.equal(answer, `${index}!`);
      done.push(answer);
    });
    await stage.until(() => waiting.size === 1000, "all calls are there");
    const backwards = [...waiting].reverse();
    for (const [index, resolve] of backwards) resolve(`${index}!`);
    await stage.finish(Promise.all(calls), "all answers");
    assert.deepEqual(
      done,
      backwards.map(([index]) => `${index}!`),
    );
    assert.equal(client.waitingCount, 0);
  });

  it("are no more than the connection carries", async () => {
    const stage = new Stage({ service: DistributedRPC, handlers: { execute: () => new Promise<string>(() => {}) } });
    await stage.serve();
    const { calls } = await stage.connect({ callsMax: 2 });
    for (let count = 0; count < 2; count++) calls.execute({ functionName: "f" }).catch(() => {});
    const error = await stage.rejection(calls.execute({ functionName: "f" }), "the third");
    assert.equal((error as StormLabError).code, "SL-RPC-BUSY");
  });
});

describe("a call without answer", () => {
  const never = () =>
    new Stage({
      service: DistributedRPC,
      handlers: {
        execute: ({ functionName }) => (functionName === "quick" ? "now" : new Promise<string>(() => {})),
      },
    });

  it("ends at its deadline, and an answer that comes later is dropped", async () => {
    let answer: ((answer: string) => void) | undefined;
    const stage = new Stage({
      service: DistributedRPC,
      handlers: {
        execute: ({ funcArgs }) =>
          funcArgs === "quick"
            ? "now"
            : new Promise((resolve) => {
                answer = resolve;
              }),
      },
    });
    await stage.serve();
    const client = await stage.connect({ timeoutMs: 5000 });
    const beganMs = stage.world.nowMs;
    const long = client.calls.execute({ functionName: "f" }, { timeoutMs: 20_000 });
    const error = await stage.rejection(client.calls.execute({ functionName: "g" }), "the deadline");
    assert.equal((error as StormLabError).code, "SL-RPC-DEADLINE");
    assert.ok(stage.world.nowMs - beganMs >= 5000 && stage.world.nowMs - beganMs < 5010);
    answer?.("late");
    assert.equal(await stage.finish(client.calls.execute({ functionName: "f", funcArgs: "quick" }), "the next"), "now");
    const later = await stage.rejection(long, "the longer deadline");
    assert.equal((later as StormLabError).code, "SL-RPC-DEADLINE");
    assert.ok(stage.world.nowMs - beganMs >= 20_000 && stage.world.nowMs - beganMs < 20_010);
  });

  it("is given up when its signal says so", async () => {
    const stage = never();
    await stage.serve();
    const { calls } = await stage.connect();
    const control = new AbortController();
    const call = calls.execute({ functionName: "f" }, { signal: control.signal });
    await stage.world.run({ forMs: 10 });
    control.abort();
    assert.equal(((await stage.rejection(call, "given up")) as StormLabError).code, "SL-RPC-ABORTED");
    const next = calls.execute({ functionName: "f" }, { signal: control.signal });
    assert.equal(((await stage.rejection(next, "not even sent")) as StormLabError).code, "SL-RPC-ABORTED");
    assert.equal(await stage.finish(calls.execute({ functionName: "quick" }), "the connection lives"), "now");
  });

  it("is lost with the connection, and later ones are told at once", async () => {
    const stage = never();
    await stage.serve();
    const client = await stage.connect();
    const call = client.calls.execute({ functionName: "f" });
    await stage.world.run({ forMs: 10 });
    stage.world.kill(stage.serverProcess.pid);
    const error = (await stage.rejection(call, "lost")) as StormLabError;
    assert.equal(error.code, "SL-RPC-LOST");
    assert.ok(!DRPCExecutionException.is(error));
    assert.match(error.message, /before execute was answered/);
    await stage.finish(client.closed, "the client knows");
    assert.equal(client.isOpen, false);
    const next = (await stage.rejection(client.calls.execute({ functionName: "f" }), "the next")) as StormLabError;
    assert.equal(next.code, "SL-RPC-LOST");
    const again = (await stage.rejection(stage.connecting(), "nobody listens")) as StormLabError;
    assert.equal(again.code, "SL-RPC-UNREACHABLE");
  });

  it("rejects when its client is closed, by its owner or by its signal", async () => {
    const stage = never();
    await stage.serve();
    const control = new AbortController();
    for (const close of ["close", "signal"]) {
      const client = await stage.connect({ signal: control.signal });
      const call = client.calls.execute({ functionName: "f" });
      if (close === "close") void client.close();
      else control.abort();
      assert.equal(((await stage.rejection(call, close)) as StormLabError).code, "SL-RPC-LOST");
      await stage.finish(client.closed, "closed");
    }
    const late = await stage.rejection(stage.connecting({ signal: control.signal }), "too late");
    assert.equal((late as StormLabError).code, "SL-RPC-ABORTED");
  });
});

describe("a handler", () => {
  it("learns once that its client has gone before the answer", async () => {
    const gone: string[] = [];
    const answers = new Map<string, (answer: string) => void>();
    const stage = new Stage({
      service: DistributedRPC,
      handlers: {
        execute: ({ functionName }, call) => {
          call.onClientGone(() => gone.push(`${functionName} of ${call.remoteAddress}`));
          call.connection.onGone(() => gone.push(`the connection of ${functionName}`));
          return new Promise((resolve) => {
            answers.set(functionName, (answer) => {
              if (call.isClientGone) call.onClientGone(() => gone.push(`${functionName} again`));
              resolve(answer);
            });
          });
        },
      },
    });
    const server = await stage.serve();
    const stays = await stage.connect();
    const leaves = await stage.connect();
    const answered = stays.calls.execute({ functionName: "stays" });
    leaves.calls.execute({ functionName: "leaves" }).catch(() => {});
    await stage.until(() => answers.size === 2, "both wait");
    assert.equal(server.connectionCount, 2);
    await stage.finish(leaves.close(), "one leaves");
    await stage.until(() => gone.length > 0, "its handler is told");
    answers.get("leaves")?.("to nobody");
    answers.get("stays")?.("here");
    assert.equal(await stage.finish(answered, "the other"), "here");
    await stage.finish(stays.close(), "the other leaves");
    await stage.until(() => server.connectionCount === 0, "nobody is left");
    // The connection outlives the call that was answered on it.
    assert.deepEqual(gone, [
      "leaves of 10.0.0.2",
      "the connection of leaves",
      "leaves again",
      "the connection of stays",
    ]);
  });

  it("may be a method of an object", async () => {
    class Functions {
      readonly greeting = "hello ";
      execute({ funcArgs }: { readonly funcArgs?: string | undefined }): string {
        return this.greeting + funcArgs;
      }
    }
    const stage = new Stage({ service: DistributedRPC, handlers: new Functions() });
    await stage.serve();
    const { calls } = await stage.connect();
    assert.equal(await stage.finish(calls.execute({ functionName: "f", funcArgs: "you" }), "hello"), "hello you");
  });
});

describe("a server that closes", () => {
  it("sends the answers that it has, and leaves nobody waiting", async () => {
    const answers: ((answer: string) => void)[] = [];
    const stage = new Stage({
      service: DistributedRPC,
      handlers: {
        execute: () =>
          new Promise<string>((resolve) => {
            answers.push(resolve);
          }),
      },
    });
    const server = await stage.serve();
    const { calls } = await stage.connect();
    const answered = calls.execute({ functionName: "a" });
    const lost = calls.execute({ functionName: "b" });
    await stage.dial();
    await stage.until(() => answers.length === 2, "both wait");
    const outcomes = Promise.allSettled([answered, lost]);
    answers[0]?.("last");
    await stage.finish(
      Promise.resolve().then(() => server.close()),
      "closed",
      1500,
    );
    const [last, without] = await stage.finish(outcomes, "both outcomes");
    assert.deepEqual(last, { status: "fulfilled", value: "last" });
    assert.ok(without?.status === "rejected" && without.reason.code === "SL-RPC-LOST");
    assert.equal(server.connectionCount, 0);
    await stage.finish(server.close(), "closed twice");
  });

  it("cannot begin on a port that is taken", async () => {
    const stage = new Stage({ service: DistributedRPC, handlers: {} });
    await stage.serve();
    assert.equal(((await stage.rejection(stage.serving(), "a second")) as StormLabError).code, "SL-RPC-LISTEN");
  });
});
