/** Every key of Storm's own defaults is known, with Storm's own value. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { apacheStormJars } from "../../../scripts/interop/apache-storm-jars.ts";
import { knownKeys } from "../../../src/conf/index.ts";
import { repositoryRoot } from "../../kit/index.ts";
import { interopSkipped } from "../interop.ts";

const program = join(repositoryRoot, "test", "interop", "conf", "storm-defaults.java");
const deadlineMs = 60_000;
/** A folder of each machine. */
const here = new Set(["dev.zookeeper.path"]);
/** Decision 021: the UI listens on this machine alone. */
const others = new Map([["ui.host", "127.0.0.1"]]);

test("Storm's defaults are ours", { skip: interopSkipped }, async () => {
  const java = ["-cp", join(await apacheStormJars(), "*"), program];
  const { stdout } = await promisify(execFile)("java", java, { timeout: deadlineMs });
  const defaults = JSON.parse(stdout.slice(stdout.indexOf("{"))) as Record<string, unknown>;
  assert.ok(Object.keys(defaults).length > 250);
  for (const [key, value] of Object.entries(defaults)) {
    assert.ok(Object.hasOwn(knownKeys, key), key);
    if (!here.has(key)) assert.deepEqual(knownKeys[key]?.default, others.get(key) ?? value, key);
  }
});
