/** Writes the program, as it is installed here, into one archive. */
import { createHash } from "node:crypto";
import { createWriteStream, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { exitCodes } from "../../../base/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { version } from "../version.ts";
import { incomplete, inTheWay } from "./errors.ts";
import { type TarFile, tarEnd, tarEntry } from "./tar.ts";

/** What of the package itself is carried; a checkout has more. */
const parts = [
  "bin",
  "dist",
  "src",
  "provision",
  "labs",
  "docs",
  "package.json",
  "README.md",
  "CHANGELOG.md",
  "LICENSE",
  "NOTICE",
];
const needed = ["bin/storm-lab.mjs", "dist/cli.js", "package.json"];

/** Starts it with the Node that lies in the bundle, else with the one of the machine. */
const starter = `#!/bin/sh
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
for node in "$here"/node_modules/node-*/bin/node; do
  [ -x "$node" ] && exec "$node" "$here/bin/storm-lab.mjs" "$@"
done
exec node "$here/bin/storm-lab.mjs" "$@"
`;

export async function runExport(context: CommandContext, { args }: CommandInput): Promise<number> {
  const file = resolve(String(args.file));
  if (existsSync(file)) throw inTheWay(file);
  const paths = bundledFiles(packageRoot());
  const aside = `${file}.${process.pid}`;
  let bytes = 0;
  const counted = async function* () {
    for await (const chunk of archive(paths)) {
      bytes += chunk.length;
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.from(counted()), createGzip(), createWriteStream(aside), { signal: context.interrupted });
    await rename(aside, file);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  const told = {
    file,
    version,
    platform: process.platform,
    arch: process.arch,
    files: paths.size,
    bytes: statSync(file).size,
  };
  if (context.globals.output !== "text")
    context.stdout.write(`${JSON.stringify({ v: 1, type: "bundle", ...told, unpackedBytes: bytes })}\n`);
  else {
    const megabytes = Math.ceil(told.bytes / 1024 / 1024);
    context.stdout.write(`wrote ${file}: ${paths.size} files, ${megabytes} MB, for ${told.platform} ${told.arch}\n\n`);
    context.stdout.write("next  storm-lab bundle import FILE   or, where there is none yet, tar xzf FILE\n");
  }
  return exitCodes.done;
}

async function* archive(paths: ReadonlyMap<string, string>): AsyncGenerator<Uint8Array> {
  const sums: string[] = [];
  const entry = (one: TarFile): Uint8Array => {
    sums.push(`${createHash("sha256").update(one.bytes).digest("hex")}  ${one.path}\n`);
    return tarEntry(one);
  };
  yield entry({ path: "storm-lab", isExecutable: true, bytes: Buffer.from(starter) });
  for (const [path, source] of paths)
    yield entry({ path, isExecutable: (statSync(source).mode & 0o100) !== 0, bytes: readFileSync(source) });
  yield tarEntry({ path: "SHA256SUMS", isExecutable: false, bytes: Buffer.from(sums.join("")) });
  yield tarEnd;
}

/** By path in the bundle, the file it is taken from. Throws SL-BUNDLE-INCOMPLETE. */
function bundledFiles(root: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of parts) addFiles(found, join(root, part), part);
  for (const path of needed) if (!found.has(path)) throw incomplete(path);
  const packages = new Map<string, string>();
  addPackages(packages, root, root);
  for (const [path, folder] of packages) addFiles(found, folder, path);
  return found;
}

/** A package's own `node_modules` are packages of their own. */
function addFiles(found: Map<string, string>, source: string, path: string): void {
  const stat = statSync(source, { throwIfNoEntry: false });
  if (stat?.isFile() === true) found.set(path, source);
  if (stat?.isDirectory() !== true) return;
  for (const name of readdirSync(source).sort())
    if (name !== "node_modules") addFiles(found, join(source, name), `${path}/${name}`);
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

function addPackages(found: Map<string, string>, root: string, folder: string): void {
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(
    readFileSync(join(folder, "package.json"), "utf8"),
  ) as Manifest;
  for (const name of Object.keys({ ...dependencies, ...optionalDependencies })) {
    const source = packageFolder(name, folder);
    if (source === null && !(name in optionalDependencies)) throw incomplete(name);
    if (source === null) continue;
    const inside = relative(root, source);
    const path = inside.startsWith("..") ? `node_modules/${name}` : inside;
    if (found.has(path)) continue;
    found.set(path, source);
    addPackages(found, root, source);
  }
}

/** As Node looks for it: beside the one that needs it, then further up. */
function packageFolder(name: string, from: string): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const candidate = join(folder, "node_modules", name);
    if (existsSync(join(candidate, "package.json"))) return candidate;
    if (folder === dirname(folder)) return null;
  }
}

/** Bundled, this file is in dist/ itself. */
function packageRoot(): string {
  return import.meta.dirname.endsWith("/dist")
    ? dirname(import.meta.dirname)
    : resolve(import.meta.dirname, "../../../..");
}
