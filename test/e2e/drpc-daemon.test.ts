/** `storm-lab drpc` as a process: what it says, whom it serves, and how it ends those who wait. */
import assert from "node:assert/strict";
import { it } from "node:test";
import { connectThrift, type ThriftClient } from "../../src/rpc/index.ts";
import { DistributedRPC, DistributedRPCInvocations, DRPCExecutionException } from "../../src/wire/thrift/index.ts";
import { deadline, startStormLab, temporaryDirectory } from "../kit/index.ts";
import { freePorts, startDRPCProcess } from "./drpc-process.ts";
import { runtime } from "./zookeeper-process.ts";

const host = "127.0.0.1";
const stepMs = 60_000;
const functionName = "exclamation";

it("serves clients and topologies without a cluster, and tells them when it is stopped", async () => {
  await using folder = await temporaryDirectory();
  await using child = startDRPCProcess(folder, freePorts);
  const { port, invocationsPort } = await child.ports;
  await using client = await connectThrift({ runtime, host, port, service: DistributedRPC });
  const service = DistributedRPCInvocations;
  await using topology = await connectThrift({ runtime, host, port: invocationsPort, service });
  const answered = client.calls.execute({ functionName, funcArgs: "hello" });
  const pushed = await topology.calls.fetchRequests({ functionName, max: 10, waitMs: 60_000 });
  const results = pushed.map(({ request_id, func_args }) => ({ request_id, result: `${func_args}!` }));
  await topology.calls.results({ results });
  assert.equal(await deadline(answered, stepMs, "the answer"), "hello!");
  await callFromAShell(`${host}:${port}`, topology.calls);
  const waiting = client.calls.execute({ functionName, funcArgs: "nobody" }).catch((error: unknown) => error);
  assert.equal((await topology.calls.fetchRequests({ functionName, max: 10, waitMs: 60_000 })).length, 1);
  child.process.signal("SIGTERM");
  const failure = await deadline(waiting, stepMs, "the end of the other call");
  assert.ok(DRPCExecutionException.is(failure), String(failure));
  assert.equal(failure.value.type, "SERVER_SHUTDOWN");
  await child.process.assertExit(143, stepMs);
});

async function callFromAShell(
  server: string,
  topology: ThriftClient<typeof DistributedRPCInvocations.methods>["calls"],
): Promise<void> {
  let isOver = false;
  const answering = async (): Promise<void> => {
    while (!isOver) {
      const requests = await topology.fetchRequests({ functionName, max: 10, waitMs: 1000 });
      const results = requests.map(({ request_id, func_args }) => ({ request_id, result: `${func_args}!` }));
      if (results.length > 0) await topology.results({ results });
    }
  };
  const answered = answering();
  await using call = startStormLab(["drpc", "call", functionName, "grüß dich", "--server", server]);
  await call.assertExit(0, stepMs);
  assert.equal(call.stdout, "grüß dich!\n");
  const words = ["drpc", "bench", "--clients", "4", "--calls", "100", "-o", "json", "--server", server];
  await using bench = startStormLab(words);
  await bench.assertExit(0, stepMs);
  assert.equal((JSON.parse(bench.stdout) as { calls: number }).calls, 100);
  await using nobody = startStormLab(["drpc", "call", "nobody", "--timeout", "1", "--server", server]);
  await nobody.assertExit(6, stepMs);
  assert.match(nobody.stderr, /SL-DRPC-DEADLINE the call of nobody was not answered within 1000 ms/);
  isOver = true;
  await answered;
}
