/** `storm-lab lab …`: labs to go through at a terminal, checked by the live cluster. */
import type { ArgumentSpec, CommandContext, CommandInput, CommandSpec, ExampleSpec, OptionSpec } from "../command.ts";
import { clusterOption } from "./cluster/place.ts";

type Desk = import("./lab/desk.ts").Desk;
type Run = (desk: Desk) => Promise<number>;

const lab: ArgumentSpec = { name: "[lab]", summary: "its number or name" };

const examples = {
  list: [["lab list", "which there are"]],
  start: [
    ["lab start 1", "five minutes"],
    ["lab start", "go on where you were"],
    ["lab start 1 --lang zh --manual", "in Chinese, one command at a time"],
  ],
  show: [["lab show", "the step again"]],
  check: [["lab check", "ends with 8 as long as the step is not done"]],
  next: [["lab next", "checks, and goes on"]],
  predict: [["lab predict 2", "your guess, kept for later"]],
  hint: [["lab hint", "three for each step"]],
  solution: [["lab solution --anyway", "also before the step is done"]],
  undo: [["lab undo", "faults are mended, daemons started"]],
  reset: [
    ["lab reset", "the step again"],
    ["lab reset lab", "all of it again"],
  ],
  report: [
    ["lab report", "as Markdown"],
    ["lab report 1 --write", "three files in the lab's folder"],
  ],
  verify: [
    ["lab verify", "all labs, on a cluster that comes and goes"],
    ["lab verify --static", "only what is written"],
  ],
} as const satisfies Readonly<Record<string, readonly ExampleSpec[]>>;

export const labCommand: CommandSpec = {
  name: "lab",
  summary: "go through a lab: steps, predictions, faults, checked by the live cluster",
  description:
    "storm-lab lab start 1 begins. A check asks the cluster, never you; it ends with 8 as long as a step is not done. " +
    "Where you are is kept: start goes on there.",
  subcommands: [
    labSubcommand(
      "list",
      "list the labs, and how far you are",
      async () => (await import("./lab/other-commands.ts")).runList,
    ),
    labSubcommand(
      "start",
      "begin a lab, or go on with it; on a terminal it stays and checks by itself",
      async () => (await import("./lab/start.ts")).runStart,
      [lab],
      [
        { flags: "--folder <folder>", summary: "where its files go; default: lab-NUMBER-NAME here" },
        { flags: "--manual", summary: "show the step and return" },
      ],
    ),
    labSubcommand("show", "show the step again", async () => (await import("./lab/step-commands.ts")).runShow),
    labSubcommand(
      "check",
      "ask the cluster whether the step is done",
      async () => (await import("./lab/step-commands.ts")).runCheck,
    ),
    labSubcommand("next", "go on to the next step", async () => (await import("./lab/step-commands.ts")).runNext),
    labSubcommand(
      "predict",
      "say what you think will happen",
      async () => (await import("./lab/step-commands.ts")).runPredict,
      [{ name: "<answer>", summary: "one of the step's choices" }],
    ),
    labSubcommand("hint", "show the next of three hints", async () => (await import("./lab/step-commands.ts")).runHint),
    labSubcommand(
      "solution",
      "show the solution, once the step is done",
      async () => (await import("./lab/other-commands.ts")).runSolution,
      [],
      [{ flags: "--anyway", summary: "also before" }],
    ),
    labSubcommand(
      "undo",
      "mend what was broken on purpose",
      async () => (await import("./lab/other-commands.ts")).runUndo,
    ),
    labSubcommand(
      "reset",
      "begin the step, or the lab, again: files and cluster",
      async () => (await import("./lab/other-commands.ts")).runReset,
      [{ name: "[what]", summary: "step or lab; default: step" }],
    ),
    labSubcommand(
      "report",
      "what you did: times, hints, predictions and what came true",
      async () => (await import("./lab/other-commands.ts")).runReport,
      [lab],
      [{ flags: "--write", summary: "into the lab's folder, as Markdown, JSON and HTML" }],
    ),
    labSubcommand(
      "verify",
      "for authors: prove every check on a real cluster",
      async () => (await import("./lab/verify-run.ts")).runVerify,
      [{ name: "[labs...]", summary: "which; default: all" }],
      [{ flags: "--static", summary: "only what is written: names, texts, hints" }],
    ),
  ],
};

function labSubcommand(
  name: keyof typeof examples,
  summary: string,
  load: () => Promise<Run>,
  args: readonly ArgumentSpec[] = [],
  options: readonly OptionSpec[] = [],
): CommandSpec {
  return {
    name,
    summary,
    examples: examples[name],
    args,
    options: [clusterOption, ...options],
    run: async (context: CommandContext, input: CommandInput) => {
      const { openDesk } = await import("./lab/desk.ts");
      const run = await load();
      return run(await openDesk(context, input));
    },
  };
}
