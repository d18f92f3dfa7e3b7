/** Words become a command, its input and the global options, or a usage error. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStormLabError, StormLabError } from "../../../src/base/index.ts";
import type { CommandSpec } from "../../../src/cli/command.ts";
import { errorGlobalsOf, parseCommandLine } from "../../../src/cli/program.ts";
import { recordedTerminal } from "./recorded-terminal.ts";

const run = async (): Promise<number> => 0;
const table: readonly CommandSpec[] = [
  {
    name: "local",
    summary: "run a topology",
    args: [{ name: "<file>", summary: "the topology" }],
    options: [
      { flags: "-w, --workers <count>", summary: "processes", default: "1" },
      { flags: "-c, --conf <key=value>", summary: "one key", repeatable: true },
      { flags: "--pace <pace>", summary: "time-outs", choices: ["classroom", "storm"] },
    ],
    takesRest: true,
    run,
  },
  {
    name: "zk",
    summary: "look into the ensemble",
    subcommands: [
      { name: "get", summary: "a znode's data", args: [{ name: "<path>", summary: "the znode" }], run },
      { name: "set", summary: "change it", args: [{ name: "<words...>", summary: "path and data" }], run },
    ],
  },
  { name: "secret", summary: "a role that the program starts itself", hidden: true, run },
];

describe("the command line", () => {
  it("finds the command, its arguments and options", async () => {
    const found = await parse("local", "topology.ts", "--workers", "2", "-c", "a=1", "-c", "b=2");
    assert.equal(found?.spec.name, "local");
    assert.deepEqual({ ...found?.input.args }, { file: "topology.ts" });
    assert.deepEqual({ ...found?.input.options }, { workers: "2", conf: ["a=1", "b=2"] });
    assert.deepEqual(found?.input.rest, []);
  });

  it("leaves what the command does not know to it, in order, wherever known options stand", async () => {
    const found = await parse("local", "t.ts", "--input", "text.txt", "--workers", "2", "--fast", "more");
    assert.deepEqual({ ...found?.input.args }, { file: "t.ts" });
    assert.equal(found?.input.options.workers, "2");
    assert.deepEqual(found?.input.rest, ["--input", "text.txt", "--fast", "more"]);
  });

  it("leaves everything after -- to the command, even its own options", async () => {
    const found = await parse("local", "t.ts", "--", "--workers", "2", "--verbose");
    assert.equal(found?.input.options.workers, "1");
    assert.equal(found?.globals.verbose, false);
    assert.deepEqual(found?.input.rest, ["--workers", "2", "--verbose"]);
  });

  it("takes global options before and after the command", async () => {
    for (const words of [
      ["--output", "json", "-v", "local", "t.ts"],
      ["local", "t.ts", "-o", "json", "--verbose"],
    ]) {
      const found = await parse(...words);
      assert.deepEqual(found?.globals, { output: "json", verbose: true, ascii: false, language: "en" });
      assert.deepEqual(found?.input.rest, []);
    }
  });

  it("reads global options from the environment, where 0 and false mean off", async () => {
    const on = await parseCommandLine(["local", "t.ts"], table, "1.2.3", recordedTerminal(), {
      STORM_LAB_VERBOSE: "1",
      STORM_LAB_ASCII: "false",
    });
    assert.deepEqual(on?.globals, { output: "text", verbose: true, ascii: false, language: "en" });
    assert.deepEqual(errorGlobalsOf(["--ascii"], { STORM_LAB_VERBOSE: "0" }), { ascii: true, verbose: false });
  });

  it("goes down into subcommands", async () => {
    const found = await parse("zk", "set", "/a", "some", "data");
    assert.equal(found?.spec.name, "set");
    assert.deepEqual({ ...found?.input.args }, { words: ["/a", "some", "data"] });
  });
});

describe("help", () => {
  it("lists the commands, without those that the program starts itself", async () => {
    for (const words of [[], ["--help"], ["help"]]) {
      const terminal = recordedTerminal();
      assert.equal(await parseCommandLine(words, table, "1.2.3", terminal, {}), undefined);
      assert.match(terminal.text, /local .*run a topology/);
      assert.doesNotMatch(terminal.text, /secret/);
    }
  });

  it("explains one command", async () => {
    const terminal = recordedTerminal();
    assert.equal(await parseCommandLine(["help", "local"], table, "1.2.3", terminal, {}), undefined);
    assert.match(terminal.text, /--workers <count>/);
  });

  it("prints the version", async () => {
    const terminal = recordedTerminal();
    assert.equal(await parseCommandLine(["--version"], table, "1.2.3", terminal, {}), undefined);
    assert.equal(terminal.text, "storm-lab 1.2.3\n");
  });
});

describe("a usage error", () => {
  const cases: [words: string[], what: RegExp, hint: RegExp][] = [
    [["locl"], /unknown command 'locl'/, /^storm-lab local /],
    [["local"], /missing required argument 'file'/, /storm-lab help/],
    [["zk", "get", "/a", "/b"], /too many arguments/, /storm-lab help/],
    [["zk", "get", "/a", "--wach"], /unknown option '--wach'/, /storm-lab help/],
    [["local", "t.ts", "--workers"], /argument missing/, /storm-lab help/],
    [["local", "t.ts", "--pace", "slow"], /Allowed choices are classroom, storm/, /storm-lab help/],
    [["-o", "xml", "local", "t.ts"], /Allowed choices are text, json, ndjson/, /storm-lab help/],
    [["--verbos", "local", "t.ts"], /unknown option '--verbos'/, /^--verbose /],
    [["zk"], /a word is missing/, /storm-lab help/],
  ];
  for (const [words, what, hint] of cases) {
    it(`is what "storm-lab ${words.join(" ")}" gives`, async () => {
      await assert.rejects(parse(...words), (error) => {
        assert.ok(isStormLabError(error, "SL-USAGE") && error instanceof StormLabError);
        assert.match(error.message, what);
        assert.match(error.hint, hint);
        assert.equal(error.exitCode, 2);
        return true;
      });
    });
  }
});

function parse(...words: string[]): ReturnType<typeof parseCommandLine> {
  return parseCommandLine(words, table, "1.2.3", recordedTerminal(), {});
}
