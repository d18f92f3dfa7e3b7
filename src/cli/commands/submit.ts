/** `storm-lab submit FILE [args]`: a topology file, or a program that submits one, onto a cluster. */
import type { CommandSpec } from "../command.ts";
import { clientOptions } from "./storm-conf.ts";

export const submitCommand: CommandSpec = {
  name: "submit",
  examples: [
    ["submit labs/word-count/solution/topology.ts", "the word count"],
    ["submit labs/word-count/solution/topology.ts --name second", "once more under another name"],
    ["submit labs/word-count/starter/driver.ts cluster", "a program that calls StormSubmitter"],
  ],
  summary: "put a topology onto a cluster",
  description:
    "Loads the file as storm-lab local does, packs it with every file that it imports, uploads it to nimbus, and says what runs where. " +
    "Words after the file, and options that it does not know itself, go to the topology: --input FILE, for example.",
  args: [{ name: "<file>", summary: "TypeScript or JavaScript that exports a topology or calls StormSubmitter" }],
  options: [
    ...clientOptions,
    { flags: "--name <name>", summary: "submit it under another name" },
    { flags: "--inactive", summary: "its spouts wait until storm-lab activate" },
    { flags: "--no-wait", summary: "return as soon as nimbus has taken it" },
  ],
  takesRest: true,
  run: async (context, input) => (await import("./submit-run.ts")).runSubmit(context, input),
};
