/** A file is either the old one or the new one, whenever the power fails. */

import { type FileSystem, FsError } from "./runtime.ts";

/** Where the new contents wait until they are complete; a left-over one is overwritten by the next replacement. */
const replacementSuffix = ".new";

/**
 * Replaces the file, or makes it; durable when it resolves. The folder must be there, and durable itself.
 * One replacement of a file at a time.
 */
export async function replaceFile(fs: FileSystem, path: string, bytes: Uint8Array): Promise<void> {
  const replacement = path + replacementSuffix;
  const handle = await fs.open(replacement, "create");
  try {
    await handle.write(bytes, 0);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fs.rename(replacement, path);
  await fs.syncDirectory(folderOf(path));
}

/** Makes the folder with its parents, each of them durable, up to the first that this user may not read. */
export async function makeDurableDirectory(fs: FileSystem, path: string): Promise<void> {
  await fs.makeDirectory(path);
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const isSynced = await fs.syncDirectory(folder).then(() => true, isForbidden);
    if (!isSynced || folder === folderOf(folder)) return;
  }
}

/** False for a folder of somebody else, which was there before; other errors go on. */
function isForbidden(error: unknown): false {
  if (error instanceof FsError && error.code === "EACCES") return false;
  throw error;
}

function folderOf(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  const slash = trimmed.lastIndexOf("/");
  if (slash < 0) return ".";
  return slash === 0 ? "/" : trimmed.slice(0, slash);
}
