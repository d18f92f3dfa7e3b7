/** The text of docs/errors.md. */
import { type ErrorCodes, exitCodes } from "../src/base/index.ts";

const exitMeanings: Readonly<Record<keyof typeof exitCodes, string>> = {
  done: "done",
  bug: "a mistake in storm-lab, or unknown",
  usage: "the command line is wrong, or an answer is missing and there is no terminal to ask",
  preflight: "something that is needed is not there; nothing was started",
  noCluster: "no such cluster, or it does not run",
  conflict: "it exists already, or its port or name is taken",
  deadline: "a deadline passed",
  partlyDone: "partly done",
  labNotMet: "the lab's goal is not reached",
  access: "access was denied",
  unsupported: "this version or platform is not supported",
  refused: "the cluster refused",
  interrupted: "interrupted by Ctrl-C, and cleaned up (143: by SIGTERM)",
};

export function errorsPage(codes: ErrorCodes): string {
  return `# Errors

Made by \`npm run docs\` from the codes in the sources. \`storm-lab explain CODE\` prints the same.

An error is three lines: what happened, why, and what to try. \`--verbose\` adds where.

## Codes

${Object.entries(codes).map(section).join("\n")}
## Exit codes

| code | meaning |
|---|---|
${Object.entries(exitCodes)
  .map(([name, code]) => `| ${code} | ${exitMeanings[name as keyof typeof exitCodes]} |`)
  .join("\n")}
`;
}

function section([code, { meaning, hint }]: [string, { readonly meaning: string; readonly hint: string }]): string {
  return `### ${code}\n\n${meaning}\n\n*Try:* ${hint}\n`;
}
