/** kazoo's operations and recipes give on our server what they give on Apache's. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { startApacheZooKeeper } from "../../../scripts/interop/apache-zookeeper.ts";
import { kazooPython } from "../../../scripts/interop/kazoo.ts";
import { tickTimeMs } from "../../contract/zookeeper/contract.ts";
import { startOurs } from "../../contract/zookeeper/ours.ts";
import { repositoryRoot, startProcess } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const workDeadlineMs = 120_000;

async function work(python: string, servers: string): Promise<string> {
  const script = join(repositoryRoot, "test", "interop", "zookeeper", "kazoo-work.py");
  await using child = startProcess(python, [script, servers]);
  await child.assertExit(0, workDeadlineMs);
  return child.stdout;
}

test("kazoo works on one of our servers as on Apache's", { skip: interopSkipped }, async () => {
  const python = await kazooPython();
  const apache = await startApacheZooKeeper({ tickTimeMs });
  const ours = await startOurs(1);
  try {
    const theirs = await work(python, apache.connectString);
    assert.ok(theirs.endsWith("deleted None\n"), theirs);
    assert.equal(await work(python, ours.connectString), theirs);
  } finally {
    await Promise.all([apache.stop(), ours.stop()]);
  }
});

test("kazoo works on three of our servers", { skip: interopSkipped }, async () => {
  const python = await kazooPython();
  const ours = await startOurs(3);
  try {
    assert.ok((await work(python, ours.connectString)).endsWith("deleted None\n"));
  } finally {
    await ours.stop();
  }
});
