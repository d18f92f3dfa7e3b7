/** What no command caught still ends in three lines and with an exit code of ours. */

/** Answers whether it has dealt with the error. */
export type ErrorClaim = (thrown: unknown) => boolean;

/** Told that code which is not this program's ends the process; answers the exit code instead. */
export type ExitClaim = (exitCode: number) => number;

export interface LastResort {
  /** Is asked before an error that nobody caught ends the process. */
  claimErrors(claim: ErrorClaim): void;
  /** Until it is taken back with null. */
  claimExit(claim: ExitClaim | null): void;
  /** Ends the process on this program's own account. */
  end(exitCode: number): never;
}

/** Node's own exit code for a promise that was awaited and can no more settle. */
const unsettledExitCode = 13;

/** `render` writes the error and answers the exit code. */
export function catchTheRest(process: NodeJS.Process, render: (error: unknown) => number): LastResort {
  let ending = false;
  let errorClaim: ErrorClaim = () => false;
  let exitClaim: ExitClaim | null = null;
  const end = (exitCode: number): never => {
    ending = true;
    return process.exit(exitCode);
  };
  const caught = (error: unknown): void => {
    // Rendering may fail too, when nobody reads standard error.
    if (ending || errorClaim(error)) return;
    ending = true;
    process.exit(render(error));
  };
  process.on("uncaughtException", caught);
  process.on("unhandledRejection", caught);
  process.on("exit", (code) => {
    if (code === unsettledExitCode && !ending)
      process.exitCode = render(new Error("the command waits for something that can no more come"));
    else if (!ending && exitClaim !== null) process.exitCode = exitClaim(code);
  });
  return {
    claimErrors: (claim) => {
      errorClaim = claim;
    },
    claimExit: (claim) => {
      exitClaim = claim;
    },
    end,
  };
}
