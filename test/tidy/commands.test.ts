/** Every command says what it is, what it takes, and gives an example that it would take. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CommandSpec, commandTable, parseCommandLine, type Terminal } from "../../src/cli/index.ts";

interface Placed {
  readonly path: string;
  readonly spec: CommandSpec;
}

const silent: Terminal = {
  write: () => {},
  style: (_colour, text) => text,
  interactive: false,
  hideCursor: () => {},
  showCursor: () => {},
  columns: 100,
  rows: 40,
};
const commands = commandTable.flatMap((spec) => placed(spec, ""));

describe("the table of commands", () => {
  it("says in one line what each command, argument and option is", () => {
    const nameless = commands.flatMap(({ path, spec }) =>
      [spec, ...(spec.args ?? []), ...(spec.options ?? [])]
        .filter(({ summary }) => summary.trim() === "" || summary.includes("\n"))
        .map(() => path),
    );
    assert.deepEqual(nameless, []);
    assert.ok(commands.length > 50);
  });

  it("names no command and no option of a command twice", () => {
    const twice = [commandTable, ...commands.map(({ spec }) => spec.subcommands ?? [])].flatMap((siblings) =>
      siblings.map(({ name }) => name).filter((name, index, names) => names.indexOf(name) !== index),
    );
    const flags = commands.flatMap(({ path, spec }) => {
      const names = (spec.options ?? []).flatMap((option) => option.flags.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? []);
      return names.filter((name, index) => names.indexOf(name) !== index).map((name) => `${path} ${name}`);
    });
    assert.deepEqual([...twice, ...flags], []);
  });

  it("has an example for each command that help lists", () => {
    const without = commands
      .filter(({ spec }) => spec.run !== undefined && spec.hidden !== true && (spec.examples ?? []).length === 0)
      .map(({ path }) => path);
    assert.deepEqual(without, []);
  });

  for (const { path, spec } of commands) {
    for (const [words, meaning] of spec.examples ?? []) {
      it(`takes storm-lab ${words}`, async () => {
        assert.ok(words === path || words.startsWith(`${path} `), `an example of ${path} begins with it`);
        assert.notEqual(meaning.trim(), "");
        const found = await parseCommandLine(words.split(" "), commandTable, "0", silent, {});
        assert.equal(found?.spec, spec);
        const unknown = found.input.rest.filter((word) => word.startsWith("-") && !/^--(input|tasks)$/.test(word));
        assert.deepEqual(unknown, [], "only options of topologies are left to the command");
      });
    }
  }
});

function placed(spec: CommandSpec, above: string): Placed[] {
  const path = `${above}${spec.name}`;
  return [{ path, spec }, ...(spec.subcommands ?? []).flatMap((sub) => placed(sub, `${path} `))];
}
