/** The fixtures of the Thrift codec are what Apache Storm writes today. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { captureGoldenFiles, goldenFolder } from "../../../scripts/interop/storm-thrift-bytes.ts";
import { interopSkipped } from "../interop.ts";

test("Apache Storm writes the fixtures again", { skip: interopSkipped }, async () => {
  const files = await captureGoldenFiles();
  assert.deepEqual([...files.keys()].sort(), ["messages.json", "structs.json"]);
  for (const [name, text] of files)
    assert.ok(text === readFileSync(join(goldenFolder, name), "utf8"), `${name} differs`);
});
