/** What this room refuses, in words. */
import { exitCodes, StormLabError } from "../base/index.ts";
import { codeBytesMax, codeFilesMax } from "./code-bounds.ts";

export function foreignComponent(id: string, whatItIs: string): StormLabError {
  return foreign(`component "${id}" is ${whatItIs}`);
}

export function foreignGrouping(componentId: string, whatItIs: string): StormLabError {
  return foreign(`a grouping of component "${componentId}" is ${whatItIs}`);
}

function foreign(what: string): StormLabError {
  return new StormLabError({
    code: "SL-TOPOLOGY-FOREIGN",
    what,
    why: "the workers of this cluster run components that storm-lab submitted, and no others",
    hint: "submit it to Apache Storm, or write it in TypeScript",
    exitCode: exitCodes.refused,
  });
}

export function subscribedTwice(id: string, componentId: string, streamId: string): StormLabError {
  return new StormLabError({
    code: "SL-SUBSCRIBED-TWICE",
    what: `bolt "${id}" subscribes twice to stream "${streamId}" of "${componentId}"`,
    why: "Storm keeps one grouping for each stream that a bolt subscribes to",
    hint: "keep one of the two groupings, or emit on a second stream",
    exitCode: exitCodes.usage,
  });
}

const mebibyte = 1024 * 1024;
const largestShown = 3;

/** `files`: what was collected when it became too much. */
export function codeTooLarge(entry: string, files: ReadonlyMap<string, Uint8Array>): StormLabError {
  const largest = [...files].sort(([, a], [, b]) => b.length - a.length).slice(0, largestShown);
  const sizes = largest.map(([path, { length }]) => `${path} (${(length / mebibyte).toFixed(1)} MiB)`);
  return new StormLabError({
    code: "SL-CODE-TOO-LARGE",
    what: `${entry} and what it imports are more than ${codeBytesMax / mebibyte} MiB or ${codeFilesMax} files`,
    why: `all of it goes to every node that runs the topology; the largest are ${sizes.join(", ")}`,
    hint: "import less of a large package, or leave data on the nodes and name its path",
    exitCode: exitCodes.usage,
  });
}

/** A file of the author's has the name of the archive's own. */
export function reservedFile(path: string): StormLabError {
  return new StormLabError({
    code: "SL-CODE-RESERVED",
    what: `${path} cannot be packed`,
    why: "an archive has a file of this name of its own at this place",
    hint: "rename it",
    exitCode: exitCodes.usage,
  });
}

export function archiveRefused(reason: string): StormLabError {
  return new StormLabError({
    code: "SL-CODE-ARCHIVE",
    what: `the topology's archive is not used: ${reason}`,
    why: "it was damaged on its way, or something else than storm-lab made it",
    hint: "submit the topology again",
    exitCode: exitCodes.refused,
  });
}

export function manifestVersion(version: unknown, packedBy: unknown): StormLabError {
  return new StormLabError({
    code: "SL-CODE-VERSION",
    what: `the topology's archive has the form ${JSON.stringify(version)}, packed by ${JSON.stringify(packedBy)}`,
    why: "another version of storm-lab submitted it",
    hint: "run the same version on all nodes, and submit the topology again",
    exitCode: exitCodes.unsupported,
  });
}

/** The module makes something else on a worker than it made at the submit. */
export function codeDiffers(path: string, difference: string): StormLabError {
  return new StormLabError({
    code: "SL-CODE-DIFFERS",
    what: `${path} does not make the topology that was submitted: ${difference}`,
    why: "each worker makes the topology again, from the same code and arguments",
    hint: "let it depend on its arguments alone: not on the time, chance, the environment or files that may change",
    exitCode: exitCodes.refused,
  });
}
