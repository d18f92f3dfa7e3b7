/** `--pid-file` of the daemons: how `up`, `ps` and the one-key scripts know which process is which. */
import type { Runtime } from "../../base/index.ts";
import type { CommandInput, OptionSpec } from "../command.ts";

export const pidFileOption: OptionSpec = {
  flags: "--pid-file <file>",
  summary: "write the process number there, and what tells it from a later one",
};

/** Runs a daemon with its pid file in place; the file goes at an orderly end. */
export async function withPidFile<T>(runtime: Runtime, { options }: CommandInput, run: () => Promise<T>): Promise<T> {
  if (typeof options.pidFile !== "string") return run();
  const { writePidFile, removePidFile } = await import("../../../provision/index.ts");
  await writePidFile(runtime, options.pidFile);
  try {
    return await run();
  } finally {
    await removePidFile(runtime, options.pidFile);
  }
}
