/** The process `storm-lab`: reads its words, runs one command, ends with its exit code. */
import { type RealRuntimeOptions, type Runtime, realRuntime } from "../base/index.ts";
import type { CommandContext } from "./command.ts";
import { commandTable } from "./command-table.ts";
import { version } from "./commands/version.ts";
import { type Interruption, interruptedExitCode, watchForInterruption } from "./interruption.ts";
import { catchTheRest } from "./last-resort.ts";
import { errorGlobalsOf, parseCommandLine } from "./program.ts";
import { exitCodeOf, renderError } from "./render-error.ts";
import { openTerminal } from "./terminal.ts";

const words = process.argv.slice(2);
const allowColours = !words.includes("--no-color");
const stdout = openTerminal(process.stdout, allowColours);
const stderr = openTerminal(process.stderr, allowColours);
const errorGlobals = errorGlobalsOf(words, process.env);
const lastResort = catchTheRest(process, showError);
const interruption = watchForInterruption(process, () => performance.now(), lastResort.end);

const exitCode = await runOnce(interruption);
// A pipe takes what its reader has room for; the rest would be lost with the process.
await Promise.all([drained(process.stdout), drained(process.stderr)]);
lastResort.end(exitCode);

/** This program is started again as it was started: the Node that runs it, and the launcher. */
function openRuntime(options: Omit<RealRuntimeOptions, "self">): Runtime {
  return realRuntime({ ...options, self: { command: [process.execPath, ...process.argv.slice(1, 2)] } });
}

async function runOnce({ signal }: Interruption): Promise<number> {
  try {
    const invocation = await parseCommandLine(words, commandTable, version, stdout, process.env);
    if (invocation?.spec.run === undefined) return interruption.exitCode ?? 0;
    if (invocation.spec.hidden !== true) signal.addEventListener("abort", tellOfCtrlC);
    const { claimErrors, claimExit } = lastResort;
    const context: CommandContext = {
      globals: invocation.globals,
      stdout,
      stderr,
      interrupted: signal,
      claimErrors,
      claimExit,
      openRuntime,
    };
    const exitCode = await invocation.spec.run(context, invocation.input);
    return interruption.exitCode ?? exitCode;
  } catch (error) {
    // What an interrupted command throws is the interruption itself.
    if (interruption.exitCode !== undefined && !errorGlobals.verbose) return interruption.exitCode;
    return interruption.exitCode ?? showError(error);
  }
}

function showError(error: unknown): number {
  stderr.write(renderError(error, errorGlobals, stderr));
  return exitCodeOf(error);
}

/** To a person, once: a process that the program started itself leaves this to the one in front. */
function tellOfCtrlC(): void {
  if (interruption.exitCode !== interruptedExitCode || !stderr.interactive) return;
  stderr.write("\nstopping; Ctrl-C again ends at once\n");
}

/** All that was written has left, or nobody reads any more. */
function drained(stream: NodeJS.WriteStream): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  if (!stream.writable) resolve();
  else stream.write("", () => resolve());
  return promise;
}
