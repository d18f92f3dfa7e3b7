/** Workers of a cluster as real processes: killed and respawned, left by their supervisor and found again. */
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { describe, it } from "node:test";
import { realRuntime } from "../../src/base/index.ts";
import { defineTopology, openModule, packCode, topologyToThrift } from "../../src/code/index.ts";
import { connectThrift } from "../../src/rpc/index.ts";
import { toConf } from "../../src/topology/index.ts";
import { Nimbus } from "../../src/wire/thrift/index.ts";
import { eventually, repositoryRoot } from "../kit/index.ts";
import { bundledTextTotals } from "../kit/word-count.ts";
import { clusterHome, commandMs } from "./cluster-processes.ts";

const file = resolve(repositoryRoot, "labs/word-count/solution/topology.ts");

/** Storm's own. */
const chunkBytes = 307_200;

/** As `storm-lab submit` does it. */
async function submit(port: number, name: string): Promise<void> {
  const runtime = realRuntime({ name: "submit", self: { command: [] } });
  const seat = { path: file, args: [], workingDirectory: repositoryRoot };
  const receive = () => Promise.resolve();
  const { build, imports } = await openModule({ runtime, seat, receive, enough: new Promise(() => {}) });
  assert.ok(build !== null);
  const { topology, conf, name: packedAs } = await defineTopology(seat, build);
  const { archive, entry } = await packCode({ runtime, seat, imports, build: "function", name: packedAs });
  await using client = await connectThrift({ runtime, host: "127.0.0.1", port, service: Nimbus });
  const uploadedJarLocation = await client.calls.beginFileUpload();
  for (let at = 0; at < archive.length; at += chunkBytes)
    await client.calls.uploadChunk({ location: uploadedJarLocation, chunk: archive.subarray(at, at + chunkBytes) });
  await client.calls.finishFileUpload({ location: uploadedJarLocation });
  const jsonConf = JSON.stringify(toConf(conf));
  const thrift = topologyToThrift(topology.description, entry);
  await client.calls.submitTopology({ name, uploadedJarLocation, jsonConf, topology: thrift });
}

interface Results {
  readonly quiet: boolean;
  readonly sent: number;
  readonly received: number;
  readonly report: { readonly tasks: readonly { componentId: string; acked: number }[] };
}

/** What the workers of node2 and node3 have told; those of a life that has ended among them. */
async function results(folder: string): Promise<Results[]> {
  const found: Results[] = [];
  for (const node of ["node2", "node3"]) {
    const root = `${folder}/${node}/logs/workers-artifacts`;
    for (const id of await readdir(root).catch(() => [])) {
      for (const port of await readdir(`${root}/${id}`)) {
        const text = await readFile(`${root}/${id}/${port}/results.json`, "utf8").catch(() => null);
        if (text !== null) found.push(JSON.parse(text) as Results);
      }
    }
  }
  return found;
}

describe("workers of a cluster", () => {
  it("count the bundled text, are respawned when killed, and outlive a supervisor that finds them again", async () => {
    await using lab = await clusterHome();
    await lab.up();
    const rows = await lab.processes();
    const nimbus = rows.find(({ role }) => role === "nimbus")?.ports[0] ?? 0;
    await submit(nimbus, "wc");
    const acked = async () => {
      const all = await results(lab.folder());
      const sum = all
        .flatMap(({ report }) => report.tasks)
        .reduce((total, task) => total + (task.componentId === "spout" ? task.acked : 0), 0);
      return sum === bundledTextTotals.lines && all.every(({ quiet }) => quiet) ? true : undefined;
    };
    await eventually(acked, commandMs * 2, "every line of the text is acked");

    const workers = async () => (await lab.processes()).filter(({ role, pid }) => role === "worker" && pid !== null);
    const [first, second] = await workers();
    assert.ok(first?.pid != null && second?.pid != null);
    process.kill(first.pid, "SIGKILL");
    const respawned = await eventually(
      async () => (await workers()).find(({ id, pid }) => id === first.id && pid !== first.pid),
      commandMs,
      "the killed worker's successor",
    );

    const supervisor = rows.find(({ role, node }) => role === "supervisor" && node === second.node);
    assert.ok(supervisor?.pid != null);
    process.kill(supervisor.pid, "SIGKILL");
    await lab.run(["start"]);
    const pids = (await workers()).map(({ pid }) => pid).sort();
    assert.deepEqual(pids, [respawned.pid, second.pid].sort(), "the same processes as before");
    const log = await readFile(`${lab.folder()}/${second.node}/logs/supervisor.log`, "utf8");
    assert.equal(log.split("Launching worker with assignment").length - 1, 1, "nothing was launched a second time");
    await lab.run(["down", "--yes"]);
    await lab.assertNoneLeft();
  });
});
