/** A file that a plan writes. */
import type { Runtime } from "../../src/base/index.ts";

export interface WantedFile {
  readonly path: string;
  readonly text: string;
  readonly executable?: boolean;
}

export async function makeExecutable(runtime: Runtime, paths: readonly string[]): Promise<void> {
  if (paths.length === 0) return;
  const child = await runtime.processes.spawn({ program: "chmod", args: ["755", ...paths] });
  await child.exited;
}
