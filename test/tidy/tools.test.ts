/** Types, format and promises are right everywhere. */
import { describe, it } from "node:test";
import { checks } from "../../scripts/checks.ts";
import { repositoryRoot, startProcess } from "../kit/index.ts";

const timeoutMs = 150_000;

describe("the whole repository passes", () => {
  for (const { name, args } of checks) {
    it(name, async () => {
      await using child = startProcess(process.execPath, args, { cwd: repositoryRoot });
      await child.assertExit(0, timeoutMs);
    });
  }
});
