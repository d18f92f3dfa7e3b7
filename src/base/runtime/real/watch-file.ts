/** Tells of changes of a file that comes, goes and is replaced: its folder is watched, as the file itself may not be there. */
import { watch } from "node:fs";
import { basename, dirname } from "node:path";

/** Null: this system, or this folder, cannot be watched. The process does not stay alive for it. */
export function watchFile(file: string, changed: () => void): { close(): void } | null {
  const name = basename(file);
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_event, of) => {
      if (of === null || of === name) changed();
    });
    // A folder that goes takes its watcher along: whoever looks now and then sees it.
    watcher.on("error", () => watcher.close());
    return watcher;
  } catch {
    return null;
  }
}
