/** The author's code on its way to the workers. */

export { authorFrames, metBy } from "./author-frames.ts";
export { type AuthorModule, defineTopology, openModule } from "./author-module.ts";
export type { AuthorSeat } from "./author-seat.ts";
export { codeErrorCodes } from "./error-codes.ts";
export { topologyFromThrift } from "./from-thrift.ts";
export { type Submission, submissionReceiver } from "./hand-over.ts";
export { confFromJson, jsonConf } from "./json-conf.ts";
export { type LoadedCode, loadCode } from "./load-code.ts";
export { type LoadedTopology, loadTopology } from "./load-topology.ts";
export { checkModuleFile } from "./module-file.ts";
export { ownRunBegan } from "./own-runs.ts";
export { type PackedCode, type PackOptions, packCode } from "./pack.ts";
export { StormSubmitter } from "./storm-submitter.ts";
export { submissionVariable } from "./submit-alone.ts";
export { topologyToThrift } from "./to-thrift.ts";
export { unpackCode } from "./unpack.ts";

/** A zip archive of these files, by path; what packs is loaded by the first call. */
export async function zipFiles(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  return (await import("./zip.ts")).zip(files);
}
