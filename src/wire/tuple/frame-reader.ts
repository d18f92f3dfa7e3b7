/** Hands the tuples of a frame to a sink, one call each: no promise, no closure and no object per tuple but its values. */
import { tupleFrameFault } from "./faults.ts";
import { headerBytes, readHeader } from "./frame.ts";
import { type MoreAnchors, minRowBytes, rowFlags } from "./row.ts";
import { ValueReader } from "./value-reader.ts";

export interface TupleSink {
  /** Arguments as in `FrameWriter.append`; an untracked tuple has four zeros. What it throws ends the reading and passes through. */
  tuple(
    targetTask: number,
    sourceTask: number,
    stream: number,
    rootHi: number,
    rootLo: number,
    edgeHi: number,
    edgeLo: number,
    more: MoreAnchors | null,
    values: readonly unknown[],
  ): void;
}

const knownFlags = rowFlags.tracked | rowFlags.more | rowFlags.route;

/** One a receiver: it remembers strings. The sink must not call `read` of the same reader. */
export class FrameReader {
  readonly #in = new ValueReader();

  /** Throws `SL-TUPLE-FRAME` when the bytes are no frame of tuples; the tuples before the fault have then been delivered. */
  read(frame: Uint8Array, sink: TupleSink): void {
    const header = readHeader(frame);
    if (header.kind !== "tuples") throw tupleFrameFault(`it is a ${header.kind} frame where tuples were awaited`);
    const source = this.#in;
    source.open(frame, headerBytes);
    if (header.count > (source.end - headerBytes) / minRowBytes) {
      throw tupleFrameFault(`it has ${frame.length} bytes, too few for ${header.count} tuples`);
    }
    this.#rows(header.count, sink);
    if (source.position !== source.end) throw tupleFrameFault(`it goes on after its ${header.count} tuples`);
    source.close();
  }

  #rows(count: number, sink: TupleSink): void {
    const source = this.#in;
    const { bytes, view } = source;
    let sourceTask = 0;
    let stream = 0;
    let valueCount = -1;
    for (let left = count; left > 0; left--) {
      const row = source.take(minRowBytes);
      const flags = bytes[row]!;
      if (flags > knownFlags) throw tupleFrameFault(`a tuple in it has the unknown flags ${flags}`);
      if ((flags & rowFlags.route) !== 0) {
        const route = source.take(8);
        sourceTask = view.getInt32(route, true);
        stream = view.getUint16(route + 4, true);
        valueCount = view.getUint16(route + 6, true);
      }
      if (valueCount < 0) throw tupleFrameFault("its first tuple does not say where it comes from");
      let rootHi = 0;
      let rootLo = 0;
      let edgeHi = 0;
      let edgeLo = 0;
      if ((flags & rowFlags.tracked) !== 0) {
        const ids = source.take(16);
        rootHi = view.getInt32(ids, true);
        rootLo = view.getInt32(ids + 4, true);
        edgeHi = view.getInt32(ids + 8, true);
        edgeLo = view.getInt32(ids + 12, true);
      }
      const more = (flags & rowFlags.more) === 0 ? null : this.#more();
      if (valueCount > source.end - source.position) throw tupleFrameFault(`it ends early, at byte ${source.end}`);
      const values = new Array<unknown>(valueCount);
      for (let i = 0; i < valueCount; i++) values[i] = source.read(0);
      sink.tuple(view.getInt32(row + 1, true), sourceTask, stream, rootHi, rootLo, edgeHi, edgeLo, more, values);
    }
  }

  #more(): MoreAnchors {
    const source = this.#in;
    const numbers = 4 * source.view.getUint16(source.take(2), true);
    const start = source.take(4 * numbers);
    const more: number[] = [];
    for (let i = 0; i < numbers; i++) more.push(source.view.getInt32(start + 4 * i, true));
    return more;
  }
}
