/** A question with yes and no, on a terminal. */
import { createInterface } from "node:readline/promises";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import type { CommandContext } from "../../command.ts";

/** False unless the answer begins with y; false too when the command is interrupted. */
export async function confirm({ interrupted }: CommandContext, question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`${question} [y/N] `, { signal: interrupted });
    return /^y(es)?$/i.test(answer.trim());
  } catch {
    return false;
  } finally {
    terminal.close();
  }
}

export function notAgreed(hint: string): StormLabError {
  return new StormLabError({
    code: "SL-CONFIRM",
    what: "nothing was changed",
    why: "the question was not answered with yes",
    hint,
    exitCode: exitCodes.usage,
  });
}
