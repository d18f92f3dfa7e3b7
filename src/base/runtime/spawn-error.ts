/** What both sides of the Runtime say when a process cannot be started. */

import { StormLabError } from "../errors.ts";

/** The program's name for itself in `SpawnOptions.program`. */
export const selfProgram = "storm-lab";

export function spawnError(program: string, code: string, cause?: unknown): StormLabError {
  return new StormLabError({
    code: "SL-PROCESS-SPAWN",
    what: `The process ${program} could not be started: ${code}.`,
    why: code === "ENOENT" ? "There is no such program or folder." : "The operating system refused it.",
    hint: "Check the program's path, its permissions, its working folder and its output files.",
    retriable: code === "EAGAIN",
    cause,
  });
}
