/** The files of the repository, read once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import ts from "typescript";
import { repositoryRoot } from "../kit/index.ts";

export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly text: string;
  /** Parsed when first asked for. */
  readonly tree: ts.SourceFile;
}

const codeFolders = ["src", "provision", "labs", "bench", "scripts", "bin", "test"];
const textFolders = [...codeFolders, "docs", ".ci"];
const textExtensions = [".ts", ".mjs", ".js", ".md", ".json", ".txt", ".sh", ".cfg", ".yaml"];

/** A file as the rules see it; `text` need not be on disk. */
export function sourceFile(path: string, text: string): SourceFile {
  let tree: ts.SourceFile | undefined;
  return {
    path,
    text,
    get tree() {
      tree ??= ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
      return tree;
    },
  };
}

/** Everything that is TypeScript or JavaScript. */
export const codeFiles: readonly SourceFile[] = filesBelow(codeFolders).filter(({ path }) => /\.(ts|mjs)$/.test(path));

/** Everything that people read, code among it. */
export const textFiles: readonly SourceFile[] = [
  ...filesBelow(textFolders),
  ...readdirSync(repositoryRoot, { withFileTypes: true })
    .filter((entry) => entry.isFile() && (isText(entry.name) || entry.name === "LICENSE"))
    .map(({ name }) => sourceFile(name, read(name))),
];

export function read(path: string): string {
  return readFileSync(join(repositoryRoot, path), "utf8");
}

function filesBelow(folders: readonly string[]): SourceFile[] {
  return folders
    .filter((folder) => existsSync(join(repositoryRoot, folder)))
    .flatMap((folder) => namesBelow(folder))
    .map((path) => sourceFile(path, read(path)));
}

function namesBelow(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return namesBelow(path);
    return isText(entry.name) || path === ".ci/run" ? [path] : [];
  });
}

function isText(name: string): boolean {
  return textExtensions.some((extension) => name.endsWith(extension));
}
