/** What no command caught still ends in three lines and with an exit code of ours. */

/** Node's own exit code for a promise that was awaited and can no more settle. */
const unsettledExitCode = 13;

/** `render` writes the error and answers the exit code. */
export function catchTheRest(process: NodeJS.Process, render: (error: unknown) => number): void {
  let ending = false;
  const end = (error: unknown): void => {
    // Rendering may fail too, when nobody reads standard error.
    if (ending) return;
    ending = true;
    process.exit(render(error));
  };
  process.on("uncaughtException", end);
  process.on("unhandledRejection", end);
  process.on("exit", (code) => {
    if (code === unsettledExitCode)
      process.exitCode = render(new Error("the command waits for something that can no more come"));
  });
}
