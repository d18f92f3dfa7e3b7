/** The files acceptedEpoch and currentEpoch: decimal text, replaced whole and durably. */
import { FsError, type Runtime, replaceFile } from "../../base/index.ts";
import type { Epochs } from "./database.ts";
import { epochError } from "./errors.ts";

const twoTo32 = 2 ** 32;

export function epochOf(zxid: number): number {
  return Math.floor(zxid / twoTo32);
}

export class EpochFiles implements Epochs {
  readonly #runtime: Runtime;
  readonly #directory: string;
  accepted = 0;
  current = 0;

  constructor(runtime: Runtime, directory: string) {
    this.#runtime = runtime;
    this.#directory = directory;
  }

  /** `lastZxid`: of the loaded database. */
  async load(lastZxid: number): Promise<void> {
    const current = await this.#read("currentEpoch");
    this.current = Math.max(current ?? 0, epochOf(lastZxid));
    if (current !== null && current < this.current) {
      this.#runtime.log.warn(
        `The current epoch, ${current.toString(16)}, is older than the last zxid, ${lastZxid.toString(16)}`,
      );
    }
    const accepted = await this.#read("acceptedEpoch");
    if (accepted !== null && current !== null && accepted < current) throw epochError(accepted, current);
    this.accepted = Math.max(accepted ?? 0, this.current);
  }

  async setAccepted(epoch: number): Promise<void> {
    await this.#write("acceptedEpoch", epoch);
    this.accepted = epoch;
  }

  async setCurrent(epoch: number): Promise<void> {
    await this.#write("currentEpoch", epoch);
    this.current = epoch;
  }

  async #read(name: string): Promise<number | null> {
    try {
      const text = Buffer.from(await this.#runtime.fs.readFile(`${this.#directory}/${name}`)).toString("utf8");
      const epoch = Number.parseInt(text, 10);
      return Number.isSafeInteger(epoch) && epoch >= 0 ? epoch : null;
    } catch (error) {
      if (error instanceof FsError && error.code === "ENOENT") return null;
      throw error;
    }
  }

  #write(name: string, epoch: number): Promise<void> {
    return replaceFile(this.#runtime.fs, `${this.#directory}/${name}`, Buffer.from(String(epoch), "utf8"));
  }
}
