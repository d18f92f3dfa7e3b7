/** What a call comes to: its result, its failure, or nothing more than its time. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ending, Stage } from "./stage.ts";

const exclamation = "exclamation";

describe("a call", () => {
  it("is fetched in Storm's way and gets its result", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const nothing = await stage.finish(topology.fetchRequest({ functionName: exclamation }), "an early fetch");
    assert.deepEqual(nothing, { func_args: "", request_id: "" });
    const call = client.execute({ functionName: exclamation, funcArgs: "hello" });
    await stage.settle();
    const request = await stage.finish(topology.fetchRequest({ functionName: exclamation }), "a fetch");
    assert.equal(request.func_args, "hello");
    assert.match(request.request_id, /^[1-9][0-9]*$/);
    await stage.finish(topology.result({ id: request.request_id, result: "hello!" }), "the result");
    assert.equal(await stage.end(call, "the call"), "hello!");
    await stage.finish(topology.result({ id: request.request_id, result: "late" }), "a second result");
  });

  it("without arguments has empty ones, and may have an empty result", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const call = client.execute({ functionName: "f" });
    const [request] = await stage.finish(topology.fetchRequests({ functionName: "f", max: 9, waitMs: 1000 }), "fetch");
    assert.equal(request?.func_args, "");
    await stage.finish(topology.result({ id: request?.request_id ?? "" }), "the result");
    assert.equal(await stage.end(call, "the call"), "");
  });

  it("fails in Storm's words, or in the topology's", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const calls = ["a", "b", "c"].map((funcArgs) => client.execute({ functionName: "f", funcArgs }));
    await stage.settle();
    const requests = await stage.finish(topology.fetchRequests({ functionName: "f", max: 9, waitMs: 1000 }), "fetch");
    const [a = "", b = "", c = ""] = requests.map(({ request_id }) => request_id);
    await stage.finish(topology.failRequest({ id: a }), "fail");
    await stage.finish(topology.failRequestV2({ id: b, e: { msg: "no such page" } }), "fail in words");
    const failure = { msg: "broken", type: "INTERNAL_ERROR" } as const;
    await stage.finish(topology.results({ results: [{ request_id: c, failure }] }), "fail in a batch");
    const ends = await stage.finish(Promise.all(calls.map(ending)), "all");
    assert.deepEqual(ends, [
      "FAILED_REQUEST: Request failed",
      "FAILED_REQUEST: no such page",
      "INTERNAL_ERROR: broken",
    ]);
  });

  it("ends at its time, to the millisecond, fetched or not", async () => {
    const stage = new Stage({ "drpc.request.timeout.secs": 5 });
    await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const { clock } = stage.clientRuntime;
    const beganMs = clock.monotonicMs();
    const fetched = client.execute({ functionName: "slow", funcArgs: "x" });
    const nobody = client.execute({ functionName: "nobody", funcArgs: "y" });
    const [request] = await stage.finish(
      topology.fetchRequests({ functionName: "slow", max: 1, waitMs: 1000 }),
      "fetch",
    );
    assert.equal(await stage.end(fetched, "the slow one"), "SERVER_TIMEOUT: Timed Out");
    assert.equal(await stage.end(nobody, "the other"), "SERVER_TIMEOUT: Timed Out");
    const tookMs = clock.monotonicMs() - beganMs;
    assert.ok(tookMs >= 5000 && tookMs < 5100, `${tookMs} ms`);
    await stage.finish(topology.result({ id: request?.request_id ?? "", result: "too late" }), "a late result");
    const late = await stage.finish(topology.fetchRequest({ functionName: "nobody" }), "a late fetch");
    assert.equal(late.request_id, "");
  });

  it("whose client has gone is never handed out", async () => {
    const stage = new Stage();
    await stage.serve();
    const gone = await stage.client();
    const { calls: stays } = await stage.client();
    const { calls: topology } = await stage.topology();
    gone.calls.execute({ functionName: "f", funcArgs: "gone" }).catch(() => {});
    await stage.settle();
    await stage.finish(gone.close(), "one goes");
    await stage.settle();
    const call = stays.execute({ functionName: "f", funcArgs: "stays" });
    const requests = await stage.finish(topology.fetchRequests({ functionName: "f", max: 9, waitMs: 1000 }), "fetch");
    assert.deepEqual(
      requests.map(({ func_args }) => func_args),
      ["stays"],
    );
    await stage.finish(topology.result({ id: requests[0]?.request_id ?? "", result: "ok" }), "the result");
    assert.equal(await stage.end(call, "the call"), "ok");
  });

  it("is refused when too many of its function wait, and others go on", async () => {
    const stage = new Stage({ "storm-lab.drpc.function.waiting.max": 2 });
    await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const waiting = ["1", "2"].map((funcArgs) => client.execute({ functionName: "f", funcArgs }));
    assert.match(await stage.end(client.execute({ functionName: "f" }), "one too many"), /^INTERNAL_ERROR: Too many/);
    waiting.push(client.execute({ functionName: "other", funcArgs: "3" }));
    await stage.settle();
    for (const functionName of ["f", "other"]) {
      const requests = await stage.finish(topology.fetchRequests({ functionName, max: 9, waitMs: 1000 }), "fetch");
      const results = requests.map(({ request_id, func_args: result }) => ({ request_id, result }));
      await stage.finish(topology.results({ results }), "results");
    }
    assert.deepEqual(await stage.finish(Promise.all(waiting), "the others"), ["1", "2", "3"]);
  });
});

describe("a server that stops", () => {
  it("tells everybody who waits", async () => {
    const stage = new Stage();
    const server = await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const calls = ["f", "g"].map((functionName) => client.execute({ functionName, funcArgs: "x" }));
    const fetched = await stage.finish(topology.fetchRequests({ functionName: "g", max: 1, waitMs: 9000 }), "a fetch");
    assert.equal(fetched.length, 1);
    const poll = topology.fetchRequests({ functionName: "h", max: 1, waitMs: 9000 });
    await stage.settle();
    const ends = Promise.all(calls.map(ending));
    await stage.finish(server.stop(), "the stop");
    assert.deepEqual(await stage.finish(poll, "the poll"), []);
    const expected = "SERVER_SHUTDOWN: Server Shutting Down";
    assert.deepEqual(await stage.finish(ends, "the calls"), [expected, expected]);
  });
});
