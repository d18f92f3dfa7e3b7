/** What of a stack is the author's, and whose code met an error. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { StormLabError } from "../../../src/base/index.ts";
import { authorFrames, metBy } from "../../../src/code/index.ts";

const program = new URL("../../../src/", import.meta.url).href;
const ours = `at TaskRunner.turn (${program}executor/runner.ts:10:5)`;
const author = "at Bolt.execute (file:///lab/topology.ts:13:11)";
const packaged = "at parse (/lab/node_modules/parser/index.js:1:1)";
const nodes = [
  "at listOnTimeout (node:internal/timers:685:17)",
  "at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1637:16)",
  "at async node:internal/modules/run_main:1:1",
  "at async Promise.all (index 0)",
  "at Array.map (<anonymous>)",
  "at <anonymous>",
  "at Array.forEach (native)",
];

function thrown(frames: readonly string[], error: Error = new Error("odd")): Error {
  error.stack = ["Error: odd", ...frames.map((frame) => `    ${frame}`)].join("\n");
  return error;
}

describe("an author's frames", () => {
  it("are those that are neither this program's, nor Node's, nor the language's", () => {
    assert.deepEqual(authorFrames(thrown([...nodes, author, ours, packaged])), [author, packaged]);
    for (const none of [new Error("odd"), "odd", null]) {
      if (none instanceof Error) delete none.stack;
      assert.deepEqual(authorFrames(none), []);
    }
  });
});

describe("an error is met by", () => {
  const made = () => new StormLabError({ code: "SL-X", what: "w", why: "y", hint: "h" });
  const cases: ReadonlyArray<readonly [what: string, error: unknown, by: ReturnType<typeof metBy>]> = [
    ["the author, whose line is uppermost", thrown([...nodes, author, ours]), "author"],
    ["the author, who calls a package", thrown([packaged, author, ours]), "author"],
    ["this program, whose line is uppermost", thrown([ours, author]), "storm-lab"],
    ["this program, which calls a package", thrown([packaged, ours, author]), "storm-lab"],
    ["the author, for whom this program made it", thrown([ours, author, ours], made()), "author"],
    ["this program, when it made it with no author near", thrown([ours, ...nodes], made()), "storm-lab"],
    ["nobody known, when only Node and packages are in it", thrown([...nodes, packaged]), null],
    ["nobody known, when it has no stack", "odd", null],
  ];
  for (const [what, error, by] of cases) it(what, () => assert.equal(metBy(error), by));
});
