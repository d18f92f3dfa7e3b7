/** The file of a student's events, a line each. A line that was torn by a crash is skipped: no work is lost for it. */
import type { Runtime } from "../../src/base/index.ts";
import { type LabEvent, noProgress, type Progress, progressAfter } from "./progress.ts";

/** What an event says of itself, without when it happened and of which version its words are. */
export type NewLabEvent = LabEvent extends infer E ? (E extends LabEvent ? Omit<E, "v" | "atMs"> : never) : never;

export class ProgressFile {
  readonly #runtime: Runtime;
  readonly #folder: string;
  #progress: Progress = noProgress;

  private constructor(runtime: Runtime, folder: string) {
    this.#runtime = runtime;
    this.#folder = folder;
  }

  /** `folder` is made with the first event. */
  static async open(runtime: Runtime, folder: string): Promise<ProgressFile> {
    const file = new ProgressFile(runtime, folder);
    if ((await runtime.fs.stat(file.path)) !== null) {
      const text = new TextDecoder().decode(await runtime.fs.readFile(file.path));
      file.#progress = text.split("\n").flatMap(parsed).reduce(progressAfter, noProgress);
    }
    return file;
  }

  get path(): string {
    return `${this.#folder}/events.ndjson`;
  }

  get progress(): Progress {
    return this.#progress;
  }

  async add(event: NewLabEvent): Promise<void> {
    const { fs, clock } = this.#runtime;
    const whole = { v: 1, atMs: clock.nowMs(), ...event } as LabEvent;
    await fs.makeDirectory(this.#folder);
    const handle = await fs.open(this.path, "append");
    try {
      const size = await handle.size();
      const torn = size > 0 && !(await endsALine(handle, size));
      await handle.write(new TextEncoder().encode(`${torn ? "\n" : ""}${JSON.stringify(whole)}\n`), size);
      await handle.sync();
    } finally {
      await handle.close();
    }
    this.#progress = progressAfter(this.#progress, whole);
  }
}

async function endsALine(
  handle: { read(into: Uint8Array, position: number): Promise<number> },
  size: number,
): Promise<boolean> {
  const last = new Uint8Array(1);
  // A handle that is open for adding cannot be read everywhere: an empty line more does no harm.
  const count = await handle.read(last, size - 1).catch(() => 0);
  return count === 1 && last[0] === 0x0a;
}

function parsed(line: string): LabEvent[] {
  try {
    const event = JSON.parse(line) as LabEvent;
    return event.v === 1 && typeof event.lab === "string" ? [event] : [];
  } catch {
    return [];
  }
}
