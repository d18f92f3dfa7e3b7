/** The wizard that plans a cluster: `storm-lab init` on a terminal, and what its answers are as flags. */
export { type Answers, commandOf, defaultAnswers, fileOf, specOf } from "./answers.ts";
export type { MachineLimits } from "./checks.ts";
export { answersGiven } from "./flags.ts";
export type { TerminalInput } from "./keys.ts";
export { freeName } from "./questions.ts";
export type { WizardTerminal } from "./screen.ts";
export { wizardSay } from "./texts.ts";

/** Null: it was interrupted, and the answers are kept. Loads what draws only now. */
export async function runWizard(
  options: import("./run-wizard.ts").WizardOptions,
): Promise<import("./answers.ts").Answers | null> {
  return (await import("./run-wizard.ts")).runWizard(options);
}
