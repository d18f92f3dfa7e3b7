/**
 * Gathers tuples for one receiver into a frame. A tuple's row is a byte of flags, its target task, what differs from the
 * row before (source task, stream, number of values), its ids if it is tracked, and its values.
 */
import { assert } from "../../base/index.ts";
import { type FrameIdentity, headerBytes, maxTupleBytes, writeHeader } from "./frame.ts";
import { explainRefusal, Refusal } from "./refusal.ts";
import { type MoreAnchors, maxRowBytes, rowFlags } from "./row.ts";
import { ValueWriter } from "./value-writer.ts";

/** Frames up to here are copied out of the writer's own buffer; a larger one takes the buffer with it. */
const copyLimitBytes = 128 * 1024;
const firstCapacityBytes = 4 * 1024;
const maxCount = 0xffff;

export class FrameWriter {
  readonly #identity: FrameIdentity;
  readonly #out: ValueWriter;
  #count = 0;
  #sourceTask = 0;
  #stream = 0;
  #valueCount = -1;

  constructor(identity: FrameIdentity) {
    this.#identity = identity;
    this.#out = new ValueWriter(firstCapacityBytes, headerBytes);
  }

  /** Tuples since the last `finish`. */
  get count(): number {
    return this.#count;
  }

  /** Size of the frame that `finish` would return now; a lone header when it is empty. */
  get approximateBytes(): number {
    return this.#out.position;
  }

  /**
   * Ids are pairs of 32-bit integers and are read back signed; all four zero: the tuple is untracked. `more` holds further
   * anchors. Throws `SL-TUPLE-VALUE` when a value cannot travel; the frame is then as it was before the call.
   */
  append(
    targetTask: number,
    sourceTask: number,
    stream: number,
    rootHi: number,
    rootLo: number,
    edgeHi: number,
    edgeLo: number,
    more: MoreAnchors | null,
    values: readonly unknown[],
  ): void {
    const out = this.#out;
    const start = out.position;
    const valueCount = values.length;
    out.limit = start + maxTupleBytes;
    out.ensure(maxRowBytes);
    const view = out.view;
    let position = start + 5;
    let flags = 0;
    if (sourceTask !== this.#sourceTask || stream !== this.#stream || valueCount !== this.#valueCount) {
      assert(stream >= 0 && stream <= maxCount, "a stream's index fits in 16 bits");
      flags = rowFlags.route;
      view.setInt32(position, sourceTask, true);
      view.setUint16(position + 4, stream, true);
      view.setUint16(position + 6, valueCount, true);
      position += 8;
    }
    if ((rootHi | rootLo | edgeHi | edgeLo) !== 0) {
      flags |= rowFlags.tracked;
      view.setInt32(position, rootHi, true);
      view.setInt32(position + 4, rootLo, true);
      view.setInt32(position + 8, edgeHi, true);
      view.setInt32(position + 12, edgeLo, true);
      position += 16;
    }
    if (more !== null) flags |= rowFlags.more;
    view.setUint8(start, flags);
    view.setInt32(start + 1, targetTask, true);
    out.position = position;
    try {
      if (more !== null) this.#writeMore(more);
      if (valueCount > maxCount) throw new Refusal(`${valueCount} values, more than ${maxCount}`);
      for (let i = 0; i < valueCount; i++) out.write(values[i], 0);
    } catch (thrown) {
      out.position = start;
      throw thrown instanceof Refusal ? explainRefusal(values, thrown) : thrown;
    }
    this.#sourceTask = sourceTask;
    this.#stream = stream;
    this.#valueCount = valueCount;
    this.#count++;
  }

  /** The frame, which is the caller's from here on (`stampFrame` numbers it); the writer starts the next one. */
  finish(): Uint8Array {
    const out = this.#out;
    const size = out.position;
    writeHeader(out.view, "tuples", this.#identity, this.#count);
    this.#count = 0;
    this.#valueCount = -1;
    if (size > copyLimitBytes) {
      const whole = out.bytes.subarray(0, size);
      out.restart(firstCapacityBytes, headerBytes);
      return whole;
    }
    const frame = Buffer.allocUnsafe(size);
    out.bytes.copy(frame, 0, 0, size);
    // A huge tuple that was refused has left a huge buffer.
    if (out.bytes.length > 2 * copyLimitBytes) out.restart(firstCapacityBytes, headerBytes);
    out.position = headerBytes;
    return frame;
  }

  #writeMore(more: MoreAnchors): void {
    const out = this.#out;
    assert(more.length % 4 === 0 && more.length / 4 <= maxCount, "further anchors come in fours, 65,535 at most");
    out.ensure(2 + 4 * more.length);
    out.view.setUint16(out.position, more.length / 4, true);
    out.position += 2;
    for (let i = 0; i < more.length; i++, out.position += 4) out.view.setInt32(out.position, more[i] ?? 0, true);
  }
}
