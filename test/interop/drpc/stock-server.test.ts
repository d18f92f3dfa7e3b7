/** Our DRPC topology behind Apache Storm's own server, which knows nothing of pushes: it is asked, as Storm's spout asks. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { apacheStormJars } from "../../../scripts/interop/apache-storm-jars.ts";
import { DRPCClient } from "../../../src/client/index.ts";
import { runtime } from "../../e2e/zookeeper-process.ts";
import {
  eventually,
  freePorts,
  repositoryRoot,
  startProcess,
  startStormLab,
  temporaryDirectory,
} from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const stepMs = 180_000;
const folder = join(repositoryRoot, "test", "interop", "drpc");

test("our topology answers the calls of Apache Storm's DRPC server", { skip: interopSkipped }, async () => {
  await using directory = await temporaryDirectory();
  const [port = 0, invocationsPort = 0] = await freePorts(2);
  const options = ["-Dfile.encoding=UTF-8", "-cp", join(await apacheStormJars(), "*")];
  const words = [...options, join(folder, "stock-server.java"), String(port), String(invocationsPort)];
  await using server = startProcess("java", words, { cwd: directory.path });
  const topology = ["local", join(folder, "our-topology.ts"), String(invocationsPort), "--workers", "2"];
  await using ours = startStormLab(topology, { cwd: directory.path });
  await using client = new DRPCClient("127.0.0.1", port, { runtime, timeoutMs: stepMs });
  const call = (text: string) => client.execute("unique-words", text);
  const first = () => call("first").catch(() => undefined);
  assert.equal(await eventually(first, stepMs, "an answer"), "first");
  assert.equal(await call("b a b größe-字-😀 a"), "a b größe-字-😀");
  assert.equal(await call(""), "");
  await assert.rejects(call("a fail b"), { message: /Request failed/ });
  const texts = Array.from({ length: 500 }, (_, each) => `w${each} x w${each}`);
  const answers = await Promise.all(texts.map(call));
  assert.deepEqual(
    answers,
    texts.map((text) => text.split(" ").slice(0, 2).sort().join(" ")),
  );
  const long = "x".repeat(900_000);
  assert.equal(await call(`${long} ${long}`.slice(0, 1_000_000)), `${long.slice(0, 99_999)} ${long}`);
  ours.signal("SIGINT");
  await ours.assertExit(130, stepMs);
  await server.kill();
});
