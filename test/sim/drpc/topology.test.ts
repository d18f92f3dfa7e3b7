/** Our DRPC topology over the network: before our server, which pushes, and before one that knows Storm's calls alone. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SimulatedWorld } from "../../../src/base/index.ts";
import { DRPCClient } from "../../../src/client/index.ts";
import { DRPC } from "../../../src/drpc/drpc.ts";
import { clientCalls, topologyCalls } from "../../../src/drpc/thrift-calls.ts";
import { type Conf, LocalCluster, type StormTopology } from "../../../src/index.ts";
import { type Handlers, serveThrift } from "../../../src/rpc/index.ts";
import { DistributedRPC, DistributedRPCInvocations } from "../../../src/wire/thrift/index.ts";
import { exclamation, uniqueWords } from "../../unit/drpc/functions.ts";

const conf: Conf = { "drpc.servers": ["one", "two"], "topology.message.timeout.secs": 10 };
const limits = { requestTimeoutMs: 60_000, functionWaitingMax: 20_000, heldCharactersMax: 10_000_000 };

type Methods = typeof DistributedRPCInvocations.methods;

function stage(kind: "ours" | "stock", seed = 1) {
  const world = new SimulatedWorld({ seed, logLevel: "error" });
  let asked = 0;
  world.registerProgram("server", async (runtime) => {
    const drpc = new DRPC(runtime, limits);
    const whole = topologyCalls(drpc);
    const { result, failRequest, failRequestV2 } = whole;
    const fetchRequest: typeof whole.fetchRequest = (args, call) => {
      asked++;
      return whole.fetchRequest?.(args, call) ?? { func_args: "", request_id: "" };
    };
    // A method without a handler is answered UNKNOWN_METHOD.
    const stock = { result, failRequest, failRequestV2, fetchRequest } as Handlers<Methods>;
    const handlers = kind === "stock" ? stock : { ...whole, fetchRequest };
    await serveThrift({ runtime, port: 3773, service: DistributedRPCInvocations, handlers });
    await serveThrift({ runtime, port: 3772, service: DistributedRPC, handlers: clientCalls(drpc) });
    return new Promise<number>(() => {});
  });
  const servers = ["one", "two"].map((host) => world.start({ host, program: "server" }));
  const topology = (made: () => StormTopology, host = "worker") =>
    world.start({
      host,
      program: async (runtime) => {
        const cluster = new LocalCluster({ runtime, onError: () => {} });
        await cluster.submitTopology("functions", { ...conf, "topology.workers": 2 }, made());
        return new Promise<number>(() => {});
      },
    });
  const { runtime } = world.start({ host: "client", name: "client" });
  const clientOf = (host: string) => new DRPCClient(host, 3772, { runtime });
  const all = (calls: readonly Promise<string>[]) =>
    world.finish(Promise.all(calls), { what: "all answer", deadlineMs: 120_000 });
  return { world, servers, topology, clientOf, all, asked: () => asked };
}

for (const kind of ["ours", "stock"] as const) {
  describe(`a DRPC topology before ${kind === "ours" ? "our server" : "one that knows Storm's calls alone"}`, () => {
    it("answers the calls of several servers", async () => {
      const { topology, clientOf, all, asked } = stage(kind);
      topology(() => uniqueWords().createRemoteTopology());
      const [one, two] = [clientOf("one"), clientOf("two")];
      const calls = Array.from({ length: 200 }, (_, size) => {
        const text = Array.from({ length: size }, (_, each) => `w${each}`).join(" ");
        return (size % 2 === 0 ? one : two).execute("unique-words", text);
      });
      assert.deepEqual(
        await all(calls),
        calls.map((_, size) => String(size)),
      );
      assert.equal(asked() > 0, kind === "stock", `it was asked ${asked()} times`);
    });

    it("tells failures, and that a result is too long for a message", async () => {
      const { world, topology, clientOf } = stage(kind);
      topology(() => exclamation().createRemoteTopology());
      const client = clientOf("one");
      const finish = (call: Promise<string>) => world.finish(call, { what: "it ends", deadlineMs: 60_000 });
      await assert.rejects(finish(client.execute("exclamation", "fail")), { message: "Request failed" });
      const long = "x".repeat(1_048_576 - 200);
      await assert.rejects(
        finish(client.execute("exclamation", long)),
        /The result has \d+ bytes; drpc.max_buffer_size/,
      );
      const fitting = "x".repeat(1_000_000);
      assert.equal(await finish(client.execute("exclamation", fitting)), `${fitting}!`);
    });

    it("finds a server again that was killed", async () => {
      const { world, servers, topology, clientOf, all } = stage(kind);
      topology(() => exclamation().createRemoteTopology());
      assert.deepEqual(await all([clientOf("one").execute("exclamation", "a")]), ["a!"]);
      world.kill(servers[0]?.pid ?? 0);
      world.start({ host: "one", program: "server" });
      assert.deepEqual(await all([clientOf("one").execute("exclamation", "b")]), ["b!"]);
    });
  });
}

describe("calls that were pushed to a worker that is killed", () => {
  it("are answered by another one", async () => {
    const { world, topology, clientOf, all } = stage("ours");
    const silent = topology(() => exclamation().createRemoteTopology(), "first");
    const client = clientOf("one");
    assert.deepEqual(await all([client.execute("exclamation", "before")]), ["before!"]);
    world.pause(silent.pid);
    const calls = Array.from({ length: 50 }, (_, each) => client.execute("exclamation", `w${each}`));
    // By then they lie in the worker that is paused.
    world.at(world.nowMs + 1000, () => void topology(() => exclamation().createRemoteTopology(), "second"));
    world.at(world.nowMs + 3000, () => world.kill(silent.pid));
    assert.deepEqual(
      await all(calls),
      calls.map((_, each) => `w${each}!`),
    );
  });
});
