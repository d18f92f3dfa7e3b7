/** `storm-lab init`: writes a cluster file. */
import { resolve } from "node:path";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../../command.ts";

export const initCommand: CommandSpec = {
  name: "init",
  examples: [
    ["init", "write cluster.yaml here"],
    ["init --name lab2 --nodes 4 --file lab2.yaml", "three supervisors, in another file"],
    ["init --schema", "for an editor that checks the file"],
  ],
  summary: "write a cluster.yaml with every key explained",
  options: [
    { flags: "--template <template>", summary: "what kind of cluster", choices: ["local"], default: "local" },
    { flags: "-f, --file <file>", summary: "where to write it", default: "cluster.yaml" },
    { flags: "--name <name>", summary: "what the cluster is called" },
    { flags: "--nodes <count>", summary: "node1 with nimbus, a supervisor on each of the others" },
    { flags: "--non-interactive", summary: "ask nothing; without it nothing is asked yet either" },
    { flags: "--schema", summary: "print the JSON Schema of the file instead, for editors" },
  ],
  run,
};

async function run(context: CommandContext, { options }: CommandInput): Promise<number> {
  const { clusterFileText, clusterJsonSchema, defaultSpec, parseClusterFile } = await import(
    "../../../../provision/index.ts"
  );
  if (options.schema === true) {
    context.stdout.write(`${JSON.stringify(await clusterJsonSchema(), null, 2)}\n`);
    return exitCodes.done;
  }
  const runtime = context.openRuntime({ name: "init", level: "error" });
  const file = resolve(String(options.file));
  const nodes = options.nodes === undefined ? defaultSpec.supervisors.count + 1 : Number(options.nodes);
  const spec = {
    ...defaultSpec,
    name: String(options.name ?? defaultSpec.name),
    supervisors: { ...defaultSpec.supervisors, count: nodes - 1 },
  };
  const text = clusterFileText(spec);
  await parseClusterFile(text, "--name or --nodes");
  if ((await runtime.fs.stat(file)) !== null) throw exists(file);
  await runtime.fs.writeFile(file, Buffer.from(text));
  if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify({ file })}\n`);
  else context.stdout.write(`wrote ${file}\n\nnext  storm-lab up --file ${String(options.file)}\n`);
  return exitCodes.done;
}

function exists(file: string): StormLabError {
  return new StormLabError({
    code: "SL-CLUSTER-FILE-EXISTS",
    what: `${file} is there already`,
    why: "init overwrites nothing",
    hint: "storm-lab up   uses it; or name another file with --file",
    exitCode: exitCodes.conflict,
  });
}
