/** What a DRPC server tells Prometheus of its calls. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { scrapeMetrics, sumOf } from "../../kit/prometheus.ts";
import { ending, Stage } from "./stage.ts";

/** One request over HTTP, by its bytes. */
async function ask(stage: Stage, request: string): Promise<{ readonly head: string; readonly body: string }> {
  let received = "";
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  const connected = stage.clientRuntime.net.connect({ host: "server", port: 3774, timeoutMs: 5000 });
  await stage.finish(
    connected.then((socket) => {
      socket.handle({
        data: (bytes) => {
          received += Buffer.from(bytes).toString("utf8");
        },
        close: () => resolve(),
      });
      socket.write(Buffer.from(`${request} HTTP/1.1\r\nConnection: close\r\n\r\n`));
    }),
    "a connection",
  );
  await stage.finish(closed, "the answer");
  const end = received.indexOf("\r\n\r\n");
  return { head: received.slice(0, end), body: received.slice(end + 4) };
}

function scrape(stage: Stage) {
  return stage.finish(scrapeMetrics(stage.clientRuntime, "server", 3774), "the metrics");
}

describe("a DRPC server's metrics", () => {
  it("tell what became of calls", async () => {
    const stage = new Stage({ "drpc.request.timeout.secs": 5 });
    const server = await stage.serve();
    const { calls: client } = await stage.client();
    const { calls: topology } = await stage.topology();
    const call = (functionName: string) => ending(client.execute({ functionName, funcArgs: "x" }));
    const answered = call("f");
    const failed = call("f");
    const [first, second] = await stage.finish(
      topology.fetchRequests({ functionName: "f", max: 9, waitMs: 1 }),
      "calls",
    );
    await stage.settle(200);
    await stage.finish(topology.result({ id: first?.request_id ?? "", result: "y" }), "an answer");
    await stage.finish(topology.failRequest({ id: second?.request_id ?? "" }), "a failure");
    assert.equal(await stage.end(answered, "the answered call"), "y");
    await stage.end(failed, "the failed call");
    const waits = call('g"\n');
    await stage.settle();

    const during = await scrape(stage);
    assert.equal(sumOf(during, "storm_drpc_execute_calls_total", { function: "f" }), 2);
    assert.equal(sumOf(during, "storm_drpc_answered_calls_total", { function: "f" }), 1);
    assert.equal(sumOf(during, "storm_drpc_failed_calls_total", { function: "f", type: "FAILED_REQUEST" }), 1);
    assert.equal(sumOf(during, "storm_drpc_waiting_calls", { function: "f" }), 0);
    assert.equal(sumOf(during, "storm_drpc_waiting_calls", { function: 'g"\n' }), 1);
    assert.equal(sumOf(during, "storm_drpc_answer_seconds_bucket", { function: "f", le: "0.1" }), 0);
    assert.equal(sumOf(during, "storm_drpc_answer_seconds_bucket", { function: "f", le: "1" }), 1);
    assert.ok(sumOf(during, "storm_lab_uptime_seconds") > 0.2);

    assert.match(await stage.end(waits, "the call that nobody answers"), /SERVER_TIMEOUT/);
    const after = await scrape(stage);
    assert.equal(sumOf(after, "storm_drpc_failed_calls_total", { function: 'g"\n', type: "SERVER_TIMEOUT" }), 1);
    assert.equal(sumOf(after, "storm_drpc_waiting_calls"), 0);
    await stage.finish(server.stop(), "the end");
  });

  it("count a call whose client has gone, and one that is refused", async () => {
    const stage = new Stage({ "storm-lab.drpc.function.waiting.max": 1 });
    await stage.serve();
    const client = await stage.client();
    const gone = ending(client.calls.execute({ functionName: "f", funcArgs: "" })).catch(() => {});
    await stage.settle();
    const { body } = await ask(stage, "GET /drpc/f/x");
    assert.match(body, /Too many calls wait/);
    await stage.finish(client.close(), "the client's end");
    await stage.finish(gone, "its call's end");
    await stage.settle();
    const read = await scrape(stage);
    assert.equal(sumOf(read, "storm_drpc_failed_calls_total", { function: "f", type: "INTERNAL_ERROR" }), 1);
    assert.equal(sumOf(read, "storm_drpc_withdrawn_calls_total", { function: "f" }), 1);
    assert.equal(sumOf(read, "storm_drpc_waiting_calls"), 0);
  });

  it("name no more functions than a hundred, and none of a long name", async () => {
    const stage = new Stage();
    const server = await stage.serve();
    const { calls } = await stage.client();
    const names = [...Array.from({ length: 150 }, (_, index) => `f${index}`), "n".repeat(1000)];
    const ends = names.map((functionName) => ending(calls.execute({ functionName, funcArgs: "" })));
    await stage.settle();
    const read = await scrape(stage);
    const { samples = [] } = read.get("storm_drpc_execute_calls_total") ?? {};
    assert.equal(samples.length, 101);
    assert.equal(samples.find(({ labels }) => labels.function === undefined)?.value, 51);
    await stage.finish(server.stop(), "the end");
    await stage.finish(Promise.all(ends), "the calls");
  });

  it("are asked for by GET alone, and are beside the calls", async () => {
    const stage = new Stage();
    await stage.serve();
    assert.match((await ask(stage, "POST /metrics")).head, /^HTTP\/1\.1 405 .*\r\n/);
    assert.match((await ask(stage, "GET /metrics?name[]=x")).head, /^HTTP\/1\.1 200 /);
    assert.match((await ask(stage, "GET /metrics/x")).head, /^HTTP\/1\.1 404 /);
  });
});
