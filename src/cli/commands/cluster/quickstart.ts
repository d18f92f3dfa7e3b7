/** `storm-lab quickstart`, which is `npm start`: a whole cluster, and the word count on it. */
import type { CommandSpec } from "../../command.ts";

export const quickstartCommand: CommandSpec = {
  name: "quickstart",
  examples: [
    ["quickstart", "a cluster that counts words"],
    ["quickstart --ask", "asks first, on a terminal, as npm start does"],
    ["quickstart --keep", "and stays up afterwards"],
  ],
  summary: "bring a cluster up and count the words of a text on it",
  description:
    "Brings the cluster quickstart up on free ports, submits the word count, shows it at work until the text is counted, and prints " +
    "the totals. " +
    "On a terminal the cluster stays up, to look around in; elsewhere it goes again.",
  args: [{ name: "[file]", summary: "another topology that publishes results and comes to an end" }],
  options: [
    { flags: "--ask", summary: "on a terminal, let the wizard of init ask first what the cluster is to be" },
    { flags: "--keep", summary: "let the cluster stay up also without a terminal" },
    { flags: "-y, --yes", summary: "ask nothing" },
  ],
  takesRest: true,
  run: async (context, input) => (await import("./quickstart-run.ts")).runQuickstart(context, input),
};
