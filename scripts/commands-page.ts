/** The text of docs/commands.md: every command that help lists, from the one table. */
import type { CommandSpec, OptionSpec } from "../src/cli/index.ts";

export function commandsPage(table: readonly CommandSpec[], globalOptions: readonly OptionSpec[]): string {
  const commands = table.filter(({ hidden }) => hidden !== true);
  return `# Commands

Made by \`npm run docs\` from the table of commands. \`storm-lab help NAME\` prints the same of one;
\`storm-lab completion bash\` (zsh, fish) prints what lets a shell complete them. A command's exit codes are in [errors.md](errors.md).

${commands.map(({ name, summary }) => `- [\`${name}\`](#${name}) – ${summary}`).join("\n")}

Every command takes:

${optionTable(globalOptions)}

${commands.map((spec) => section(spec, [], 2)).join("\n")}`;
}

function section(spec: CommandSpec, above: readonly string[], depth: number): string {
  const path = [...above, spec.name];
  const args = (spec.args ?? []).map(({ name }) => name);
  const usage = ["storm-lab", ...path, ...args, ...(spec.options === undefined ? [] : ["[options]"])].join(" ");
  const subcommands = (spec.subcommands ?? []).filter(({ hidden }) => hidden !== true);
  const isCallable = spec.run !== undefined;
  const parts = [
    `${"#".repeat(depth)} ${path.join(" ")}`,
    capital(spec.summary),
    spec.description ?? "",
    isCallable ? fenced([usage]) : "",
    isCallable
      ? table(
          "argument",
          (spec.args ?? []).map(({ name, summary }) => [name, summary] as const),
        )
      : "",
    isCallable && spec.options !== undefined ? optionTable(spec.options) : "",
    fenced(exampleLines(spec)),
    ...subcommands.map((sub) => section(sub, path, depth + 1).trimEnd()),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

function exampleLines({ examples = [] }: CommandSpec): string[] {
  const width = Math.max(0, ...examples.map(([words]) => words.length));
  return examples.map(([words, meaning]) => `storm-lab ${words.padEnd(width)}   # ${meaning}`);
}

function fenced(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `\`\`\`\n${lines.join("\n")}\n\`\`\``;
}

function optionTable(options: readonly OptionSpec[]): string {
  return table(
    "option",
    options.map((option) => [option.flags, summaryOf(option)] as const),
  );
}

function summaryOf({ summary, choices, default: preset }: OptionSpec): string {
  const oneOf = choices === undefined ? "" : ` (${choices.join(", ")})`;
  return `${summary}${oneOf}${preset === undefined ? "" : `; else ${preset}`}`;
}

function table(head: string, rows: readonly (readonly [string, string])[]): string {
  if (rows.length === 0) return "";
  const lines = rows.map(([name, summary]) => `| \`${name}\` | ${summary.replaceAll("|", "\\|")} |`);
  return [`| ${head} | |`, "|---|---|", ...lines].join("\n");
}

function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
