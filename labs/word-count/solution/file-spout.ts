/**
 * Emits the lines of a file, each once, however many tasks read it: every task reads the whole file and takes every n-th line.
 * Lines are tracked: the line number is the message id, and a line that fails is emitted again.
 */
import { createReadStream } from "node:fs";
import { type Duplex, pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip } from "node:zlib";
import {
  BaseRichSpout,
  type Conf,
  type OutputFieldsDeclarer,
  type SpoutOutputCollector,
  type TopologyContext,
} from "storm-lab";
import { notUtf8, unreadable } from "./input-file.ts";
import { LineReader } from "./line-reader.ts";

const chunkBytes = 256 * 1024;

export class FileSpout extends BaseRichSpout {
  private readonly path: string;
  private collector!: SpoutOutputCollector;
  private lines!: LineReader;
  private stream: Readable | undefined;
  private chunks: AsyncIterator<Buffer> | undefined;
  private ended = false;
  private warned = false;
  /** Emitted, neither acked nor failed: as many as `topology.max.spout.pending` allows. */
  private readonly pending = new Map<number, string>();
  /** Failed, to be emitted again. */
  private readonly failed: number[] = [];

  /** A name that ends in .gz or .br is unpacked while it is read. */
  constructor(path: string) {
    super();
    this.path = path;
  }

  override open(_conf: Conf, context: TopologyContext, collector: SpoutOutputCollector): void {
    this.collector = collector;
    const { length } = context.getComponentTasks(context.thisComponentId);
    this.lines = new LineReader(context.thisTaskIndex, length);
    context.publish("invalidUtf8Lines", () => this.lines.invalidLines);
  }

  /** A promise only when the disk must be waited for: thousands of lines come from one chunk. */
  override nextTuple(): void | Promise<void> {
    const again = this.failed.pop();
    if (again !== undefined) return this.emit(again, this.pending.get(again));
    const line = this.lines.next();
    if (line === undefined) return this.ended ? this.collector.exhausted() : this.read();
    if (this.lines.invalidLines > 0) this.warnOnce();
    this.pending.set(this.lines.lineNumber, line);
    this.emit(this.lines.lineNumber, line);
  }

  override ack(lineNumber: number): void {
    this.pending.delete(lineNumber);
  }

  override fail(lineNumber: number): void {
    this.failed.push(lineNumber);
  }

  override close(): void {
    this.stream?.destroy();
  }

  override declareOutputFields(declarer: OutputFieldsDeclarer) {
    return declarer.declare(["line"]);
  }

  private emit(lineNumber: number, line: string | undefined): void {
    this.collector.emit([line], lineNumber);
  }

  /** Every task sees all bytes, so the one that owns the file's first bad line warns, and the others know that it does. */
  private warnOnce(): void {
    if (this.warned) return;
    this.warned = true;
    const { firstInvalidLine, lineNumber } = this.lines;
    if (firstInvalidLine === lineNumber) this.collector.reportError(notUtf8(this.path, lineNumber));
  }

  private async read(): Promise<void> {
    try {
      // Opened here and not in `open`: from now on somebody waits for what the stream has to say, errors included.
      this.stream ??= readUnpacked(this.path);
      this.chunks ??= this.stream.iterator() as AsyncIterator<Buffer>;
      const { done, value } = await this.chunks.next();
      if (done === true) this.lines.end();
      else this.lines.add(value);
      this.ended = done === true;
    } catch (error) {
      throw unreadable(this.path, error);
    }
  }
}

function readUnpacked(path: string): Readable {
  const packed = createReadStream(path, { highWaterMark: chunkBytes });
  if (path.endsWith(".br")) return unpackedBy(packed, createBrotliDecompress({ chunkSize: chunkBytes }));
  if (path.endsWith(".gz")) return unpackedBy(packed, createGunzip({ chunkSize: chunkBytes }));
  return packed;
}

/** `pipeline` hands an error of the file on to whoever reads the unpacked side. */
function unpackedBy(packed: Readable, unpack: Duplex): Readable {
  pipeline(packed, unpack, () => {});
  return unpack;
}
