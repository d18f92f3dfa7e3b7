/** How calls are pushed to topologies: together, evenly, and to others when one is lost. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ending, Stage } from "./stage.ts";

const functionName = "f";
const waitMs = 30_000;

describe("a topology that waits", () => {
  it("gets calls that come together in one answer, and no more than it asked for", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const first = topology.fetchRequests({ functionName, max: 3, waitMs });
    await stage.settle();
    const args = ["a", "b", "c", "d"];
    const ends = args.map((funcArgs) => ending(client.execute({ functionName, funcArgs })));
    const pushed = await stage.finish(first, "the first push");
    assert.deepEqual(
      pushed.map(({ func_args }) => func_args),
      ["a", "b", "c"],
    );
    const rest = await stage.finish(topology.fetchRequests({ functionName, max: 3, waitMs }), "the second push");
    assert.deepEqual(
      rest.map(({ func_args }) => func_args),
      ["d"],
    );
    const results = [...pushed, ...rest].map(({ request_id, func_args }) => ({ request_id, result: `${func_args}!` }));
    await stage.finish(topology.results({ results: results.reverse() }), "results in another order");
    assert.deepEqual(await stage.finish(Promise.all(ends), "calls"), ["a!", "b!", "c!", "d!"]);
  });

  it("gets nothing after the time that it would wait, or sooner when it would wait for long", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: topology } = await stage.topology();
    const { clock } = stage.clientRuntime;
    const beganMs = clock.monotonicMs();
    assert.deepEqual(await stage.finish(topology.fetchRequests({ functionName, max: 1, waitMs: 700 }), "nothing"), []);
    assert.ok(clock.monotonicMs() - beganMs >= 700);
    const forever = topology.fetchRequests({ functionName, max: -1, waitMs: 2_000_000_000 });
    assert.deepEqual(await stage.finish(forever, "nothing, later", 62_000), []);
  });

  it("shares calls with the others that wait", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const topologies = [await stage.topology(), await stage.topology()];
    const polls = topologies.map(({ calls }) => calls.fetchRequests({ functionName, max: 100, waitMs }));
    await stage.settle();
    for (let index = 0; index < 10; index++) client.execute({ functionName, funcArgs: "x" }).catch(() => {});
    const pushed = await stage.finish(Promise.all(polls), "both pushes");
    assert.deepEqual(
      pushed.map(({ length }) => length),
      [5, 5],
    );
  });

  it("that is lost leaves its calls to others, ahead of later ones", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const lost = await stage.topology();
    const ends = ["a", "b"].map((funcArgs) => ending(client.execute({ functionName, funcArgs })));
    await stage.settle();
    await stage.finish(lost.calls.fetchRequests({ functionName, max: 9, waitMs }), "a push");
    ends.push(ending(client.execute({ functionName, funcArgs: "c" })));
    await stage.settle();
    await stage.finish(lost.close(), "it is lost");
    await stage.settle();
    const { calls: other } = await stage.topology();
    const pushed = await stage.finish(other.fetchRequests({ functionName, max: 9, waitMs }), "a push to another");
    assert.deepEqual(
      pushed.map(({ func_args }) => func_args),
      ["a", "b", "c"],
    );
    const results = pushed.map(({ request_id, func_args: result }) => ({ request_id, result }));
    await stage.finish(other.results({ results }), "results");
    assert.deepEqual(await stage.finish(Promise.all(ends), "calls"), ["a", "b", "c"]);
  });

  it("that is lost may be the third with a call, and then the call fails", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const end = ending(client.execute({ functionName, funcArgs: "poison" }));
    for (let attempt = 1; attempt <= 3; attempt++) {
      const topology = await stage.topology();
      const { length } = await stage.finish(topology.calls.fetchRequests({ functionName, max: 9, waitMs }), "a push");
      assert.equal(length, 1);
      await stage.finish(topology.close(), "it is lost");
    }
    assert.match(await stage.finish(end, "the call"), /^FAILED_REQUEST: Request failed: 3 spouts/);
  });

  it("that is lost with a result on the way elsewhere is not needed: the first answer counts", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const spout = await stage.topology();
    const { calls: returning } = await stage.topology();
    const end = ending(client.execute({ functionName, funcArgs: "a" }));
    const [request] = await stage.finish(spout.calls.fetchRequests({ functionName, max: 9, waitMs }), "a push");
    const id = request?.request_id ?? "";
    await stage.finish(spout.close(), "the spout is lost");
    await stage.settle();
    await stage.finish(returning.result({ id, result: "from before" }), "its result");
    assert.equal(await stage.finish(end, "the call"), "from before");
    const again = await stage.finish(returning.fetchRequests({ functionName, max: 9, waitMs: 100 }), "nothing left");
    assert.deepEqual(again, []);
  });

  it("in Storm's way keeps its calls when its connection ends", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const spout = await stage.topology();
    const { calls: returning } = await stage.topology();
    const end = ending(client.execute({ functionName, funcArgs: "a" }));
    await stage.settle();
    const request = await stage.finish(spout.calls.fetchRequest({ functionName }), "a fetch");
    await stage.finish(spout.close(), "the spout goes");
    const nothing = await stage.finish(returning.fetchRequests({ functionName, max: 9, waitMs: 100 }), "nothing");
    assert.deepEqual(nothing, []);
    await stage.finish(returning.result({ id: request.request_id, result: "ok" }), "its result");
    assert.equal(await stage.finish(end, "the call"), "ok");
  });

  it("long arguments come in pushes that are not too long", async () => {
    const stage = new Stage();
    await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const long = "ü".repeat(200_000);
    const ends = [1, 2, 3].map((number) => ending(client.execute({ functionName, funcArgs: `${number}${long}` })));
    await stage.settle(2000);
    for (let number = 1; number <= 3; number++) {
      const pushed = await stage.finish(topology.fetchRequests({ functionName, max: 9, waitMs }), "a push");
      assert.deepEqual(
        pushed.map(({ func_args }) => func_args === `${number}${long}`),
        [true],
      );
      await stage.finish(topology.result({ id: pushed[0]?.request_id ?? "", result: long }), "the result");
    }
    assert.deepEqual(await stage.finish(Promise.all(ends), "calls"), [long, long, long]);
  });
});
