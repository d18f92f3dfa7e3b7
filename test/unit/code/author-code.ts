/** Files of an author's in a folder of the test's own, and their way to a worker and back. */
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type Runtime, realRuntime } from "../../../src/base/index.ts";
import { defineTopology, openModule, packCode, topologyToThrift } from "../../../src/code/index.ts";
import type { StormTopology } from "../../../src/wire/thrift/index.ts";
import type { TemporaryDirectory } from "../../kit/index.ts";

export const runtime: Runtime = realRuntime({ name: "test", self: { command: [] } });

/** By path below the folder. */
export async function writeFiles(
  directory: TemporaryDirectory,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(directory.join(path)), { recursive: true });
    await writeFile(directory.join(path), text);
  }
}

export interface Packed {
  readonly name: string;
  readonly archive: Uint8Array;
  readonly thrift: StormTopology;
}

/** What a submit does before it calls nimbus: one for each topology that the module makes. */
export async function pack(
  path: string,
  args: readonly string[] = [],
  workingDirectory = process.cwd(),
): Promise<Packed[]> {
  const seat = { path, args, workingDirectory };
  const packed: Packed[] = [];
  const { build, imports } = await openModule({
    runtime,
    seat,
    enough: new Promise(() => {}),
    receive: async ({ name, topology }, record) => {
      const { archive, entry } = await packCode({ runtime, seat, imports: record, build: "program", name });
      packed.push({ name, archive, thrift: topologyToThrift(topology.description, entry) });
    },
  });
  if (build !== null) {
    const { name, topology } = await defineTopology(seat, build);
    const { archive, entry } = await packCode({ runtime, seat, imports, build: "function", name });
    packed.push({ name, archive, thrift: topologyToThrift(topology.description, entry) });
  }
  imports.close();
  return packed;
}

/** A topology of one spout whose class is `Spout`, with the file's other text before it. */
export function topologyText(text: string, name = '"wc"'): string {
  return `${text}
import { TopologyBuilder } from "storm-lab";
export default (args) => {
  const builder = new TopologyBuilder();
  builder.setSpout("spout", new Spout(args), 2);
  return { name: ${name}, topology: builder.createTopology() };
};
`;
}

/** `says`: an expression that the spout tells of itself. */
export function spoutText(says: string): string {
  return `
import { BaseRichSpout } from "storm-lab";
export class Spout extends BaseRichSpout {
  constructor(args) { super(); this.args = args; this.made = ${says}; }
  nextTuple() {}
  says() { return ${says}; }
  declareOutputFields(declarer) { declarer.declare(["word"]); }
}
`;
}

export interface Saying {
  readonly made: unknown;
  readonly args: readonly string[];
  says(): unknown;
}
