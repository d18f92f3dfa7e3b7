/** The author's code on its way to the workers. */
export { authorFrames } from "./author-frames.ts";
export { codeErrorCodes } from "./error-codes.ts";
export { loadTopology } from "./load-topology.ts";
