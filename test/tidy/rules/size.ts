/** Files and functions that a reader can hold in mind. */
import ts from "typescript";
import type { SourceFile } from "../repository.ts";
import { lineOf, type Rule, walk } from "../rule.ts";

const fileLines = 400;
const functionLines = 70;
const columns = 140;

export const sizeRules: readonly Rule[] = [
  {
    name: `has at most ${fileLines} lines`,
    check: ({ text }) => {
      const lines = text.trimEnd().split("\n").length;
      return lines <= fileLines ? [] : [`${lines} lines`];
    },
    bad: [["src/base/a.ts", "x;\n".repeat(fileLines + 1)]],
    good: [["src/base/a.ts", "x;\n".repeat(fileLines)]],
  },
  {
    name: `has lines of at most ${columns} characters`,
    check: ({ text }) =>
      text.split("\n").flatMap((line, index) => {
        const length = [...line].length;
        return length <= columns ? [] : [`line ${index + 1}: ${length} characters`];
      }),
    bad: [["src/base/a.ts", `// ${"x".repeat(columns)}`]],
    good: [["src/base/a.ts", "😀".repeat(columns)]],
  },
  {
    name: `has functions of at most ${functionLines} lines`,
    check: longFunctions,
    bad: [
      ["src/base/a.ts", `function f() {\n${"x;\n".repeat(functionLines)}}`],
      ["src/base/a.ts", `class C { m() {\n${"x;\n".repeat(functionLines)}} }`],
      ["test/unit/base/a.test.ts", `it("x", () => {\n${"x;\n".repeat(functionLines)}});`],
    ],
    good: [
      ["src/base/a.ts", `function f() {\n${"x;\n".repeat(functionLines - 2)}}`],
      ["src/base/a.ts", `function f() {\nreturn \`${"x\n".repeat(functionLines)}\`;\n}`],
      ["test/unit/base/a.test.ts", `describe("x", () => {\n${"x;\n".repeat(functionLines)}});`],
      ["test/contract/base/suite.ts", `function suite() {\nit("x", f);\n${"x;\n".repeat(functionLines)}}`],
    ],
  },
];

function longFunctions(file: SourceFile): string[] {
  const found: string[] = [];
  walk(file.tree, (node) => {
    if (!ts.isFunctionLike(node) || (file.path.startsWith("test/") && groupsTests(node))) return;
    const lines = linesOf(file, node) - textLinesIn(file, node);
    if (lines > functionLines) found.push(`line ${lineOf(file, node)}: a function of ${lines} lines`);
  });
  return found;
}

function linesOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.end).line + 2 - lineOf(file, node);
}

/** A text that the function makes is read as a text, not as code. */
function textLinesIn(file: SourceFile, node: ts.Node): number {
  let lines = 0;
  walk(node, (inner) => {
    if (ts.isTemplateExpression(inner) || ts.isNoSubstitutionTemplateLiteral(inner)) lines += linesOf(file, inner) - 1;
  });
  return lines;
}

/** The body of `describe`, and the functions of a contract suite, only list tests. */
function groupsTests(node: ts.SignatureDeclaration): boolean {
  const body = "body" in node ? node.body : undefined;
  if (body === undefined || !ts.isBlock(body)) return false;
  const { parent } = node;
  if (ts.isCallExpression(parent) && isTestCall(parent, ["describe"])) return true;
  return body.statements.some(
    (statement) => ts.isExpressionStatement(statement) && isTestCall(statement.expression, ["it", "test", "describe"]),
  );
}

function isTestCall(node: ts.Node, names: readonly string[]): boolean {
  return ts.isCallExpression(node) && ts.isIdentifier(node.expression) && names.includes(node.expression.text);
}
