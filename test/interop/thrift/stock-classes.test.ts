/** Apache Storm's own clients call our servers, and our client calls Apache Storm's own server. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { apacheStormJars } from "../../../scripts/interop/apache-storm-jars.ts";
import { connectThrift, serveThrift } from "../../../src/rpc/index.ts";
import {
  type ClusterSummary,
  DistributedRPC,
  DRPCExecutionException,
  isApplicationError,
  Nimbus,
  NotAliveException,
} from "../../../src/wire/thrift/index.ts";
import { runtime } from "../../contract/zookeeper/world.ts";
import { eventually, freePort, type RunningProcess, repositoryRoot, startProcess } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const stepMs = 120_000;
const host = "127.0.0.1";

async function java(program: string, args: readonly string[]): Promise<RunningProcess> {
  const file = join(repositoryRoot, "test", "interop", "thrift", program);
  const options = ["-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-cp", join(await apacheStormJars(), "*")];
  return startProcess("java", [...options, file, ...args]);
}

function clusterOf(port: number): ClusterSummary {
  return {
    supervisors: [
      {
        host: "n1",
        uptime_secs: 5,
        num_workers: 4,
        num_used_workers: 1,
        supervisor_id: "s1",
        version: "2.8.8",
        total_resources: new Map([["cpu.pcore.percent", 400]]),
      },
    ],
    topologies: [
      { id: "wc-1-2", name: "wc", num_tasks: 3, num_executors: 2, num_workers: 1, uptime_secs: 9, status: "ACTIVE" },
    ],
    nimbuses: [{ host, port, uptime_secs: 1, isLeader: true, version: "2.8.8" }],
  };
}

async function serveNimbus(port: number, killed: unknown[]) {
  const cluster = clusterOf(port);
  return serveThrift({
    runtime,
    host,
    port,
    service: Nimbus,
    handlers: {
      getLeader: () => cluster.nimbuses[0] ?? null,
      getClusterInfo: async () => cluster,
      killTopologyWithOpts: ({ name, options }) => {
        if (name !== "wc") throw NotAliveException.error({ msg: `${name} is not alive` });
        killed.push(options);
      },
      getLogConfig: () => null,
      getNimbusConf: () => {
        throw new Error("a bug");
      },
      getOwnerResourceSummaries: ({ owner }) => (owner === undefined ? [{ owner: "everybody" }] : []),
      uploadChunk: ({ chunk }) => void killed.push(chunk.length),
      isTopologyNameAllowed: ({ name }) => name === "größe-字-😀",
    },
  });
}

test("Apache Storm's NimbusClient and DRPCClient call our servers", { skip: interopSkipped }, async () => {
  const seen: unknown[] = [];
  const nimbusPort = await freePort();
  await using nimbus = await serveNimbus(nimbusPort, seen);
  await using drpc = await serveThrift({
    runtime,
    host,
    port: 0,
    service: DistributedRPC,
    handlers: {
      execute: async ({ functionName, funcArgs = "null" }) => {
        if (functionName === "late") throw DRPCExecutionException.error({ msg: "too late", type: "SERVER_TIMEOUT" });
        return funcArgs;
      },
    },
  });
  await using client = await java("stock-client.java", [String(nimbus.port), String(drpc.port)]);
  await client.assertExit(0, stepMs);
  assert.deepEqual(
    client.stdout.split("\n").filter((line) => line.startsWith("# ")),
    [
      `# leader: NimbusSummary(host:127.0.0.1, port:${nimbusPort}, uptime_secs:1, isLeader:true, version:2.8.8)`,
      "# cluster: TopologySummary(id:wc-1-2, name:wc, num_tasks:3, num_executors:2, num_workers:1, uptime_secs:9, " +
        "status:ACTIVE) on {cpu.pcore.percent=400.0}",
      "# kill: done",
      "# kill nobody: NotAliveException none is not alive",
      "# no result: TApplicationException 5 getLogConfig failed: unknown result",
      "# bug: TApplicationException 6 Internal error processing getNimbusConf: a bug",
      "# unknown: TApplicationException 1 Invalid method name: 'getTopologySummaries'",
      "# null argument: [OwnerResourceSummary(owner:everybody)]",
      "# upload: done",
      "# name: true",
      "# execute: größe 字 😀",
      "# execute empty: ",
      "# execute null: null",
      "# execute large: 500000",
      "# execute late: DRPCExecutionException too late SERVER_TIMEOUT",
      "# execute 2000: 2000",
    ],
  );
  assert.deepEqual(seen, [{ wait_secs: 7 }, 307_200]);
});

test("our client calls Apache Storm's ThriftServer", { skip: interopSkipped }, async () => {
  const port = await freePort();
  await using server = await java("stock-server.java", [String(port)]);
  await server.line(/# serving/, stepMs);
  const client = await eventually(
    () => connectThrift({ runtime, host, port, service: DistributedRPC, timeoutMs: stepMs }).catch(() => undefined),
    stepMs,
    "its port",
  );
  const { execute } = client.calls;
  const failure = (functionName: string): Promise<unknown> =>
    execute({ functionName, funcArgs: "" }).catch((error: unknown) => error);
  for (const funcArgs of ["", "größe 字 😀", "x".repeat(500_000)])
    assert.equal(await execute({ functionName: "echo", funcArgs }), funcArgs);
  const many = Array.from({ length: 2000 }, (_, index) => execute({ functionName: "echo", funcArgs: `${index}` }));
  assert.deepEqual(
    await Promise.all(many),
    many.map((_, index) => `${index}`),
  );
  const [typed, untyped] = [await failure("typed"), await failure("untyped")];
  assert.ok(DRPCExecutionException.is(typed) && DRPCExecutionException.is(untyped));
  assert.deepEqual([typed.value, untyped.value], [{ msg: "too late", type: "SERVER_TIMEOUT" }, { msg: "no" }]);
  assert.ok(isApplicationError(await failure("null"), "MISSING_RESULT"));
  assert.ok(isApplicationError(await failure("bug"), "INTERNAL_ERROR"));
  assert.equal(await execute({ functionName: "echo", funcArgs: "it goes on" }), "it goes on");
  await client.close();
});
