/** What no command caught ends in three lines, once. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot, startProcess, temporaryDirectory } from "../../kit/index.ts";

const timeoutMs = 20_000;

describe("the last resort", () => {
  const faults: [what: string, body: string, shown: string][] = [
    ["an exception of a callback", 'setImmediate(() => { throw new Error("late"); });', "caught: late\n"],
    ["a rejection that nobody awaits", 'void Promise.reject(new Error("lost"));', "caught: lost\n"],
    [
      "a wait that cannot end",
      "await new Promise(() => {});",
      "caught: the command waits for something that can no more come\n",
    ],
    [
      "a fault while an error is shown",
      'fail = true; setImmediate(() => { throw new Error("first"); });',
      "caught: first\n",
    ],
  ];
  for (const [what, body, shown] of faults) {
    it(`shows ${what}, and ends with its exit code`, async () => {
      await using dir = await temporaryDirectory();
      const resort = join(repositoryRoot, "src", "cli", "last-resort.ts");
      writeFileSync(
        dir.join("program.mjs"),
        `import { catchTheRest } from ${JSON.stringify(resort)};
         let fail = false;
         catchTheRest(process, (error) => {
           process.stdout.write(\`caught: \${error.message}\\n\`);
           if (fail) process.emit("uncaughtException", new Error("second"));
           return 7;
         });
         ${body}`,
      );
      await using child = startProcess(process.execPath, [dir.join("program.mjs")]);
      await child.assertExit(7, timeoutMs);
      assert.equal(child.stdout, shown);
    });
  }
});
