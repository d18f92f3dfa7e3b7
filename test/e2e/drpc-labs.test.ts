/** The DRPC labs: here without a server; on a cluster, called over Thrift and over HTTP, while workers and the server are killed. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { DRPCClient } from "../../src/client/index.ts";
import { repositoryRoot, startStormLab } from "../kit/index.ts";
import { type ClusterHome, clusterHome } from "./cluster-processes.ts";

const driver = join(repositoryRoot, "labs", "drpc", "exclamation", "driver.ts");
const reach = join(repositoryRoot, "labs", "drpc", "reach", "topology.ts");
const stepMs = 60_000;
const url = "http://baidu.com";
/** As `test/unit/labs/reach.test.ts` has it. */
const urlReach = 8340;

describe("the exclamation lab without a cluster", () => {
  it("calls its function in a LocalCluster and ends", async () => {
    await using run = startStormLab(["local", driver]);
    await run.assertExit(0, stepMs);
    assert.equal(run.stdout, "Results for 'hello': hello!\n");
  });

  it("is not submitted without a name, and says why", async () => {
    await using lab = await clusterHome();
    await lab.up();
    assert.match(await lab.run(["submit", driver], 2), /SL-PROGRAM-RAN-ITSELF/);
  });
});

describe("the DRPC labs on a cluster", () => {
  it("answer calls, also while what answers them is killed", async () => {
    await using lab = await clusterHome();
    await lab.up();
    // What is lost with a worker fails within twice this time.
    await lab.run(["submit", "-c", "topology.message.timeout.secs=5", driver, "exclamation-drpc"]);
    await lab.run(["submit", reach, "--tasks", "4", "--workers", "2"]);
    assert.equal(await lab.run(["drpc", "call", "exclamation", "hello"]), "hello!\n");
    assert.equal(await lab.run(["drpc", "call", "exclamation"]), "!\n");
    assert.equal(await lab.run(["drpc", "call", "reach", url]), `${urlReach}\n`);
    assert.equal(await lab.run(["drpc", "call", "reach", "nobody"]), "0\n");
    const { call, calls, http } = await callers(lab);
    assert.equal(await (await fetch(`${http}/drpc/exclamation/${encodeURIComponent("你好/")}`)).text(), "你好/!");
    await using _ = calls;
    const rows = await lab.processes();
    const victims = rows.filter(
      ({ role, topology }) => role === "drpc" || topology?.startsWith("exclamation") === true,
    );
    assert.equal(victims.length, 4, "three workers and the server");
    for (const { id, pid } of victims) {
      const under = Array.from({ length: 200 }, (_, each) => call(`${id} ${each}`));
      process.kill(pid ?? 0, "SIGKILL");
      const ends = await Promise.all(under);
      const told = ends.filter((end) => end !== "right");
      assert.ok(
        told.every((end) => ["FAILED_REQUEST", "SL-RPC-LOST", "SL-DRPC-NO-SERVER"].includes(end)),
        `${told.length} calls were not answered: ${[...new Set(told)].join(", ")}`,
      );
      await lab.run(["start"]);
      assert.equal(await lab.run(["drpc", "call", "exclamation", "again", "--timeout", "60"]), "again!\n");
    }
  });
});

/** Calls that end by their answer, the type of their failure, or the code of their error. */
async function callers(lab: ClusterHome) {
  const drpc = (await lab.processes()).find(({ role }) => role === "drpc");
  const [port = 0, , httpPort = 0] = drpc?.ports ?? [];
  const calls = new DRPCClient("127.0.0.1", port);
  const call = async (args: string): Promise<string> => {
    try {
      const answer = await calls.execute("exclamation", args, { timeoutMs: stepMs });
      return answer === `${args}!` ? "right" : `a wrong answer: ${answer}`;
    } catch (error) {
      const { code, value } = error as { readonly code?: string; readonly value?: { readonly type?: string } };
      return value?.type ?? code ?? String(error);
    }
  };
  return { calls, call, http: `http://127.0.0.1:${httpPort}` };
}
