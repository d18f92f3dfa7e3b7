/** The frames that carry no tuples: a back-pressure status, and the greeting that asks for one. */
import { tupleFrameFault } from "./faults.ts";
import { type FrameIdentity, headerBytes, readHeader, writeHeader } from "./frame.ts";

/** The sender's tasks that are under pressure now; none: the pressure is over. */
export function pressureFrame(identity: FrameIdentity, tasks: readonly number[]): Uint8Array {
  const frame = new Uint8Array(headerBytes + 4 * tasks.length);
  const view = new DataView(frame.buffer);
  writeHeader(view, "pressure", identity, tasks.length);
  for (const [index, task] of tasks.entries()) view.setInt32(headerBytes + 4 * index, task, true);
  return frame;
}

/** Throws `SL-TUPLE-FRAME` when the frame is not a whole pressure frame. */
export function readPressure(frame: Uint8Array): number[] {
  const header = readHeader(frame);
  if (header.kind !== "pressure" || frame.length !== headerBytes + 4 * header.count) {
    throw tupleFrameFault(`a status of ${header.count} tasks has ${frame.length} bytes`);
  }
  const view = new DataView(frame.buffer, frame.byteOffset, frame.length);
  const tasks: number[] = [];
  for (let i = 0; i < header.count; i++) tasks.push(view.getInt32(headerBytes + 4 * i, true));
  return tasks;
}

/** First on every connection, and whenever the sender wants to know: the receiver answers with its pressure status. */
export function helloFrame(identity: FrameIdentity): Uint8Array {
  const frame = new Uint8Array(headerBytes);
  writeHeader(new DataView(frame.buffer), "hello", identity, 0);
  return frame;
}
