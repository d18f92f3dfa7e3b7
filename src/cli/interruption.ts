/** Ctrl-C, SIGTERM and a reader that has gone away, as one AbortSignal for the running command. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code that tells of it, by the shell's convention; undefined as long as there was none. */
  readonly exitCode: number | undefined;
}

/**
 * A shell, npm and the launcher may each pass on the same Ctrl-C: what comes within this time is one press.
 * A person's second press is later.
 */
const samePressMs = 300;

export const interruptedExitCode = 130;
const terminatedExitCode = 143;

/** Listens until the process ends. The second press, or a second SIGTERM, calls `endNow`. */
export function watchForInterruption(
  process: NodeJS.Process,
  monotonicMs: () => number,
  endNow: (exitCode: number) => void,
): Interruption {
  const controller = new AbortController();
  let exitCode: number | undefined;
  let firstMs = 0;
  const interrupt = (code: number): void => {
    if (exitCode !== undefined) {
      if (monotonicMs() - firstMs > samePressMs) endNow(code);
      return;
    }
    exitCode = code;
    firstMs = monotonicMs();
    controller.abort();
  };
  process.on("SIGINT", () => interrupt(interruptedExitCode));
  process.on("SIGTERM", () => interrupt(terminatedExitCode));
  // Node takes back what nohup asked for. A program that does not write to a terminal need not care that one has gone.
  if (process.stdout.isTTY !== true) process.on("SIGHUP", () => {});
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    // `storm-lab … | head`: enough was read, and that is success.
    interrupt(0);
  });
  return {
    signal: controller.signal,
    get exitCode() {
      return exitCode;
    },
  };
}
