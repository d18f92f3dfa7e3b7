/**
 * What the components of this worker publish, and its counters, as a file beside its log: whoever is on this machine reads how far a
 * topology is. Replaced when something has changed, and at the end.
 */
import { messageOf, type Runtime } from "../../base/index.ts";
import { type WorkerReport, workerReport } from "../results.ts";
import type { Worker, WorkerProgress } from "../worker.ts";

/** The file as JSON. */
export interface ResultsFileContent extends WorkerProgress {
  readonly v: 1;
  readonly atMs: number;
  readonly report: WorkerReport;
}

/** A larger one is not written. */
const charactersMax = 64 * 1024 * 1024;

export class ResultsFile {
  readonly #runtime: Runtime;
  readonly #path: string;
  readonly #worker: Worker;
  #written = "";
  #inTrouble = false;

  constructor(runtime: Runtime, artifacts: string, worker: Worker) {
    this.#runtime = runtime;
    this.#path = `${artifacts}/results.json`;
    this.#worker = worker;
  }

  /** Never rejects: it is not worth the worker's life. Not while the author's components are being opened. */
  async write(): Promise<void> {
    try {
      const tasks = this.#worker.metrics();
      const changes = JSON.stringify([this.#worker.progress, tasks]);
      if (changes === this.#written) return;
      const report = workerReport(this.#worker.results(), tasks);
      const content: ResultsFileContent = {
        v: 1,
        atMs: this.#runtime.clock.nowMs(),
        ...this.#worker.progress,
        report,
      };
      await this.#replace(JSON.stringify(content));
      this.#written = changes;
    } catch (error) {
      this.#complain(messageOf(error));
    }
  }

  async #replace(text: string): Promise<void> {
    if (text.length > charactersMax) {
      this.#complain(`they take ${text.length} characters, and at most ${charactersMax} are written`);
      return;
    }
    const { fs } = this.#runtime;
    await fs.writeFile(`${this.#path}.new`, Buffer.from(text));
    await fs.rename(`${this.#path}.new`, this.#path);
    this.#inTrouble = false;
  }

  #complain(why: string): void {
    if (!this.#inTrouble) this.#runtime.log.warn(`The results are not written to ${this.#path}: ${why}`);
    this.#inTrouble = true;
  }
}
