/** `storm-lab completion SHELL`: what makes a shell complete the command; `complete` is what it then asks. */
import { exitCodes } from "../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";

export const completionCommand: CommandSpec = {
  name: "completion",
  summary: "print what makes bash, zsh or fish complete commands, options and names",
  description:
    "Besides commands and options it completes clusters that are there, their nodes and processes, topologies that run, and error codes. " +
    'For this shell alone: eval "$(storm-lab completion bash)"; for each one, the same line in ~/.bashrc or ~/.zshrc. ' +
    "fish reads ~/.config/fish/completions/storm-lab.fish.",
  subcommands: (["bash", "zsh", "fish"] as const).map((shell) => ({
    name: shell,
    summary: `print it for ${shell}`,
    examples: [
      [
        `completion ${shell}`,
        shell === "fish" ? "into ~/.config/fish/completions" : `to be read with eval in ~/.${shell}rc`,
      ],
    ],
    run: async ({ stdout }) => {
      stdout.write((await import("../completion/scripts.ts")).completionScripts[shell]);
      return exitCodes.done;
    },
  })),
};

export const completeCommand: CommandSpec = {
  name: "complete",
  summary: "print what may stand in the place of the last word; shells ask this",
  hidden: true,
  takesRest: true,
  run: complete,
};

async function complete(context: CommandContext, { rest }: CommandInput): Promise<number> {
  const [{ completionOf }, { commandTable }] = await Promise.all([
    import("../completion/candidates.ts"),
    import("../command-table.ts"),
  ]);
  const typed = rest.at(-1) ?? "";
  const { candidates, kind } = completionOf(rest, commandTable);
  for (const { word, summary } of candidates)
    context.stdout.write(summary === "" ? `${word}\n` : `${word}\t${summary}\n`);
  if (kind === "file") context.stdout.write(":files\n");
  else if (kind !== null) {
    const { livingWords } = await import("../completion/living-words.ts");
    const words = await livingWords(kind, rest, context);
    for (const word of words.filter((name) => name.startsWith(typed))) context.stdout.write(`${word}\n`);
  }
  return exitCodes.done;
}
