import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { startProcess } from "../../kit/index.ts";

/** In a process of its own: the runner's output must not be touched. */
const program = `
import { captureOutput } from "./src/base/index.ts";
const seen = [];
const captured = captureOutput((stream, line) => seen.push([stream, line]));
console.log("one\\ntwo %d", 2);
console.error("bad");
process.stdout.write("a");
process.stdout.write(Buffer.from([0xe4, 0xbd]));
process.stdout.write(Uint8Array.from([0xa0, 0x0d, 0x0a]), () => seen.push(["called back", ""]));
process.stdout.write("696e20686578", "hex");
await new Promise((resolve) => setImmediate(resolve));
captured.restore();
console.log(JSON.stringify(seen));
`;

describe("captured output", () => {
  it("comes line by line, characters whole, and the streams write again afterwards", async () => {
    const args = ["--conditions=storm-lab-source", "--input-type=module", "--eval", program];
    await using child = startProcess(process.execPath, args, { cwd: new URL("../../..", import.meta.url).pathname });
    await child.assertExit(0, 20_000);
    assert.deepEqual(JSON.parse(child.stdout), [
      ["stdout", "one"],
      ["stdout", "two 2"],
      ["stderr", "bad"],
      ["stdout", "a你"],
      ["called back", ""],
      ["stdout", "in hex"],
    ]);
    assert.equal(child.stderr, "");
  });
});
