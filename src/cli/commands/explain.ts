/** `storm-lab explain CODE`: the long text of an error code; without a code, the list of all. */
import { exitCodes, StormLabError } from "../../base/index.ts";
import type { CommandContext, CommandSpec } from "../command.ts";

export const explainCommand: CommandSpec = {
  name: "explain",
  examples: [
    ["explain SL-PORT-BUSY", "what it means and what helps"],
    ["explain", "every code"],
  ],
  summary: "explain an error code, such as SL-USAGE, or list them all",
  args: [{ name: "[code]", summary: "as an error shows it; SL- may be left out", completes: "error-code" }],
  run: async (context, { args }) => {
    const { allErrorCodes } = await import("../error-registry.ts");
    if (args.code === undefined) listCodes(context, allErrorCodes);
    else await explainCode(context, allErrorCodes, String(args.code));
    return exitCodes.done;
  },
};

type Entries = typeof import("../error-registry.ts").allErrorCodes;

function listCodes({ globals, stdout }: CommandContext, entries: Entries): void {
  if (globals.output !== "text") {
    stdout.write(`${JSON.stringify(entries)}\n`);
    return;
  }
  const width = Math.max(...Object.keys(entries).map((code) => code.length));
  for (const [code, { meaning }] of Object.entries(entries)) stdout.write(`${code.padEnd(width)}  ${meaning}\n`);
}

async function explainCode({ globals, stdout }: CommandContext, entries: Entries, asked: string): Promise<void> {
  const upper = asked.toUpperCase();
  const code = upper.startsWith("SL-") ? upper : `SL-${upper}`;
  const known = entries[code];
  if (known === undefined) {
    throw new StormLabError({
      code: "SL-EXPLAIN-UNKNOWN",
      what: `no error has the code ${asked}`,
      why: "codes are spelled as errors show them, SL- and capitals",
      hint: "storm-lab explain   lists them all",
      exitCode: exitCodes.usage,
    });
  }
  const { explainedIn } = await import("../explain-texts.ts");
  const translated = explainedIn(globals.language, code);
  const entry = translated ?? known;
  const word = translated === null ? "try " : "办法";
  if (globals.output === "text") stdout.write(`${code}\n\n${entry.meaning}\n\n${word} ${entry.hint}\n`);
  else stdout.write(`${JSON.stringify({ code, ...entry })}\n`);
}
