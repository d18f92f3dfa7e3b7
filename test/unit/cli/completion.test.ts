/** What stands in the table of commands is offered where it may stand. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { completionOf } from "../../../src/cli/completion/candidates.ts";
import { commandTable } from "../../../src/cli/index.ts";

function wordsFor(...words: string[]): string[] {
  return completionOf(words, commandTable).candidates.map(({ word }) => word);
}

function kindFor(...words: string[]): string | null {
  return completionOf(words, commandTable).kind;
}

describe("a word that is being typed", () => {
  it("is a command at the beginning, and none that the program starts itself", () => {
    assert.deepEqual(wordsFor("sub"), ["submit"]);
    assert.ok(wordsFor("").length > 30 && wordsFor("").includes("help"));
    assert.ok(!wordsFor("").includes("worker") && !wordsFor("").includes("complete"));
    assert.deepEqual(wordsFor("help", "rebal"), ["rebalance"]);
  });

  it("is a command of a command, however deep", () => {
    assert.deepEqual(wordsFor("zk", "w"), ["watch"]);
    assert.deepEqual(wordsFor("zookeeper", "ensemble", "st"), ["start", "stop", "status"]);
    assert.deepEqual(wordsFor("-o", "json", "zk", "w"), ["watch"]);
    assert.deepEqual(wordsFor("zk", "get", "w"), []);
  });

  it("is an option of the command, of the one above it, or of all", () => {
    assert.deepEqual(wordsFor("up", "--pa"), ["--pace"]);
    assert.deepEqual(wordsFor("zk", "ls", "--rec"), ["--recursive"]);
    assert.deepEqual(wordsFor("up", "--out"), ["--output"]);
    assert.deepEqual(wordsFor("up", "--", "--pa"), []);
  });

  it("is one of the values that an option may have", () => {
    assert.deepEqual(wordsFor("up", "--pace", ""), ["classroom", "storm"]);
    assert.deepEqual(wordsFor("up", "--pace", "=", "st"), ["storm"]);
    assert.deepEqual(wordsFor("status", "-o", "nd"), ["ndjson"]);
  });

  it("may be the name of something that is there", () => {
    assert.equal(kindFor("kill", ""), "topology");
    assert.equal(kindFor("kill", "one", "-w", "0", ""), "topology");
    assert.equal(kindFor("kill", "one", "-w", ""), null);
    assert.equal(kindFor("stop", ""), "process");
    assert.equal(kindFor("stop", "--cluster", ""), "cluster");
    assert.equal(kindFor("explain", ""), "error-code");
    assert.equal(kindFor("submit", ""), "file");
    assert.equal(kindFor("up", "--file", ""), "file");
    assert.equal(kindFor("list", ""), null);
  });
});
