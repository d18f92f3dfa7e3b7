/** How an error reaches a person: three lines (what, why, what to try), and a stack only when asked for. */
import { exitCodes, isStormLabError, messageOf, visibleText } from "../base/index.ts";
import type { GlobalOptions, Terminal } from "./command.ts";

export function renderError(
  error: unknown,
  globals: Pick<GlobalOptions, "ascii" | "verbose">,
  terminal: Terminal,
): string {
  const mark = terminal.style("red", globals.ascii ? "x" : "✗");
  const { code, what, why, hint } = partsOf(error);
  const lines = [
    `${mark} ${terminal.style("bold", visibleText(code))} ${oneLine(what)}`,
    `  ${terminal.style("dim", "why")}  ${oneLine(why)}`,
    `  ${terminal.style("dim", "try")}  ${oneLine(hint)}`,
  ];
  const trace = isStormLabError(error) ? (error.trace ?? []).map((frame) => `       ${visibleText(frame)}`) : [];
  return `${[...lines, ...trace, ...(globals.verbose ? stacksOf(error) : [])].join("\n")}\n`;
}

/** What a process that ends by this error answers to its shell. */
export function exitCodeOf(error: unknown): number {
  return isStormLabError(error) ? error.exitCode : exitCodes.bug;
}

function partsOf(error: unknown): { code: string; what: string; why: string; hint: string } {
  if (isStormLabError(error)) return { code: error.code, what: error.message, why: error.why, hint: error.hint };
  return {
    code: "SL-BUG",
    what: messageOf(error),
    why: "this is a mistake in storm-lab, not in what you did",
    hint: "run it again with --verbose and report what it prints",
  };
}

function stacksOf(error: unknown): string[] {
  const stacks: string[] = [];
  for (let at = error; at instanceof Error && stacks.length < 10; at = at.cause) stacks.push(at.stack ?? at.message);
  return ["", ...stacks.join("\ncaused by: ").split("\n").map(visibleText)];
}

/** Messages of other programs may have line ends in them; three lines stay three. */
function oneLine(text: string): string {
  return visibleText(text.replaceAll(/\s*\n\s*/g, " · "));
}
