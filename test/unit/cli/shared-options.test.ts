/** An option that a command and the one above it both have belongs to the command that was called. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CommandSpec } from "../../../src/cli/index.ts";
import { parseCommandLine } from "../../../src/cli/program.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const run = () => Promise.resolve(0);
const dir = { flags: "--dir <folder>", summary: "where", default: "." };
const size = { flags: "--size <number>", summary: "how large" };
const table: readonly CommandSpec[] = [
  {
    name: "ensemble",
    summary: "several servers",
    options: [dir, size],
    run,
    subcommands: [{ name: "stop", summary: "stop them", options: [dir, size], run }],
  },
];

async function optionsOf(...words: string[]): Promise<[string | undefined, object]> {
  const found = await parseCommandLine(words, table, "1.2.3", recordedTerminal(), {});
  return [found?.spec.name, { ...found?.input.options }];
}

describe("options of a command and of the one above it", () => {
  it("reach the lower command when they stand behind it", async () => {
    assert.deepEqual(await optionsOf("ensemble", "stop", "--dir", "/x"), ["stop", { dir: "/x" }]);
    assert.deepEqual(await optionsOf("ensemble", "stop", "--size", "3"), ["stop", { dir: ".", size: "3" }]);
  });

  it("reach the lower command when they stand before it", async () => {
    assert.deepEqual(await optionsOf("ensemble", "--dir", "/x", "stop"), ["stop", { dir: "/x" }]);
  });

  it("keep their default when they are not given", async () => {
    assert.deepEqual(await optionsOf("ensemble", "stop"), ["stop", { dir: "." }]);
    assert.deepEqual(await optionsOf("ensemble", "--dir", "/x"), ["ensemble", { dir: "/x" }]);
  });
});
