/** The wizard on this process's terminal. */
import { readFileSync } from "node:fs";
import type { Place } from "../../../../provision/index.ts";
import type { Answers, MachineLimits } from "../../../tui/wizard/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";

/** Somebody sits there who can answer. */
export function mayAsk({ globals, stdout }: CommandContext, { options }: CommandInput): boolean {
  const { CI = "", TERM = "" } = process.env;
  const isCi = !["", "0", "false"].includes(CI);
  const asksNot = options.yes === true || options.nonInteractive === true || globals.output !== "text";
  return stdout.interactive && process.stdin.isTTY === true && !isCi && TERM !== "dumb" && !asksNot;
}

/** Null: it was interrupted, and told so. */
export async function askForCluster(
  context: CommandContext,
  place: Place,
  start: Answers,
  given: Partial<Answers>,
): Promise<Answers | null> {
  const { commandOf, runWizard, wizardSay } = await import("../../../tui/wizard/index.ts");
  const { globals, stdout, interrupted } = context;
  const say = wizardSay(globals.language, globals.ascii);
  const answers = await runWizard({
    place,
    language: globals.language,
    input: process.stdin,
    terminal: stdout,
    ascii: globals.ascii,
    interrupted,
    machine: machineLimits(),
    start,
    given,
  });
  if (answers === null) stdout.write(`${say("kept")}\n`);
  else if (answers.ending !== "print") stdout.write(`${say("sameAs")}  ${commandOf(answers).join(" ")}\n\n`);
  return answers;
}

const bytesOfMb = 1_000_000;

function machineLimits(): MachineLimits {
  return { availableMb: process.availableMemory() / bytesOfMb, openFiles: openFilesLimit() };
}

/** Node has raised it as far as it may. Source: proc_pid_limits(5). */
function openFilesLimit(): number | null {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
