/**
 * Lines that are appended to a file beside a worker's log. Of what comes faster than the disk takes it, the rest is dropped and counted;
 * a file that has grown is put aside as `.1`, older ones as `.2` and so on. Source of the rotation: FileBasedEventLogger of Storm.
 */
import { messageOf, type Runtime, type Timer } from "../../base/index.ts";

export interface RotatingFileOptions {
  readonly path: string;
  /** Beyond it the file is put aside. */
  readonly bytesMax: number;
  /** Files put aside that are kept. */
  readonly filesMax: number;
}

/** Who reads it looks once a second. */
const flushMs = 250;
const waitingMax = 10_000;

export class RotatingFile {
  readonly #runtime: Runtime;
  readonly #options: RotatingFileOptions;
  #waiting: string[] = [];
  #dropped = 0;
  #timer: Timer | null = null;
  #writing: Promise<void> = Promise.resolve();
  #inTrouble = false;

  constructor(runtime: Runtime, options: RotatingFileOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  /** Written within a quarter of a second. */
  add(line: string): void {
    if (this.#waiting.length >= waitingMax) this.#dropped++;
    else this.#waiting.push(line);
    this.#timer ??= this.#runtime.timers.after(flushMs, () => {
      this.#timer = null;
      this.#flush();
    });
  }

  /** Resolves when all is written. */
  async close(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = null;
    this.#flush();
    await this.#writing;
  }

  #flush(): void {
    const lines = this.#waiting;
    if (lines.length === 0) return;
    this.#waiting = [];
    if (this.#dropped > 0) this.#runtime.log.warn(`${this.#dropped} lines of ${this.#options.path} came too fast`);
    this.#dropped = 0;
    this.#writing = this.#writing.then(() => this.#write(Buffer.from(`${lines.join("\n")}\n`)));
  }

  /** Never rejects: what is shown of the tuples is not worth the worker's life. */
  async #write(bytes: Uint8Array): Promise<void> {
    const { fs } = this.#runtime;
    const { path, bytesMax } = this.#options;
    try {
      const size = (await fs.stat(path))?.size ?? 0;
      if (size > 0 && size + bytes.length > bytesMax) await this.#putAside();
      const file = await fs.open(path, "append");
      try {
        await file.write(bytes, 0);
      } finally {
        await file.close();
      }
      this.#inTrouble = false;
    } catch (error) {
      if (!this.#inTrouble) this.#runtime.log.warn(`${path} cannot be written: ${messageOf(error)}`);
      this.#inTrouble = true;
    }
  }

  async #putAside(): Promise<void> {
    const { fs } = this.#runtime;
    const { path, filesMax } = this.#options;
    for (let number = filesMax; number >= 1; number--) {
      const from = number === 1 ? path : `${path}.${number - 1}`;
      if ((await fs.stat(from)) !== null) await fs.rename(from, `${path}.${number}`);
    }
    if (filesMax === 0) await fs.remove(path);
  }
}
