/** `storm-lab version`: what runs here. */
import packageFile from "../../../package.json" with { type: "json" };
import { exitCodes } from "../../base/index.ts";
import type { CommandSpec } from "../command.ts";

export const version: string = packageFile.version;

export const versionCommand: CommandSpec = {
  name: "version",
  examples: [
    ["version", "of storm-lab and Node"],
    ["version -o json", "for a program"],
  ],
  summary: "print the versions of storm-lab and of the Node below it",
  run: async ({ globals, stdout }) => {
    const { version: node, platform, arch } = process;
    if (globals.output === "text") stdout.write(`storm-lab ${version} (Node ${node}, ${platform} ${arch})\n`);
    else stdout.write(`${JSON.stringify({ version, node, platform, arch })}\n`);
    return exitCodes.done;
  },
};
