/** Real processes only: a simulated one's output has no reader that could go away. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { it } from "node:test";
import { deadline, repositoryRoot } from "../../kit/index.ts";

const timeoutMs = 20_000;

it("a process goes on when nobody reads its log any more", async () => {
  const child = join(repositoryRoot, "test", "contract", "runtime", "child.ts");
  const chatter = spawn(process.execPath, ["--conditions=storm-lab-source", child, "chatter"], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    await deadline(once(chatter.stderr, "data"), timeoutMs, "the first word");
    chatter.stderr.destroy();
    assert.deepEqual(await deadline(once(chatter, "exit"), timeoutMs, "the end of the chatter"), [0, null]);
  } finally {
    chatter.kill("SIGKILL");
  }
});
