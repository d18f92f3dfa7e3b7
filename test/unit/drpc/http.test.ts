/** Calls over HTTP, by the bytes: what is asked, and how each end of a call is told. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Stage } from "./stage.ts";

interface Line {
  readonly received: () => string;
  readonly isClosed: () => boolean;
  send(text: string): void;
  destroy(): void;
}

async function dial(stage: Stage): Promise<Line> {
  const socket = await stage.finish(
    stage.clientRuntime.net.connect({ host: "server", port: 3774, timeoutMs: 5000 }).then((connected) => {
      connected.handle({
        data: (bytes) => {
          received += Buffer.from(bytes).toString("utf8");
        },
        close: () => {
          isClosed = true;
        },
      });
      return connected;
    }),
    "a connection",
  );
  let received = "";
  let isClosed = false;
  return {
    received: () => received,
    isClosed: () => isClosed,
    send: (text) => void socket.write(Buffer.from(text)),
    destroy: () => socket.destroy(),
  };
}

/** Answers calls of f: with their arguments and a mark, or fails those that begin with "fail". */
async function answering(stage: Stage): Promise<void> {
  const { calls } = await stage.topology();
  const loop = async (): Promise<void> => {
    for (;;) {
      const requests = await calls.fetchRequests({ functionName: "f", max: 9, waitMs: 60_000 });
      for (const { request_id: id, func_args: args } of requests) {
        if (args.startsWith("fail")) await calls.failRequestV2({ id, e: { msg: args, type: "FAILED_REQUEST" } });
        else await calls.result({ id, result: `${args}!` });
      }
    }
  };
  loop().catch(() => {});
}

function lastBody(text: string): string {
  return text.slice(text.lastIndexOf("\r\n\r\n") + 4);
}

describe("a call over HTTP", () => {
  it("has its arguments in the path or in the body, and gets the result as plain text", async () => {
    const stage = new Stage();
    await stage.serve();
    await answering(stage);
    const line = await dial(stage);
    const requests: [string, string][] = [
      ["GET /drpc/f/hello HTTP/1.1\r\n\r\n", "hello!"],
      ["GET /drpc/f/gr%C3%BC%C3%9F%20dich%2F+1?x=y HTTP/1.1\r\n\r\n", "grüß dich/+1!"],
      ["GET /drpc/f HTTP/1.1\r\n\r\n", "!"],
      ["GET /drpc/f/ HTTP/1.1\r\n\r\n", "!"],
      ["POST /drpc/f HTTP/1.1\r\nContent-Length: 6\r\n\r\nгде", "где!"],
      ["POST /drpc/f HTTP/1.1\r\nContent-Length: 0\r\n\r\n", "!"],
    ];
    for (const [index, [request, result]] of requests.entries()) {
      line.send(request);
      const count = index + 1;
      await stage.world.until(() => line.received().split("HTTP/1.1 200 OK").length > count, {
        what: request,
        deadlineMs: 10_000,
      });
      await stage.settle();
      assert.equal(lastBody(line.received()), result);
    }
    assert.match(line.received(), /Content-Type: text\/plain;charset=utf-8\r\nContent-Length: 6\r\n\r\nhello!/);
  });

  it("is answered in its turn when several are sent at once", async () => {
    const stage = new Stage();
    await stage.serve();
    await answering(stage);
    const line = await dial(stage);
    line.send("GET /drpc/f/1 HTTP/1.1\r\n\r\nGET /drpc/f/2 HTTP/1.1\r\n\r\nGET /drpc/f/3 HTTP/1.0\r\n\r\n");
    await stage.world.until(line.isClosed, { what: "the end", deadlineMs: 10_000 });
    assert.deepEqual(line.received().match(/\d!/g), ["1!", "2!", "3!"]);
  });

  for (const [what, request, status, body] of [
    ["a failure", "GET /drpc/f/fail%20x HTTP/1.1\r\n\r\n", 400, { error: "FAILED_REQUEST", errorMessage: "fail x" }],
    ["its time", "GET /drpc/none HTTP/1.1\r\n\r\n", 504, { error: "SERVER_TIMEOUT", errorMessage: "Timed Out" }],
    ["another path", "GET /drpc/f/a/b HTTP/1.1\r\n\r\n", 404, { error: "Not found" }],
    ["no path", "GET / HTTP/1.1\r\n\r\n", 404, { error: "Not found" }],
    ["a path that is not UTF-8", "GET /drpc/f/%ff HTTP/1.1\r\n\r\n", 400, { error: "Bad request" }],
    ["another method", "DELETE /drpc/f HTTP/1.1\r\n\r\n", 405, { error: "Method not allowed" }],
    ["a long body", "POST /drpc/f HTTP/1.1\r\nContent-Length: 2000000\r\n\r\n", 413, { error: "Bad request" }],
  ] as const) {
    it(`tells of ${what} with ${status}`, async () => {
      const stage = new Stage({ "drpc.request.timeout.secs": 5 });
      await stage.serve();
      await answering(stage);
      const line = await dial(stage);
      line.send(request);
      const told = () => /\r\n\r\n\{.*\}/.test(line.received());
      await stage.world.until(told, { what: "the answer", deadlineMs: 10_000 });
      assert.match(line.received(), new RegExp(`^HTTP/1\\.1 ${status} `));
      assert.deepEqual({ ...JSON.parse(lastBody(line.received())), ...body }, JSON.parse(lastBody(line.received())));
    });
  }

  it("ends with 503 when the server stops, and is not handed out when its client goes", async () => {
    const stage = new Stage();
    const server = await stage.serve();
    const goes = await dial(stage);
    const stays = await dial(stage);
    goes.send("GET /drpc/f/goes HTTP/1.1\r\n\r\n");
    stays.send("GET /drpc/f/stays HTTP/1.1\r\n\r\n");
    await stage.settle();
    goes.destroy();
    await stage.settle();
    const { calls } = await stage.topology();
    const pushed = await stage.finish(calls.fetchRequests({ functionName: "f", max: 9, waitMs: 1000 }), "a fetch");
    assert.deepEqual(
      pushed.map(({ func_args }) => func_args),
      ["stays"],
    );
    await stage.finish(server.stop(), "the stop");
    await stage.settle();
    assert.match(
      stays.received(),
      /^HTTP\/1\.1 503 .*"error":"SERVER_SHUTDOWN","errorMessage":"Server Shutting Down"/s,
    );
  });

  it("that does not end, and a connection on which nothing comes, end after a minute", async () => {
    const stage = new Stage();
    await stage.serve();
    const half = await dial(stage);
    const idle = await dial(stage);
    half.send("POST /drpc/f HTTP/1.1\r\nContent-Length: 10\r\n\r\nhalf");
    await stage.world.until(() => half.isClosed() && idle.isClosed(), { what: "their ends", deadlineMs: 90_000 });
    assert.match(half.received(), /^HTTP\/1\.1 408 /);
    assert.equal(idle.received(), "");
  });
});
