/** What a rule is, and how rules look at a syntax tree. */
import { posix } from "node:path";
import ts from "typescript";
import type { SourceFile } from "./repository.ts";

export interface Rule {
  /** Completes the sentence "Every file …". */
  readonly name: string;
  /** What is wrong in this file; each with a line where there is one. */
  check(file: SourceFile): string[];
  /** A path and a text that the rule must object to: a rule that catches nothing is no rule. */
  readonly bad: readonly Example[];
  /** Near misses that it must let pass. */
  readonly good: readonly Example[];
}

export type Example = readonly [path: string, text: string];

export interface Import {
  /** As written. */
  readonly specifier: string;
  /** The file that a relative specifier names, from the root; undefined for packages. */
  readonly target: string | undefined;
  /** Gone when the types are stripped. */
  readonly typeOnly: boolean;
  /** Loaded when the statement is reached, not before the file runs. */
  readonly lazy: boolean;
  /** The imported names; undefined for a whole module. */
  readonly names: readonly string[] | undefined;
  readonly line: number;
}

/** Static imports, re-exports and dynamic imports with a literal specifier. */
export function importsOf(file: SourceFile): Import[] {
  const found: Import[] = [];
  walk(file.tree, (node) => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) {
      if (node.moduleSpecifier === undefined || !ts.isStringLiteral(node.moduleSpecifier)) return;
      found.push(staticImport(file, node, node.moduleSpecifier.text));
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [specifier] = node.arguments;
      if (specifier !== undefined && ts.isStringLiteral(specifier)) {
        found.push(importOf(file, node, specifier.text, { typeOnly: false, lazy: true, names: undefined }));
      }
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      const { literal } = node.argument;
      if (!ts.isStringLiteral(literal)) return;
      const names = node.qualifier === undefined ? undefined : [node.qualifier.getText(file.tree)];
      found.push(importOf(file, node, literal.text, { typeOnly: true, lazy: false, names }));
    }
  });
  return found;
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

export function lineOf(file: SourceFile, node: ts.Node): number {
  return file.tree.getLineAndCharacterOfPosition(node.getStart(file.tree)).line + 1;
}

type Shape = Pick<Import, "typeOnly" | "lazy" | "names">;

function staticImport(file: SourceFile, node: ts.ImportDeclaration | ts.ExportDeclaration, specifier: string): Import {
  if (ts.isExportDeclaration(node)) {
    const clause = node.exportClause;
    const names =
      clause !== undefined && ts.isNamedExports(clause)
        ? clause.elements.map((element) => (element.propertyName ?? element.name).text)
        : undefined;
    return importOf(file, node, specifier, { typeOnly: node.isTypeOnly, lazy: false, names });
  }
  const clause = node.importClause;
  const bindings = clause?.namedBindings;
  const names: string[] = clause?.name === undefined ? [] : ["default"];
  if (bindings !== undefined && ts.isNamedImports(bindings)) {
    names.push(...bindings.elements.map((element) => (element.propertyName ?? element.name).text));
  }
  const whole = bindings !== undefined && ts.isNamespaceImport(bindings);
  const typeOnly = clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
  return importOf(file, node, specifier, { typeOnly, lazy: false, names: whole ? undefined : names });
}

function importOf(file: SourceFile, node: ts.Node, specifier: string, shape: Shape): Import {
  const target = specifier.startsWith(".") ? posix.join(posix.dirname(file.path), specifier) : undefined;
  return { specifier, target, line: lineOf(file, node), ...shape };
}
