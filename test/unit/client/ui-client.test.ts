/** The client of the ui daemon: answers, refusals, silence, and a stream that goes on where it was after the daemon was away. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStormLabError, type SimulatedProcess, SimulatedWorld } from "../../../src/base/index.ts";
import { UiClient, type UiEventStream } from "../../../src/client/index.ts";
import { type HttpAnswer, type HttpHandler, type HttpStream, serveHttp } from "../../../src/http/index.ts";
import type { HttpRequest } from "../../../src/wire/http/index.ts";

type Answering = (request: HttpRequest) => HttpAnswer | HttpStream | null;

class Stage {
  readonly world = new SimulatedWorld({ seed: 11, logLevel: "error" });
  readonly client = this.world.start({ host: "client" }).runtime;
  readonly asked: HttpRequest[] = [];
  #daemon: SimulatedProcess | null = null;

  async start(answering: Answering): Promise<void> {
    const daemon = this.world.start({ host: "ui" });
    this.#daemon = daemon;
    const handler: HttpHandler = (request, answer) => {
      this.asked.push(request);
      const answered = answering(request);
      if (answered !== null) answer(answered);
      return () => {};
    };
    const options = { name: "ui", portKey: "ui.port", host: null, port: 8080, bodyBytesMax: 1000, connectionsMax: 10 };
    await this.finish(serveHttp(daemon.runtime, { ...options, handler }));
  }

  kill(): void {
    this.world.kill(this.#daemon?.pid ?? 0);
  }

  open(token?: string): UiClient {
    return new UiClient({ runtime: this.client, url: "http://ui:8080/", ...(token === undefined ? {} : { token }) });
  }

  finish<T>(promise: Promise<T>): Promise<T> {
    return this.world.finish(promise, { what: "an answer" });
  }

  rejects(promise: Promise<unknown>, code: string, why: RegExp): Promise<void> {
    return this.finish(
      assert.rejects(promise, (error) => isStormLabError(error, code) && why.test(`${error.message} ${error.why}`)),
    );
  }
}

function json(status: number, value: unknown): HttpAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(value) };
}

describe("the client of the ui daemon", () => {
  it("asks, acts with the token, and reads logs", async () => {
    const stage = new Stage();
    await stage.start(({ target }) =>
      target.includes("daemonlog")
        ? {
            status: 200,
            contentType: "text/plain",
            body: "one\n汉\n",
            headers: { "X-Log-Start": "7", "X-Log-Size": "15" },
          }
        : json(200, { target }),
    );
    const ui = stage.open("secret");
    const answer = await stage.finish(ui.component("a b/1", "c", { query: { window: "600" } }));
    assert.deepEqual(answer, { target: "/api/v1/topology/a%20b%2F1/component/c?window=600" });
    await stage.finish(ui.act("topology/x/rebalance/0", { rebalanceOptions: { numWorkers: 2 } }));
    assert.deepEqual(await stage.finish(ui.log("daemonlog", { query: { file: "nimbus.log" } })), {
      text: "one\n汉\n",
      start: 7,
      size: 15,
    });
    const [got, acted] = stage.asked;
    assert.deepEqual(
      [got?.method, got?.headers.get("host"), got?.headers.get("authorization")],
      ["GET", "ui:8080", undefined],
    );
    assert.deepEqual([acted?.method, acted?.headers.get("authorization")], ["POST", "Bearer secret"]);
    assert.equal(Buffer.from(acted?.body ?? []).toString(), '{"rebalanceOptions":{"numWorkers":2}}');
  });

  it("tells why: nobody there, no answer in time, a refusal in the daemon's words, given up", async () => {
    const stage = new Stage();
    const ui = stage.open();
    stage.world.host("ui");
    await stage.rejects(ui.get("cluster/summary"), "SL-UI-AWAY", /ui:8080.*ECONNREFUSED/);
    await stage.start(({ target }) =>
      target.endsWith("/nimbus/summary")
        ? null
        : json(500, { error: "x", errorMessage: "SL-NIMBUS-LEADER-NOT-FOUND: nobody leads" }),
    );
    await stage.rejects(ui.get("cluster/summary"), "SL-UI-REFUSED", /500.*nobody leads/);
    await stage.rejects(ui.get("nimbus/summary"), "SL-UI-AWAY", /no answer within 10000 ms|nothing came for 10000 ms/);
    const abort = new AbortController();
    const given = ui.get("nimbus/summary", { signal: abort.signal });
    abort.abort();
    await stage.rejects(given, "SL-UI-ABORTED", /given up/);
    assert.throws(() => new UiClient({ runtime: stage.client, url: "https://x" }), /no address/);
  });

  it("follows a stream, and goes on with the last id when the daemon comes back", async () => {
    const stage = new Stage();
    const told: string[] = [];
    const until = (text: string) => stage.world.until(() => told.includes(text), { what: text });
    const stream = (text: string): Answering => {
      return () => ({
        status: 200,
        contentType: "text/event-stream",
        begin: (write) => {
          write(text);
          return () => {};
        },
      });
    };
    const following: UiEventStream = stage.open().follow("events", {
      event: (name, data) => void told.push(`${name} ${JSON.stringify(data)}`),
      connected: () => void told.push("connected"),
      away: (_, retryMs) => void told.push(`away ${retryMs}`),
    });
    await until("away 1000");
    await stage.start(stream('retry: 300\n\nid: a-1\nevent: picture\ndata: {"n":1}\n\n'));
    await until('picture {"n":1}');
    assert.equal(stage.asked[0]?.headers.get("last-event-id"), undefined);
    stage.kill();
    await until("away 300");
    await stage.start(stream('id: a-2\nevent: happening\ndata: {"n":2}\n\n'));
    await until('happening {"n":2}');
    assert.equal(stage.asked.at(-1)?.headers.get("last-event-id"), "a-1");
    await stage.finish(following.stop());
    const count = told.length;
    stage.kill();
    await stage.finish(new Promise<void>((resolve) => stage.client.timers.after(20_000, resolve)));
    assert.equal(told.length, count, "told after it was stopped");
  });

  it("notices a daemon that keeps its connection and says nothing", async () => {
    const stage = new Stage();
    const told: string[] = [];
    await stage.start(() => ({ status: 200, contentType: "text/event-stream", begin: () => () => {} }));
    const following = stage.open().follow("events", {
      event: () => {},
      away: (reason) => void told.push(reason),
    });
    await stage.world.until(() => told.length > 0, { what: "silence", deadlineMs: 120_000 });
    assert.deepEqual(told, ["nothing came for 40000 ms"]);
    await stage.finish(following.stop());
  });
});
