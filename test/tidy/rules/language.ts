/** The part of TypeScript that is used: types that Node can strip, names that can be found. */
import ts from "typescript";
import type { SourceFile } from "../repository.ts";
import { lineOf, type Rule, walk } from "../rule.ts";

/** A topology file is loaded by its path, so it exports without a name; tools want their configuration so, too. */
const mayExportDefault = [
  /^(labs|bench)\/.*topology[^/]*\.ts$/,
  /^test\/.*topolog[^/]*\.(ts|mjs)$/,
  /^eslint\.config\.mjs$/,
  /\.d\.ts$/,
];

export const languageRules: readonly Rule[] = [
  {
    name: "gives every export a name",
    check: (file) => (mayExportDefault.some((pattern) => pattern.test(file.path)) ? [] : defaultExports(file)),
    bad: [
      ["src/base/a.ts", "export default function f() {}"],
      ["src/base/a.ts", "const a = 1; export default a;"],
      ["src/base/a.ts", "const a = 1; export { a as default };"],
    ],
    good: [
      ["src/base/a.ts", "export const a = 1;"],
      ["labs/word-count/starter/topology.ts", "export default () => 1;"],
    ],
  },
  {
    name: "says what it holds: no any",
    check: (file) => nodesOf(file, (node) => node.kind === ts.SyntaxKind.AnyKeyword, "any; use unknown, or the type"),
    bad: [["src/base/a.ts", "const a: any = 1;"]],
    good: [["src/base/a.ts", 'const any = "any"; // any']],
  },
  {
    name: "uses only syntax that type stripping removes",
    check: (file) => nodesOf(file, isNotErasable, "enum, namespace or parameter property"),
    bad: [
      ["src/base/a.ts", "enum E { A }"],
      ["src/base/a.ts", "const enum E { A }"],
      ["src/base/a.ts", "namespace N { export const a = 1; }"],
      ["src/base/a.ts", "class C { constructor(private readonly a: number) {} }"],
    ],
    good: [
      ["src/base/a.ts", "class C { private readonly a: number; constructor(a: number) { this.a = a; } }"],
      ["src/base/a.ts", 'declare module "x" { export const a: number; }'],
    ],
  },
  {
    name: "does not silence the type checker",
    check: ({ text }) =>
      linesWith(
        text,
        new RegExp(`@ts-${"(ignore|nocheck)"}`),
        "repair the type, or @ts-expect-error in a test of types",
      ),
    bad: [
      ["src/base/a.ts", `// @ts-${"ignore"}\nf();`],
      ["src/base/a.ts", `// @ts-${"nocheck"}`],
    ],
    good: [["test/unit/base/a.test.ts", "// @ts-expect-error no such field\nf();"]],
  },
  {
    name: "begins by saying why it exists",
    check: ({ path, text }) => {
      // The name of a test file says what it is about, and its describe says it again.
      if (path.endsWith(".test.ts")) return [];
      const body = text.replace(/^#!.*\n/, "");
      return /^\/\*\*[\s\S]*?\w{2}[\s\S]*?\*\//.test(body)
        ? []
        : [`${path} has no module comment /** … */ at its head`];
    },
    bad: [
      ["src/base/a.ts", 'import "./b.ts";\n/** Late. */'],
      ["src/base/a.ts", "/** */\nexport {};"],
    ],
    good: [
      ["src/base/a.ts", "/** Words that every room needs. */"],
      ["bin/a.mjs", "#!/usr/bin/env node\n/** The command. */"],
    ],
  },
];

function defaultExports(file: SourceFile): string[] {
  return nodesOf(
    file,
    (node) =>
      (ts.isExportAssignment(node) && node.isExportEquals !== true) ||
      node.kind === ts.SyntaxKind.DefaultKeyword ||
      (ts.isExportSpecifier(node) && node.name.text === "default"),
    "a default export; give it a name",
  ).filter((finding) => !isSwitchDefault(file, finding));
}

/** `default:` in a switch is the same keyword only in the text: the tree keeps it as a clause. */
function isSwitchDefault(file: SourceFile, finding: string): boolean {
  const line = Number(/^line (\d+)/.exec(finding)?.[1]);
  return /^\s*default:/.test(file.text.split("\n")[line - 1] ?? "");
}

function isNotErasable(node: ts.Node): boolean {
  if (ts.isEnumDeclaration(node)) return true;
  if (ts.isModuleDeclaration(node))
    return ts.isIdentifier(node.name) && (node.flags & ts.NodeFlags.GlobalAugmentation) === 0;
  return ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent);
}

function nodesOf(file: SourceFile, wanted: (node: ts.Node) => boolean, message: string): string[] {
  const found: string[] = [];
  walk(file.tree, (node) => {
    if (wanted(node)) found.push(`line ${lineOf(file, node)}: ${message}`);
  });
  return found;
}

export function linesWith(text: string, pattern: RegExp, message: string): string[] {
  return text.split("\n").flatMap((line, index) => {
    const match = pattern.exec(line);
    return match === null ? [] : [`line ${index + 1}: ${match[0]}; ${message}`];
  });
}
