/** What a disk says, in words: a cluster's folder cannot be written, read or removed. */
import { exitCodes, FsError, StormLabError } from "../../src/base/index.ts";

const reasons: Readonly<Record<string, readonly [why: string, hint: string]>> = {
  EACCES: ["this user may not write there", "choose another folder with STORM_LAB_HOME, or mend its permissions"],
  EPERM: ["this user may not write there", "choose another folder with STORM_LAB_HOME, or mend its permissions"],
  EROFS: ["the file system is mounted read-only", "choose another folder with STORM_LAB_HOME"],
  ENOSPC: ["the disk is full", "free some space, or choose another folder with STORM_LAB_HOME"],
  EDQUOT: ["this user's share of the disk is used up", "free some space, or choose another folder with STORM_LAB_HOME"],
  ENOTDIR: ["a file lies where a folder has to be", "move the file away, or choose another folder with STORM_LAB_HOME"],
  EEXIST: ["a file lies where a folder has to be", "move the file away, or choose another folder with STORM_LAB_HOME"],
};

/** Runs `work`; a file system's error becomes SL-CLUSTER-FOLDER. */
export async function withFolderErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof FsError)) throw error;
    const [why, hint] = reasons[error.code] ?? [`the system says ${error.code}`, "look at the folder and the disk"];
    throw new StormLabError({
      code: "SL-CLUSTER-FOLDER",
      what: `${error.path} cannot be written (${error.code})`,
      why,
      hint,
      exitCode: exitCodes.preflight,
      cause: error,
    });
  }
}
