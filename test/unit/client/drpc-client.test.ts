/** DRPCClient: which server it calls, and how a call ends that no server answers. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type Runtime, type SimulatedProcess, SimulatedWorld, type StormLabError } from "../../../src/base/index.ts";
import { DRPCClient } from "../../../src/client/index.ts";
import { StormConf } from "../../../src/conf/index.ts";
import { startDRPC } from "../../../src/drpc/index.ts";
import { connectThrift } from "../../../src/rpc/index.ts";
import { DistributedRPCInvocations, DRPCExecutionException } from "../../../src/wire/thrift/index.ts";

const functionName = "f";
const hosts = ["drpc-1", "drpc-2", "drpc-3"];

class Stage {
  readonly world = new SimulatedWorld({ seed: 1, logLevel: "error" });
  readonly runtime: Runtime = this.world.start({ host: "client" }).runtime;

  async serve(host: string): Promise<SimulatedProcess> {
    const process = this.world.start({ host });
    await this.finish(startDRPC({ runtime: process.runtime, conf: new StormConf({}) }), "a server");
    return process;
  }

  /** Answers every call of the server with its name. */
  async answer(host: string): Promise<void> {
    const { runtime } = this.world.start({ host: `topology-of-${host}` });
    const service = DistributedRPCInvocations;
    const { calls } = await this.finish(connectThrift({ runtime, host, port: 3773, service }), "a topology");
    const loop = async (): Promise<void> => {
      for (;;) {
        const requests = await calls.fetchRequests({ functionName, max: 9, waitMs: 60_000 });
        const results = requests.map(({ request_id, func_args }) => ({
          request_id,
          result: `${func_args} of ${host}`,
        }));
        if (results.length > 0) await calls.results({ results });
      }
    };
    loop().catch(() => {});
  }

  finish<T>(promise: Promise<T>, what: string): Promise<T> {
    return this.world.finish(promise, { what, deadlineMs: 60_000 });
  }

  failure(promise: Promise<string>, what: string): Promise<StormLabError> {
    const failed = promise.then(
      (result) => assert.fail(`${what} was answered: ${result}`),
      (error: unknown) => error as StormLabError,
    );
    return this.finish(failed, what);
  }
}

describe("DRPCClient", () => {
  it("calls another server when one is not there", async () => {
    const stage = new Stage();
    await stage.serve("drpc-2");
    await stage.answer("drpc-2");
    for (let attempt = 0; attempt < 5; attempt++) {
      const client = new DRPCClient(hosts, 3772, { runtime: stage.runtime });
      assert.equal(await stage.finish(client.execute(functionName, "a"), "a call"), "a of drpc-2");
      await stage.finish(client.close(), "the end");
    }
  });

  it("calls another when the one that it called is killed, with all calls that wait", async () => {
    const stage = new Stage();
    const first = await stage.serve("drpc-1");
    const client = new DRPCClient(["drpc-1", "drpc-2"], 3772, { runtime: stage.runtime });
    const calls = ["a", "b", "c"].map((args) => client.execute(functionName, args));
    await stage.serve("drpc-2");
    await stage.answer("drpc-2");
    stage.world.kill(first.pid);
    const results = await stage.finish(Promise.all(calls), "all calls");
    assert.deepEqual(results, ["a of drpc-2", "b of drpc-2", "c of drpc-2"]);
  });

  it("comes back to its only server", async () => {
    const stage = new Stage();
    const server = await stage.serve("drpc-1");
    await stage.answer("drpc-1");
    const client = new DRPCClient("drpc-1", 3772, { runtime: stage.runtime });
    assert.equal(await stage.finish(client.execute(functionName, "a"), "a call"), "a of drpc-1");
    stage.world.kill(server.pid);
    await stage.serve("drpc-1");
    await stage.answer("drpc-1");
    assert.equal(await stage.finish(client.execute(functionName, "b"), "a second call"), "b of drpc-1");
  });

  it("says what every server said when none answers", async () => {
    const stage = new Stage();
    const client = new DRPCClient(hosts, 3772, { runtime: stage.runtime });
    const error = await stage.failure(client.execute(functionName, "a"), "the call");
    assert.equal(error.code, "SL-DRPC-NO-SERVER");
    for (const host of hosts) assert.ok(error.message.includes(`${host}:3772`), error.message);
  });

  it("ends a call in its time, or when it is given up, or when the client is closed", async () => {
    const stage = new Stage();
    await stage.serve("drpc-1");
    const { runtime } = stage;
    const client = new DRPCClient("drpc-1", 3772, { runtime });
    const late = await stage.failure(client.execute(functionName, "a", { timeoutMs: 1500 }), "a slow call");
    assert.equal(late.code, "SL-DRPC-DEADLINE");
    const control = new AbortController();
    const given = client.execute(functionName, "a", { signal: control.signal });
    runtime.timers.after(100, () => control.abort());
    assert.equal((await stage.failure(given, "a call that is given up")).code, "SL-RPC-ABORTED");
    const cut = client.execute(functionName, "a");
    runtime.timers.after(100, () => void client.close());
    assert.equal((await stage.failure(cut, "a call of a closed client")).code, "SL-RPC-LOST");
  });

  it("does not repeat what a topology failed", async () => {
    const stage = new Stage();
    await stage.serve("drpc-1");
    const { runtime } = stage;
    const topology = connectThrift({ runtime, host: "drpc-1", port: 3773, service: DistributedRPCInvocations });
    const { calls } = await stage.finish(topology, "a topology");
    const client = new DRPCClient("drpc-1", 3772, { runtime });
    const failing = stage.failure(client.execute(functionName, "a"), "the call").catch((error: unknown) => error);
    const fail = async (): Promise<void> => {
      const [request] = await calls.fetchRequests({ functionName, max: 1, waitMs: 9000 });
      await calls.failRequest({ id: request?.request_id ?? "" });
    };
    void fail();
    const error = await failing;
    assert.ok(DRPCExecutionException.is(error), String(error));
    assert.deepEqual(error.value, { msg: "Request failed", type: "FAILED_REQUEST" });
  });
});
