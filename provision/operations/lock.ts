/** One command at a time changes a cluster. */
import { exitCodes, FsError, StormLabError } from "../../src/base/index.ts";
import { textOf } from "../processes/managed-process.ts";
import { withFolderErrors } from "./folder-errors.ts";
import { folderOf, type Place } from "./place.ts";

/**
 * Runs `work` while no other command changes the cluster; a lock whose holder has died is taken over. Rejects with SL-CLUSTER-BUSY,
 * SL-CLUSTER-FOLDER.
 */
export async function withClusterLock<T>(place: Place, name: string, work: () => Promise<T>): Promise<T> {
  const { fs } = place.runtime;
  const path = `${folderOf(place, name)}.lock`;
  await withFolderErrors(async () => {
    await fs.makeDirectory(`${place.home}/clusters`);
    await take(place, name, path);
  });
  try {
    return await withFolderErrors(work);
  } finally {
    await fs.remove(path);
  }
}

async function take(place: Place, name: string, path: string): Promise<void> {
  const { fs, processes } = place.runtime;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    try {
      const handle = await fs.open(path, "create-new");
      await handle.write(Buffer.from(`${processes.pid} ${processes.identity(processes.pid)}\n`), 0);
      return await handle.close();
    } catch (error) {
      if (!(error instanceof FsError) || error.code !== "EEXIST") throw error;
    }
    const [pid = "", identity = ""] = ((await textOf(place.runtime, path)) ?? "").trim().split(" ");
    const held = identity !== "" && processes.identity(Number(pid)) === identity;
    if (held) throw busy(name, pid);
    await fs.remove(path);
  }
  throw busy(name, "unknown");
}

/** Each further one means that a holder died between our look and our try. */
const attemptsMax = 5;

function busy(name: string, pid: string): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-BUSY",
    what: `the cluster ${name} is being changed by process ${pid}`,
    why: "another up, down, start, stop or scale is at work on it",
    hint: "wait until it has ended, then run the command again",
    exitCode: exitCodes.conflict,
    retriable: true,
  });
}
