/** The author's code on its way to the workers. */
export { authorFrames } from "./author-frames.ts";
export { codeErrorCodes } from "./error-codes.ts";
export { topologyFromThrift } from "./from-thrift.ts";
export { confFromJson, jsonConf } from "./json-conf.ts";
export { loadTopology } from "./load-topology.ts";
export { topologyToThrift } from "./to-thrift.ts";
