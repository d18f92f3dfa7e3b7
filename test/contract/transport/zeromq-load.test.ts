/** ZeroMQ's native part is loaded when a link is made, not before, and its absence is one clear error. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { repositoryRoot, startProcess } from "../../kit/index.ts";

const timeoutMs = 20_000;
const transport = join(repositoryRoot, "src", "transport", "index.ts");

/** A process in which the package is not to be had. */
function startWithout(code: string) {
  const hooks = `import { registerHooks } from "node:module";
    registerHooks({ resolve(name, context, next) {
      if (name === "zeromq") throw new Error("no build for this platform");
      return next(name, context);
    } });`;
  return startProcess(process.execPath, [
    "--conditions=storm-lab-source",
    "--import",
    `data:text/javascript,${encodeURIComponent(hooks)}`,
    "--input-type=module",
    "--eval",
    `const { zeromqLinks } = await import(${JSON.stringify(transport)}); ${code}`,
  ]);
}

test("a process that makes no link does without the package", async () => {
  await using child = startWithout(`zeromqLinks(); console.log("fine");`);
  await child.assertExit(0, timeoutMs);
  assert.equal(child.stdout, "fine\n");
});

test("without the package both ends of a link say what is wrong and what to do", async () => {
  await using child = startWithout(`
    const say = (error) => console.log(JSON.stringify([error.code, error.message, error.why, error.hint, error.exitCode]));
    const links = zeromqLinks();
    await links.pull("tcp://127.0.0.1:0", () => {}).catch(say);
    const link = links.push("tcp://127.0.0.1:1");
    await link.send(new Uint8Array(1)).catch(say);
    await link.close();`);
  await child.assertExit(0, timeoutMs);
  const lines = child.stdout.trim().split("\n");
  assert.equal(lines.length, 2);
  for (const line of lines) {
    assert.deepEqual(JSON.parse(line), [
      "SL-ZEROMQ-LOAD",
      "ZeroMQ's native part cannot be loaded: no build for this platform.",
      "There is no build of it for this platform, or the file is missing or was made for a newer C library.",
      "Run on Linux with glibc 2.25 or newer (or macOS), or keep the topology in one worker, which needs no ZeroMQ.",
      10,
    ]);
  }
});
