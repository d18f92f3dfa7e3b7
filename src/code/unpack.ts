/** From an archive to files on a node: `resources/` of it, checked before anything is written. */
import { dirname, join } from "node:path";
import type { FileSystem } from "../base/index.ts";
import { codeBytesMax, codeFilesMax } from "./code-bounds.ts";
import { archiveRefused } from "./code-errors.ts";
import { checksum, manifestFile, readManifest, resourcesFolder } from "./manifest.ts";

const prefix = `${resourcesFolder}/`;
/** The manifest names every file, so it may take some more. */
const bounds = { bytesMax: codeBytesMax + 8 * 1024 * 1024, filesMax: codeFilesMax + 10 };

/**
 * Writes `<directory>/resources/…`, into a folder that should be new. Archives of others are unpacked too; what storm-lab packed
 * must be as it was packed. All of it is on stable storage when this resolves. Throws SL-CODE-ARCHIVE and SL-CODE-VERSION.
 */
export async function unpackCode(fs: FileSystem, archive: Uint8Array, directory: string): Promise<void> {
  const { unzip } = await import("./zip.ts");
  const files = unzip(archive, isResource, bounds);
  const manifest = files.get(prefix + manifestFile);
  if (manifest !== undefined) checkFiles(files, readManifest(new TextDecoder().decode(manifest)).files);
  await fs.makeDirectory(join(directory, resourcesFolder));
  const folders = new Set([...files.keys()].map(dirname));
  for (const folder of folders) await fs.makeDirectory(join(directory, folder));
  for (const [path, bytes] of files) await writeSynced(fs, join(directory, path), bytes);
  for (const folder of new Set([...folders].flatMap(withParents))) await fs.syncDirectory(join(directory, folder));
}

async function writeSynced(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const file = await fs.open(path, "create");
  try {
    await file.write(bytes, 0);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** `a/b` and `a`. */
function withParents(folder: string): string[] {
  const parts = folder.split("/");
  return parts.map((_, index) => parts.slice(0, parts.length - index).join("/"));
}

/** A jar has other things too; what leads out of it makes the whole of it suspect. */
function isResource(path: string): boolean {
  const parts = path.split("/");
  const leadsOut = parts.some((part) => part === "" || part === "." || part === "..");
  if (leadsOut || /[\\\0]|^[A-Za-z]:/.test(path)) throw archiveRefused(`it has a file named ${JSON.stringify(path)}`);
  return path.startsWith(prefix);
}

function checkFiles(files: ReadonlyMap<string, Uint8Array>, wanted: Readonly<Record<string, string>>): void {
  for (const [path, sum] of Object.entries(wanted)) {
    const bytes = files.get(prefix + path);
    if (bytes === undefined) throw archiveRefused(`${path} is missing`);
    if (checksum(bytes) !== sum) throw archiveRefused(`${path} is not what was packed`);
  }
  for (const path of files.keys()) {
    const name = path.slice(prefix.length);
    if (name !== manifestFile && !Object.hasOwn(wanted, name)) throw archiveRefused(`${name} was not packed`);
  }
}
