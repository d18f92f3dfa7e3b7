/** `storm-lab bundle export|import FILE`: the program as one archive, for class rooms without a network. */
import type { CommandSpec } from "../command.ts";

export const bundleCommand: CommandSpec = {
  name: "bundle",
  summary: "carry the program to machines without a network: export writes one archive, import unpacks it",
  description:
    "The archive is a .tar.gz with the program, the Node that npm installed beside it, all packages that it needs, labs and " +
    "documents, for this system and processor. " +
    "Where there is no storm-lab yet, tar xzf FILE unpacks it, and sha256sum -c SHA256SUMS checks it.",
  subcommands: [
    {
      name: "export",
      summary: "write the archive",
      examples: [["bundle export storm-lab.tar.gz", "onto a stick, for the class"]],
      args: [{ name: "<file>", summary: "where to write it; nothing is overwritten", completes: "file" }],
      run: async (context, input) => (await import("./bundle/export.ts")).runExport(context, input),
    },
    {
      name: "import",
      summary: "check an archive and unpack it into a folder of its own",
      examples: [["bundle import storm-lab.tar.gz --dir storm-lab", "and it says how to go on"]],
      args: [{ name: "<file>", summary: "what export wrote", completes: "file" }],
      options: [{ flags: "--dir <folder>", summary: "where; it must not be there, or be empty", default: "storm-lab" }],
      run: async (context, input) => (await import("./bundle/import.ts")).runImport(context, input),
    },
  ],
};
