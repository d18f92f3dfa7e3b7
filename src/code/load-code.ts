/** On a worker: the topology that was submitted, with components made by the author's code as it was unpacked there. */
import { dirname, join } from "node:path";
import { type ErrorData, errorFromData, errorToData, isStormLabError, must, type Runtime } from "../base/index.ts";
import type { StormTopology, TopologyDescription } from "../topology/index.ts";
import type { StormTopology as ThriftTopology } from "../wire/thrift/index.ts";
import { authorsWords } from "./authors-words.ts";
import { differenceBetween } from "./code-difference.ts";
import { archiveRefused, codeDiffers } from "./code-errors.ts";
import { followDetours } from "./detours.ts";
import { topologyFromThrift } from "./from-thrift.ts";
import { topologyOf } from "./load-topology.ts";
import { type Manifest, manifestFile, readManifest, resourcesFolder } from "./manifest.ts";

export interface LoadedCode {
  readonly topology: StormTopology;
  /** Folder of the module. */
  readonly codeDirectory: string;
  /** A text, such as a stack, with the files named as on the author's machine. */
  inAuthorsWords(text: string): string;
}

/**
 * `directory`: what `unpackCode` wrote to. `topology`: as nimbus keeps it, whose conf and parallelism count. Throws SL-CODE-ARCHIVE,
 * SL-CODE-VERSION, SL-CODE-DIFFERS, SL-TOPOLOGY-FOREIGN, and what loading the module may throw.
 */
export async function loadCode(runtime: Runtime, directory: string, topology: ThriftTopology): Promise<LoadedCode> {
  const given = topologyFromThrift(topology);
  const resources = join(directory, resourcesFolder);
  const manifest = await manifestIn(runtime, resources);
  const path = join(resources, manifest.entry);
  const words = authorsWords(path, resources, manifest.root);
  if (manifest.imports.length > 0) followDetours(resources, manifest.imports);
  try {
    const seat = { path, args: manifest.args, workingDirectory: manifest.workingDirectory };
    const made = (await topologyOf(runtime, seat, manifest.name)).topology;
    const difference = differenceBetween(given, made.description);
    if (difference !== null) throw codeDiffers(path, difference);
    return { topology: asGiven(given, made), codeDirectory: dirname(path), inAuthorsWords: words };
  } catch (thrown) {
    throw isStormLabError(thrown) ? errorFromData(inWords(errorToData(thrown), words)) : thrown;
  }
}

async function manifestIn(runtime: Runtime, resources: string): Promise<Manifest> {
  const file = join(resources, manifestFile);
  if ((await runtime.fs.stat(file)) === null) throw archiveRefused(`there is no ${file}`);
  return readManifest(new TextDecoder().decode(await runtime.fs.readFile(file)));
}

/** Bolts in the thrift know not whether they are basic, and groupings not which of the code's they are. */
function asGiven(given: TopologyDescription, made: StormTopology): StormTopology {
  const specs = new Map(made.description.components.map((spec) => [spec.id, spec]));
  const components = given.components.map((spec) => ({ ...spec, kind: specs.get(spec.id)?.kind ?? spec.kind }));
  return {
    description: { ...given, components },
    makeComponent: (id) => made.makeComponent(id),
    makeGrouping: (id, inputIndex) => {
      const input = components.find((spec) => spec.id === id)?.inputs[inputIndex];
      const index = specs
        .get(id)
        ?.inputs.findIndex((each) => each.componentId === input?.componentId && each.streamId === input.streamId);
      return made.makeGrouping(id, must(index, `the grouping of ${id} at ${inputIndex}`));
    },
  };
}

function inWords(data: ErrorData, words: (text: string) => string): ErrorData {
  const { what, why, hint, trace } = data;
  return { ...data, what: words(what), why: words(why), hint: words(hint), trace: (trace ?? []).map(words) };
}
