/** Who imports whom: circles, exports that nobody uses, and packages that several files know. */
import ts from "typescript";
import type { SourceFile } from "./repository.ts";
import { isDoor, roomOf } from "./rooms.ts";
import { type Import, importsOf, walk } from "./rule.ts";

/** Circles of files that need each other to load, each as the list of its files. Types are gone by then. */
export function circlesAmong(files: readonly SourceFile[]): string[][] {
  const edges = new Map(files.map((file) => [file.path, loadedBy(file)]));
  const circles: string[][] = [];
  const done = new Set<string>();
  const visit = (path: string, way: readonly string[]): void => {
    const start = way.indexOf(path);
    if (start >= 0) {
      circles.push([...way.slice(start), path]);
      return;
    }
    if (done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of edges.keys()) visit(path, []);
  return circles;
}

/** Every file that is loaded with this one, itself included; lazy imports and types are not. */
export function loadedWith(files: readonly SourceFile[], path: string): string[] {
  const edges = new Map(files.map((file) => [file.path, loadedBy(file)]));
  const found = new Set([path]);
  for (const each of found) for (const next of edges.get(each) ?? []) found.add(next);
  return [...found];
}

/**
 * Exports, as `path: name`, that no other file imports, and files that nothing imports or starts. What a door
 * exports is for whoever comes; tests, scripts and the files named in `started` are started by their path.
 */
export function unusedAmong(files: readonly SourceFile[], started: readonly string[]): string[] {
  const used = new Map<string, Set<string> | "everything">();
  for (const file of files) for (const edge of importsOf(file)) note(used, edge);
  return files.flatMap((file) => {
    if (isStarted(file.path, started)) return [];
    const uses = used.get(file.path);
    if (uses === undefined) return [`${file.path}: nothing imports it`];
    if (uses === "everything") return [];
    return exportedNames(file)
      .filter((name) => !uses.has(name) && !isPartOfSignature(file, name))
      .map((name) => `${file.path}: ${name}`);
  });
}

/** For each package, the files that import it. */
export function packagesOf(files: readonly SourceFile[]): Map<string, string[]> {
  const importers = new Map<string, string[]>();
  for (const file of files) {
    for (const name of new Set(importsOf(file).flatMap(packageName))) {
      importers.set(name, [...(importers.get(name) ?? []), file.path]);
    }
  }
  return importers;
}

function loadedBy(file: SourceFile): string[] {
  return importsOf(file).flatMap(({ target, typeOnly, lazy }) =>
    target === undefined || typeOnly || lazy ? [] : [target],
  );
}

function note(used: Map<string, Set<string> | "everything">, { target, names }: Import): void {
  if (target === undefined) return;
  const before = used.get(target);
  if (before === "everything") return;
  used.set(target, names === undefined ? "everything" : new Set([...(before ?? []), ...names]));
}

function isStarted(path: string, started: readonly string[]): boolean {
  const room = roomOf(path);
  if (room !== undefined && isDoor(room, path)) return true;
  return started.some((pattern) => (pattern.endsWith("/") ? path.startsWith(pattern) : path.endsWith(pattern)));
}

function exportedNames(file: SourceFile): string[] {
  return file.tree.statements.flatMap((statement) => {
    if (ts.isExportDeclaration(statement)) {
      const clause = statement.exportClause;
      return clause !== undefined && ts.isNamedExports(clause) ? clause.elements.map(({ name }) => name.text) : [];
    }
    const modifiers = ts.canHaveModifiers(statement) ? ts.getModifiers(statement) : undefined;
    if (modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) !== true) return [];
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
    }
    return "name" in statement && ts.isIdentifier(statement.name as ts.Node)
      ? [(statement.name as ts.Identifier).text]
      : [];
  });
}

/** A type that the file's own exports speak of is exported with them. */
function isPartOfSignature(file: SourceFile, name: string): boolean {
  const declaration = file.tree.statements.find(
    (statement) =>
      (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) && statement.name.text === name,
  );
  if (declaration === undefined) return false;
  let uses = 0;
  walk(file.tree, (node) => {
    if (ts.isIdentifier(node) && node.text === name) uses += 1;
  });
  return uses > 1;
}

function packageName({ specifier }: Import): string[] {
  if (specifier.startsWith(".") || specifier.startsWith("node:")) return [];
  const parts = specifier.split("/");
  return [specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier)];
}
