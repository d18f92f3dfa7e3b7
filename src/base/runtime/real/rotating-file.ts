/**
 * A log file of bounded size: when it is full it becomes `name.1`, the one before `name.2`, and so on; the oldest goes. A line is with
 * the kernel when `write` returns, so a process that dies the next moment has said it.
 */
import fs from "node:fs";
import { dirname } from "node:path";

export interface RotatingFileOptions {
  readonly path: string;
  /** A file that has reached it is rotated. */
  readonly bytesMax: number;
  /** Rotated files that stay, beside the one that is written. */
  readonly keptMax: number;
}

export interface RotatingFile {
  /** Without its end. What a full disk refuses is lost, and the next line that fits says how many lines that were. */
  write(line: string): void;
  close(): void;
}

/** Appends to what is there. Throws the file system's error when the file cannot be opened. */
export function openRotatingFile(options: RotatingFileOptions): RotatingFile {
  fs.mkdirSync(dirname(options.path), { recursive: true });
  return new Rotating(options);
}

class Rotating implements RotatingFile {
  readonly #options: RotatingFileOptions;
  #descriptor: number;
  #size: number;
  #lost = 0;
  #closed = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
    this.#descriptor = fs.openSync(options.path, "a");
    this.#size = fs.fstatSync(this.#descriptor).size;
  }

  write(line: string): void {
    if (this.#closed) return;
    const text =
      this.#lost === 0 ? `${line}\n` : `(${this.#lost} lines before this one could not be written)\n${line}\n`;
    const bytes = Buffer.from(text);
    try {
      if (this.#size > 0 && this.#size + bytes.length > this.#options.bytesMax) this.#rotate();
      for (let at = 0; at < bytes.length; ) at += fs.writeSync(this.#descriptor, bytes, at);
      this.#size += bytes.length;
      this.#lost = 0;
    } catch {
      this.#lost++;
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    fs.closeSync(this.#descriptor);
  }

  #rotate(): void {
    const { path, keptMax } = this.#options;
    const kept = (number: number) => (number === 0 ? path : `${path}.${number}`);
    fs.rmSync(kept(keptMax), { force: true });
    for (let number = keptMax - 1; number >= 0; number--) {
      if (fs.existsSync(kept(number))) fs.renameSync(kept(number), kept(number + 1));
    }
    const next = fs.openSync(path, "a");
    fs.closeSync(this.#descriptor);
    this.#descriptor = next;
    this.#size = fs.fstatSync(next).size;
  }
}
