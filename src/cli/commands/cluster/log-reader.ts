/** One log, with those that it was rotated into (`worker.log.1` is the one before): its last entries, and what is appended later. */
import { type FileHandle, open, stat } from "node:fs/promises";

/** A line with a time, and the lines without one that go on with it. */
export interface LogEntry {
  /** Of the first line; null: the log does not say. */
  readonly timeMs: number | null;
  readonly level: string | null;
  readonly text: string;
}

export type Admits = (entry: LogEntry) => boolean;

const blockBytes = 256 * 1024;
/** So much of a log is searched at most, from its end. */
const searchedBytesMax = 64 * 1024 * 1024;
const head = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.,]\d{3}) (?:.*?\[)?(TRACE|DEBUG|INFO|WARN|ERROR)\b/;

export class LogReader {
  readonly #path: string;
  /** Of the file that is read on: what tells it from the one that takes its name, and how far it was read. */
  #inode = 0;
  #position = 0;
  /** A line whose end is not there yet. */
  #begun: Buffer = Buffer.alloc(0);

  constructor(path: string) {
    this.#path = path;
  }

  /** The last `count` that are admitted, oldest first. `more` goes on behind them. */
  async last(count: number, admits: Admits): Promise<LogEntry[]> {
    let found: LogEntry[] = [];
    let left = searchedBytesMax;
    for (let number = 0; found.length < count && left > 0; number++) {
      const file = await openFile(number === 0 ? this.#path : `${this.#path}.${number}`);
      if (file === null) break;
      try {
        const { size, ino } = await file.stat();
        if (number === 0) this.#begin(ino, size);
        const text = (await bytesOf(file, Math.max(0, size - left), size)).toString("utf8");
        left -= size;
        found = [...entriesOf(text.split("\n")).filter(admits), ...found];
      } finally {
        await file.close();
      }
    }
    return found.slice(Math.max(0, found.length - count));
  }

  /** Entries that have been appended since, admitted or not; of a log that was rotated, first the rest of the old file. */
  async more(): Promise<LogEntry[]> {
    const now = await stat(this.#path).catch(() => null);
    if (now === null) return [];
    const parts = [this.#begun];
    if (this.#inode !== 0 && now.ino !== this.#inode) {
      parts.push(await this.#rest(`${this.#path}.1`));
      this.#begin(now.ino, 0);
    } else if (now.size < this.#position) this.#position = 0;
    this.#inode = now.ino;
    parts.push(await this.#rest(this.#path));
    const bytes = Buffer.concat(parts);
    const end = bytes.lastIndexOf("\n") + 1;
    this.#begun = bytes.subarray(end);
    return entriesOf(bytes.subarray(0, end).toString("utf8").split("\n"));
  }

  #begin(inode: number, position: number): void {
    this.#inode = inode;
    this.#position = position;
  }

  async #rest(path: string): Promise<Buffer> {
    const file = await openFile(path);
    if (file === null) return Buffer.alloc(0);
    try {
      const { size, ino } = await file.stat();
      if (ino !== this.#inode) return Buffer.alloc(0);
      const bytes = await bytesOf(file, this.#position, Math.min(size, this.#position + searchedBytesMax));
      this.#position += bytes.length;
      return bytes;
    } finally {
      await file.close();
    }
  }
}

/** Lines before the first time belong to nobody: each is an entry. */
export function entriesOf(lines: readonly string[]): LogEntry[] {
  const entries: LogEntry[] = [];
  for (const line of lines) {
    const [, time, level] = head.exec(line) ?? [];
    const before = entries.at(-1);
    if (time !== undefined)
      entries.push({
        timeMs: Date.parse(`${time.replace(" ", "T").replace(",", ".")}Z`),
        level: level ?? null,
        text: line,
      });
    else if (before !== undefined && before.timeMs !== null)
      entries[entries.length - 1] = { ...before, text: `${before.text}\n${line}` };
    else if (line !== "") entries.push({ timeMs: null, level: null, text: line });
  }
  return entries.map((entry) => ({ ...entry, text: entry.text.trimEnd() }));
}

async function openFile(path: string): Promise<FileHandle | null> {
  try {
    return await open(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

async function bytesOf(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  for (let position = from; position < to; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(Math.min(blockBytes, to - position)), 0, null, position);
    if (bytesRead === 0) break;
    parts.push(buffer.subarray(0, bytesRead));
    position += bytesRead;
  }
  return Buffer.concat(parts);
}
