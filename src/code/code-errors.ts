/** What this room refuses, in words. */
import { exitCodes, StormLabError } from "../base/index.ts";

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
