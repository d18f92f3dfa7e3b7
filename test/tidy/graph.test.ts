/** The files as a whole: no circles, nothing unused, each package known to one file. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { circlesAmong, loadedWith, packagesOf, unusedAmong } from "./graph.ts";
import { codeFiles, read, sourceFile } from "./repository.ts";

/** Files that are started by their path rather than imported. */
const started = [
  ".test.ts",
  "src/cli/main.ts",
  "src/page/main.ts",
  "scripts/",
  "bench/",
  "bin/",
  "test/kit/leaks.ts",
  ".d.ts",
  "labs/",
];

const packageFile = JSON.parse(read("package.json")) as {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};

describe("the files of the repository", () => {
  it("load without circles", () => {
    assert.deepEqual(circlesAmong(codeFiles), []);
  });

  it("export nothing that nobody uses", () => {
    // A program that a test starts is named by a string in it.
    const startedByTests = codeFiles
      .filter(({ path }) => path.startsWith("test/"))
      .filter(({ path }) => codeFiles.some(({ text }) => text.includes(`"${path.slice(path.lastIndexOf("/") + 1)}"`)))
      .map(({ path }) => path);
    assert.deepEqual(unusedAmong(codeFiles, [...started, ...startedByTests]), []);
  });

  it("load no room but base and language before the command is known: each process pays for its own role alone", () => {
    const loaded = loadedWith(codeFiles, "src/cli/main.ts");
    assert.deepEqual(
      loaded.filter((path) => !/^src\/(cli|base|language)\//.test(path) && path !== "package.json"),
      [],
    );
  });

  it("know each package in one adapter only, and every package that the program needs", () => {
    const isOfPage = (path: string) => path.startsWith("src/page/");
    const program = codeFiles.filter(({ path }) => /^(src|provision)\//.test(path));
    const importers = packagesOf(program.filter(({ path }) => !isOfPage(path)));
    // Bundled into one script: nothing of it is needed where the program runs.
    const ofPage = packagesOf(program.filter(({ path }) => isOfPage(path)));
    const crowded = [...importers, ...ofPage].filter(([, files]) => files.length > 1);
    assert.deepEqual(crowded, []);
    assert.deepEqual([...importers.keys()].sort(), Object.keys(packageFile.dependencies).sort());
    for (const name of ofPage.keys()) assert.ok(Object.hasOwn(packageFile.devDependencies, name), name);
  });

  it("take the labs' packages from nowhere: a starter has storm-lab alone", () => {
    const importers = packagesOf(codeFiles.filter(({ path }) => path.startsWith("labs/")));
    assert.deepEqual([...importers.keys()], ["storm-lab"]);
  });

  it("pin what they depend on", () => {
    const { dependencies, optionalDependencies, devDependencies } = packageFile;
    const loose = Object.entries({ ...dependencies, ...optionalDependencies, ...devDependencies }).filter(
      ([name, version]) => !/^\d+\.\d+\.\d+$/.test(version) && name !== "@types/node",
    );
    assert.deepEqual(loose, []);
  });
});

describe("the checks of the whole", () => {
  const file = sourceFile;

  it("see a circle, also through a re-export, and none through types or lazy imports", () => {
    const a = file("src/base/a.ts", 'import { b } from "./b.ts";');
    assert.deepEqual(
      circlesAmong([
        a,
        file("src/base/b.ts", 'export { c } from "./c.ts";'),
        file("src/base/c.ts", 'import "./a.ts";'),
      ]),
      [["src/base/a.ts", "src/base/b.ts", "src/base/c.ts", "src/base/a.ts"]],
    );
    assert.deepEqual(circlesAmong([a, file("src/base/b.ts", 'import type { A } from "./a.ts";')]), []);
    assert.deepEqual(circlesAmong([a, file("src/base/b.ts", 'await import("./a.ts");')]), []);
  });

  it("see what is loaded along, and not what is loaded when it is wanted", () => {
    const files = [
      file("src/cli/main.ts", 'import "./a.ts"; await import("./late.ts");'),
      file("src/cli/a.ts", 'export { b } from "./b.ts"; import type { T } from "./t.ts";'),
      file("src/cli/b.ts", "export const b = 1;"),
    ];
    assert.deepEqual(loadedWith(files, "src/cli/main.ts"), ["src/cli/main.ts", "src/cli/a.ts", "src/cli/b.ts"]);
  });

  it("see an export and a file that nobody uses", () => {
    const files = [
      file(
        "src/base/a.ts",
        "export const used = 1; export type Unused = 1; export function lost() {} export type Part = 2; export const whole: Part = 2;",
      ),
      file("src/base/b.ts", 'import { used, whole } from "./a.ts"; console.log(used);'),
      file("src/base/index.ts", "export const forOthers = 1;"),
    ];
    assert.deepEqual(unusedAmong(files, []), [
      "src/base/a.ts: Unused",
      "src/base/a.ts: lost",
      "src/base/b.ts: nothing imports it",
    ]);
    assert.deepEqual(unusedAmong(files.slice(1), ["src/base/b.ts"]), []);
  });

  it("see a package in two files, also behind a deep path", () => {
    const files = [
      file("src/base/a.ts", 'import { x } from "zeromq"; import "node:path"; import "./b.ts";'),
      file("src/base/b.ts", 'const y = await import("zeromq/lib"); import z from "@scope/name/deep";'),
    ];
    assert.deepEqual(
      [...packagesOf(files)],
      [
        ["zeromq", ["src/base/a.ts", "src/base/b.ts"]],
        ["@scope/name", ["src/base/b.ts"]],
      ],
    );
  });
});
