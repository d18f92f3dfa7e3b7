/** Every file that an author's module needs elsewhere: its imports, what they name for later, and the package.json files that Node asks. */
import { basename, dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Runtime } from "../base/index.ts";
import { codeBytesMax, codeFilesMax } from "./code-bounds.ts";
import { codeTooLarge } from "./code-errors.ts";
import type { ImportRecord, RecordedImport } from "./import-record.ts";
import { mentionsIn } from "./source-scan.ts";

export interface CodeFiles {
  /** The folder that all of them lie in. */
  readonly root: string;
  /** From the root, with `/`; sorted. */
  readonly entry: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Those that Node would not find by itself among these files, such as packages that are linked from elsewhere; from the root. */
  readonly imports: readonly RecordedImport[];
}

/** Throws SL-CODE-TOO-LARGE. */
export async function collectCode(runtime: Runtime, imports: ImportRecord): Promise<CodeFiles> {
  const collected = new Collection(runtime, imports);
  await collected.addAll();
  const root = commonFolder([...collected.files.keys()]);
  const inside = (path: string): string => relative(root, path);
  const files = [...collected.files].map(([path, bytes]) => [inside(path), bytes] as const);
  // Without one, Node would go on to the package.json of whatever the archive is unpacked below.
  if (collected.lacksPackageFile) files.push([packageFile, new TextEncoder().encode("{}\n")]);
  return {
    root,
    entry: inside(imports.entry),
    files: new Map(files.sort(([a], [b]) => (a < b ? -1 : 1))),
    imports: [...imports.imports]
      .filter(({ from, to }) => collected.files.has(from) && collected.files.has(to))
      .filter((each) => !isFoundByNode(each))
      .map(({ from, to, ...rest }) => ({ from: inside(from), to: inside(to), ...rest }))
      .sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
  };
}

const packageFile = "package.json";
const sourceName = /\.[cm]?[jt]s$/;

class Collection {
  readonly files = new Map<string, Uint8Array>();
  lacksPackageFile = false;
  readonly #runtime: Runtime;
  readonly #imports: ImportRecord;
  readonly #packageFiles = new Map<string, Promise<boolean>>();
  #bytes = 0;

  constructor(runtime: Runtime, imports: ImportRecord) {
    this.#runtime = runtime;
    this.#imports = imports;
  }

  async addAll(): Promise<void> {
    const waiting = [...this.#imports.files];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      if (this.files.has(path) || !(await this.#isFile(path))) continue;
      const bytes = await this.#add(path);
      if (sourceName.test(path)) waiting.push(...this.#named(path, new TextDecoder().decode(bytes)));
      if (!(await this.#hasPackageFile(dirname(path)))) this.lacksPackageFile = true;
    }
  }

  #named(path: string, source: string): string[] {
    return mentionsIn(source).flatMap(({ kind, specifier }) => {
      if (kind === "data") return dataFile(path, specifier);
      const found = this.#imports.resolve(specifier, path, kind === "require");
      return found === undefined ? [] : [found];
    });
  }

  /** Node asks the nearest one for the kind of a module, and a package's own for what it exports. False: there is none. */
  #hasPackageFile(folder: string): Promise<boolean> {
    const known = this.#packageFiles.get(folder);
    if (known !== undefined) return known;
    const asked = this.#findPackageFile(folder);
    this.#packageFiles.set(folder, asked);
    return asked;
  }

  async #findPackageFile(folder: string): Promise<boolean> {
    // Node looks no further up than here.
    if (basename(folder) === "node_modules") return true;
    const file = join(folder, packageFile);
    const found = await this.#isFile(file);
    if (found && !this.files.has(file)) await this.#add(file);
    if (found && !folder.includes("/node_modules/")) return true;
    const above = dirname(folder);
    return above === folder ? found : (await this.#hasPackageFile(above)) || found;
  }

  async #isFile(path: string): Promise<boolean> {
    return (await this.#runtime.fs.stat(path))?.kind === "file";
  }

  async #add(path: string): Promise<Uint8Array> {
    const bytes = await this.#runtime.fs.readFile(path);
    this.files.set(path, bytes);
    this.#bytes += bytes.length;
    if (this.#bytes > codeBytesMax || this.files.size > codeFilesMax)
      throw codeTooLarge(this.#imports.entry, this.files);
    return bytes;
  }
}

/** Data beside the code, whichever way it is spelt; addresses and files of the machine are none. */
function dataFile(from: string, specifier: string): string[] {
  if (specifier.startsWith("/") || specifier.includes(":")) return [];
  return [fileURLToPath(new URL(specifier, pathToFileURL(from)))];
}

function isFoundByNode({ from, to, specifier }: RecordedImport): boolean {
  if (/^(#|\.{1,2}(\/|$))/.test(specifier)) return true;
  const [scope = "", rest] = specifier.split("/");
  const name = scope.startsWith("@") ? `${scope}/${rest}` : scope;
  for (let folder = dirname(from); ; folder = dirname(folder)) {
    if (to.startsWith(`${join(folder, "node_modules", name)}/`)) return true;
    if (folder === dirname(folder)) return false;
  }
}

function commonFolder(paths: readonly string[]): string {
  const [first = "/", ...others] = paths.map(dirname);
  return others.reduce((common, folder) => {
    let above = common;
    while (above !== folder && !folder.startsWith(above === "/" ? above : `${above}/`)) above = dirname(above);
    return above;
  }, first);
}

function orderOf({ from, specifier, require }: RecordedImport): string {
  return JSON.stringify([from, specifier, require]);
}
