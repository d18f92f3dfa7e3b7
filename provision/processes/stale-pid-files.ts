/** Pid files whose process is gone: what a kill -9 or a power cut leaves. */
import type { Runtime } from "../../src/base/index.ts";
import type { ClusterLayout } from "../cluster/layout.ts";
import { listed, readPidFile, removeFiles, textOf } from "./managed-process.ts";

export async function stalePidFiles(
  runtime: Runtime,
  { folder, ensemble }: ClusterLayout,
): Promise<{ readonly path: string; readonly pid: number }[]> {
  const names = (await listed(runtime, `${folder}/run`)).filter((name) => name.endsWith(".pid"));
  const paths = [...names.map((name) => `${folder}/run/${name}`), ...ensemble.seats.map(({ pidFile }) => pidFile)];
  const found = await Promise.all(
    paths.map(async (path) => {
      const text = await textOf(runtime, path);
      if (text === null || (await readPidFile(runtime, "", path)) !== null) return [];
      return [{ path, pid: Number.parseInt(text, 10) || 0 }];
    }),
  );
  return found.flat();
}

/** Unless a process has taken its place meanwhile. */
export async function removeStalePidFile(runtime: Runtime, path: string): Promise<void> {
  if ((await readPidFile(runtime, "", path)) === null) await removeFiles(runtime, path);
}
