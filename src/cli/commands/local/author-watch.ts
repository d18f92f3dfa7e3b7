/**
 * The author's code shares this process: what it leaves uncaught, that it ends the process, and what it prints is told as its own,
 * and harms neither the screen nor the result.
 */
import { exitCodes, StormLabError } from "../../../base/index.ts";
import { authorFrames } from "../../../code/index.ts";
import type { LocalRun } from "../../../local/index.ts";
import { uncaughtError } from "../../../worker/index.ts";
import { catchPrints } from "../../author-output.ts";
import type { CommandContext } from "../../command.ts";
import { renderError } from "../../render-error.ts";
import type { Screen } from "./screen.ts";

export class AuthorWatch {
  /** Rejects with what went wrong before there was a run. */
  readonly failed: Promise<never>;
  /** Gets what goes wrong from now on. */
  run: LocalRun | null = null;
  private readonly context: CommandContext;
  private readonly releasePrints: () => void;

  constructor(context: CommandContext, screen: Screen) {
    this.context = context;
    const { globals, stdout, stderr } = context;
    const { promise, reject } = Promise.withResolvers<never>();
    this.failed = promise;
    promise.catch(() => {});
    context.claimErrors((thrown) => {
      const error = uncaughtError(thrown);
      if (error === null) return false;
      if (this.run === null) reject(error);
      else this.run.fail(error);
      return true;
    });
    context.claimExit((exitCode) => {
      this.releasePrints();
      screen.restore();
      stderr.write(renderError(authorExit(exitCode), globals, stderr));
      return exitCodes.refused;
    });
    this.releasePrints =
      globals.output === "text" && !stdout.interactive ? () => {} : catchPrints(process, screen.printed);
  }

  release(): void {
    this.context.claimExit(null);
    this.releasePrints();
  }
}

/** To be made while `process.exit` is under way: its stack shows who called it. */
function authorExit(exitCode: number): StormLabError {
  const trace = authorFrames(new Error("process.exit"));
  return new StormLabError({
    code: "SL-WORKER-DIED",
    what: `code of the topology ended the process with exit code ${exitCode}, and the run with it`,
    why: trace.length > 0 ? `process.exit was called ${trace[0]}` : "it called process.exit",
    hint: "throw an error instead; a spout that has nothing left says collector.exhausted()",
    exitCode: exitCodes.refused,
    trace,
  });
}
