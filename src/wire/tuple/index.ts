/** The language between workers: frames of tuples, and the statuses that travel beside them. */
export { tupleErrorCodes } from "./error-codes.ts";
export { tupleFrameFault } from "./faults.ts";
export {
  type FrameHeader,
  type FrameIdentity,
  type FrameKind,
  headerBytes,
  maxTupleBytes,
  readHeader,
  stampFrame,
} from "./frame.ts";
export { FrameReader, type TupleSink } from "./frame-reader.ts";
export { FrameWriter } from "./frame-writer.ts";
export type { MoreAnchors } from "./row.ts";
export { helloFrame, pressureFrame, readPressure } from "./status-frame.ts";
