/** What no command caught ends in three lines, once. */
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { repositoryRoot, startProcess, temporaryDirectory } from "../../kit/index.ts";

const timeoutMs = 20_000;

describe("the last resort", () => {
  const faults: [what: string, body: string, shown: string, exitCode?: number][] = [
    [
      "an exception that a command claims, and what comes after it",
      `claimErrors((error) => { process.stdout.write("claimed\\n"); return error.message === "theirs"; });
       setImmediate(() => { setImmediate(() => { throw new Error("ours"); }); throw new Error("theirs"); });`,
      "claimed\nclaimed\ncaught: ours\n",
    ],
    [
      "that others end the process, to the command that claims it",
      "claimExit((code) => { process.stdout.write('exit ' + code + '\\n'); return 5; }); process.exit(0);",
      "exit 0\n",
      5,
    ],
    [
      "nothing of its own end, and nothing when the claim was taken back",
      "claimExit(() => 5); setImmediate(() => { claimExit(null); process.exit(6); }); ",
      "",
      6,
    ],
    ["nothing of an end on its own account", "claimExit(() => 5); end(4);", "", 4],
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
  for (const [what, body, shown, exitCode = 7] of faults) {
    it(`shows ${what}, and ends with its exit code`, async () => {
      await using dir = await temporaryDirectory();
      const resort = join(repositoryRoot, "src", "cli", "last-resort.ts");
      writeFileSync(
        dir.join("program.mjs"),
        `import { catchTheRest } from ${JSON.stringify(resort)};
         let fail = false;
         const { claimErrors, claimExit, end } = catchTheRest(process, (error) => {
           process.stdout.write(\`caught: \${error.message}\\n\`);
           if (fail) process.emit("uncaughtException", new Error("second"));
           return 7;
         });
         ${body}`,
      );
      await using child = startProcess(process.execPath, [dir.join("program.mjs")]);
      await child.assertExit(exitCode, timeoutMs);
      assert.equal(child.stdout, shown);
    });
  }
});
