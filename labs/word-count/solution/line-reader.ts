/**
 * Bytes in, lines out. Lines are cut as bytes and then decoded one by one, so that a character is never torn apart, a line of any
 * length works, and a task that shares the file with others decodes its own lines only.
 */
import { isUtf8 } from "node:buffer";

/** A longer line would not fit into one string. */
export const lineBytesMax = 256 * 1024 * 1024;

const lineFeed = 0x0a;
const carriageReturn = 0x0d;

export class LineReader {
  /** Number of the line that `next` gave last, counted from 1 over the whole file. */
  lineNumber = 0;
  /** How many of the lines that `next` gave had bytes that are no UTF-8. */
  invalidLines = 0;
  /** The first such line of the whole file, whoever's it is; 0 as long as there was none. */
  firstInvalidLine = 0;
  private readonly taskIndex: number;
  private readonly taskCount: number;
  /** Whole lines, read up to `position`. */
  private block = Buffer.alloc(0);
  private position = 0;
  private blockIsUtf8 = true;
  /** The beginning of a line whose end has not come yet. */
  private rest: Buffer[] = [];
  private restBytes = 0;

  /** Task i of n takes lines i + 1, i + 1 + n, i + 1 + 2n … */
  constructor(taskIndex: number, taskCount: number) {
    this.taskIndex = taskIndex;
    this.taskCount = taskCount;
  }

  /** More bytes, to be added when `next` has nothing left. Throws a RangeError for a line above `lineBytesMax`. */
  add(chunk: Buffer): void {
    const end = chunk.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      this.setBlock(Buffer.concat([...this.rest, chunk.subarray(0, end)]));
      this.rest = [];
      this.restBytes = 0;
    }
    if (end === chunk.length) return;
    this.rest.push(chunk.subarray(end));
    this.restBytes += chunk.length - end;
    if (this.restBytes > lineBytesMax) {
      throw new RangeError(`line ${this.lineNumber + 1} or a later one is longer than ${lineBytesMax} bytes`);
    }
  }

  /** No more bytes: what has no line end is the last line. */
  end(): void {
    this.setBlock(Buffer.concat(this.rest));
    this.rest = [];
  }

  /** This task's next line without its line end (LF or CR LF); undefined when more bytes are needed. */
  next(): string | undefined {
    while (this.position < this.block.length) {
      const start = this.position;
      const lineEnd = this.block.indexOf(lineFeed, start);
      const end = lineEnd < 0 ? this.block.length : lineEnd;
      this.position = end + 1;
      const mine = this.lineNumber % this.taskCount === this.taskIndex;
      this.lineNumber++;
      if (!this.blockIsUtf8) this.checkUtf8(start, end, mine);
      if (!mine) continue;
      const hasReturn = end > start && this.block[end - 1] === carriageReturn;
      return this.block.toString("utf8", start, hasReturn ? end - 1 : end);
    }
    return undefined;
  }

  private setBlock(block: Buffer<ArrayBuffer>): void {
    this.block = block;
    this.position = 0;
    this.blockIsUtf8 = isUtf8(block);
  }

  private checkUtf8(start: number, end: number, mine: boolean): void {
    if (isUtf8(this.block.subarray(start, end))) return;
    if (this.firstInvalidLine === 0) this.firstInvalidLine = this.lineNumber;
    if (mine) this.invalidLines++;
  }
}
