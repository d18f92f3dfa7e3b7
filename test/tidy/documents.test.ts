/** What is written down agrees with what is there. */
import assert from "node:assert/strict";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "node:test";
import ts from "typescript";
import { commandsPage } from "../../scripts/commands-page.ts";
import { dashboardPage } from "../../scripts/dashboard-page.ts";
import { errorsPage } from "../../scripts/errors-page.ts";
import { absentFrom, type Lockfile } from "../../scripts/lockfile-gaps.ts";
import { stormYamlPage } from "../../scripts/storm-yaml-page.ts";
import { allErrorCodes, commandTable, globalOptionSpecs } from "../../src/cli/index.ts";
import { knownKeys } from "../../src/conf/index.ts";
import { repositoryRoot } from "../kit/index.ts";
import { codeFiles, read, textFiles } from "./repository.ts";
import { rooms } from "./rooms.ts";
import { walk } from "./rule.ts";

describe("the table of rooms", () => {
  it("is the same in docs/architecture.md", () => {
    const rows = [...read("docs/architecture.md").matchAll(/^\| `([^`]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \|$/gm)];
    const written = rows.map(([, path, mayImport = "", doors = ""]) => ({
      path,
      mayImport: mayImport === "–" ? [] : mayImport.split(", "),
      doors: [...doors.matchAll(/`([^`]+)`/g)].map(([, door]) => door),
    }));
    assert.deepEqual(written, rooms);
  });

  it("has every folder of src, and none that is not there", () => {
    const folders = readdirSync(join(repositoryRoot, "src")).map((name) => `src/${name}`);
    assert.deepEqual(
      folders.sort(),
      rooms
        .map(({ path }) => path)
        .filter((path) => path.startsWith("src/"))
        .sort(),
    );
  });

  it("names doors that are there", () => {
    const missing = rooms
      .flatMap(({ path, doors }) => (path.endsWith(".ts") ? [path] : doors.map((door) => `${path}/${door}`)))
      .filter((path) => !existsSync(join(repositoryRoot, path)));
    assert.deepEqual(missing, []);
  });
});

describe("error codes", () => {
  const registers = new Set(codeFiles.filter(({ path }) => path.endsWith("/error-codes.ts")).map(({ path }) => path));
  const launched = codeFiles.filter(
    ({ path }) => /^(src|provision|labs|bin|scripts)\//.test(path) && !registers.has(path),
  );
  const thrown = new Set(launched.flatMap((file) => codesIn(file.tree)));

  it("are registered, each that is thrown", () => {
    assert.deepEqual([...thrown].filter((code) => allErrorCodes[code] === undefined).sort(), []);
  });

  it("are thrown, each that is registered", () => {
    assert.deepEqual(
      Object.keys(allErrorCodes).filter((code) => !thrown.has(code)),
      [],
    );
  });

  it("belong to one room each", () => {
    const registered = codeFiles.filter(({ path }) => registers.has(path)).flatMap((file) => codesIn(file.tree));
    assert.deepEqual(
      registered.filter((code, index) => registered.indexOf(code) !== index),
      [],
    );
  });

  it("are explained, key by key, in docs/storm-yaml.md (npm run docs)", () => {
    assert.equal(read("docs/storm-yaml.md"), stormYamlPage(knownKeys));
  });

  it("are the commands of docs/commands.md (npm run docs)", () => {
    assert.equal(read("docs/commands.md"), commandsPage(commandTable, globalOptionSpecs));
  });

  it("of the dashboard are told in docs/dashboard.md (npm run docs)", () => {
    assert.equal(read("docs/dashboard.md"), dashboardPage());
  });

  it("are explained in docs/errors.md as in the sources (npm run docs)", () => {
    assert.equal(read("docs/errors.md"), errorsPage(allErrorCodes));
  });
});

describe("docs/storm-yaml.md", () => {
  it("says of no key that it is honoured which nobody reads", () => {
    const readers = codeFiles.filter(({ path }) => path.startsWith("src/") && !path.startsWith("src/conf/keys/"));
    const unread = Object.entries(knownKeys)
      .filter(([, { honoured }]) => honoured === "yes")
      .map(([key]) => key)
      .filter((key) => !readers.some(({ text }) => text.includes(`"${key}"`)));
    assert.deepEqual(unread, []);
  });
});

describe("documents", () => {
  it("link to files that are there", () => {
    const broken = textFiles
      .filter(({ path }) => path.endsWith(".md"))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)[^)]*\)/g)]
          .map(([, target = ""]) => join(dirname(path), target))
          .filter((target) => !existsSync(join(repositoryRoot, target)))
          .map((target) => `${path}: ${target}`),
      );
    assert.deepEqual(broken, []);
  });

  it("speak only of npm scripts that are there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const unknown = textFiles
      .filter(({ path }) => path.endsWith(".md") || path.startsWith("src/") || path.startsWith("bin/"))
      .flatMap(({ path, text }) =>
        [...text.matchAll(/npm run (?:-s )?([a-z][a-z0-9]*)/g)].flatMap(([, name = ""]) =>
          name in scripts ? [] : [`${path}: ${name}`],
        ),
      );
    assert.deepEqual(unknown, []);
  });

  it("speak only of commands that are there", () => {
    const known = new Set([...commandTable.map(({ name }) => name), "help"]);
    const unknown = ["README.md", "docs/hacking.md"].flatMap((path) =>
      [...read(path).matchAll(/(?:npx|^\$?) ?storm-lab ([a-z][a-z-]*)/gm)].flatMap(([, name = ""]) =>
        known.has(name) ? [] : [`${path}: ${name}`],
      ),
    );
    assert.deepEqual(unknown, []);
  });

  it("count the decisions without gaps in their names", () => {
    const names = readdirSync(join(repositoryRoot, "docs", "decisions"));
    assert.deepEqual(
      names.filter((name) => !/^\d{3}-[a-z0-9-]+\.md$/.test(name)),
      [],
    );
    assert.equal(new Set(names.map((name) => name.slice(0, 3))).size, names.length);
    assert.deepEqual(
      names.filter((name) => read(`docs/decisions/${name}`).trimEnd().split("\n").length > 40),
      [],
    );
  });
});

describe("package.json and its lockfile", () => {
  it("name files that are there", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const files = Object.values(scripts).flatMap((script) => script.match(/[\w@/.-]+\.(ts|mjs)\b/g) ?? []);
    assert.ok(files.length > 10);
    assert.deepEqual(
      files.filter((file) => !existsSync(join(repositoryRoot, file))),
      [],
    );
  });

  it("install on every platform (npm run lockfile)", () => {
    const lockfile = JSON.parse(read("package-lock.json")) as Lockfile;
    assert.deepEqual(absentFrom(lockfile), []);
    const { "": own, ...others } = lockfile.packages;
    const one = Object.keys(others).find((key) => key.includes("darwin"));
    const { [one ?? ""]: removed, ...fewer } = lockfile.packages;
    assert.ok(own !== undefined && removed !== undefined);
    assert.equal(absentFrom({ packages: fewer }).length, 1, "an absent package would be seen");
  });
});

function codesIn(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  walk(tree, (node) => {
    if (ts.isStringLiteralLike(node) && /^SL(-[A-Z0-9]+)+$/.test(node.text)) found.push(node.text);
  });
  return found;
}
