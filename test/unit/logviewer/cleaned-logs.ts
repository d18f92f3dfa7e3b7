/** A node's logs in the simulated world, made file by file on virtual time, and a cleaner over them. */
import { pause, type Runtime, SimulatedWorld } from "../../../src/base/index.ts";
import { type CleanerSettings, type LiveWorkers, LogCleaner } from "../../../src/logviewer/index.ts";

const root = "/logs/workers-artifacts";
export const megabyte = 1024 * 1024;
export const minuteMs = 60_000;

export class CleanedLogs {
  readonly lines: string[] = [];
  readonly world: SimulatedWorld;
  readonly runtime: Runtime;
  readonly slots = new Set<string>();
  readonly ids = new Set<string>();

  constructor(seed = 1) {
    this.world = new SimulatedWorld({ seed, log: ({ level, message }) => this.lines.push(`${level} ${message}`) });
    this.runtime = this.world.start({ host: "node1", name: "ui" }).runtime;
  }

  do<T>(promise: Promise<T>): Promise<T> {
    return this.world.finish(promise, { what: "the disk", deadlineMs: 1000 * 24 * 60 * minuteMs });
  }

  /** `slot`: `<topology id>/<port>`. */
  async write(slot: string, name: string, size: number): Promise<void> {
    const path = `${root}/${slot}/${name}`;
    await this.do(this.runtime.fs.makeDirectory(path.slice(0, path.lastIndexOf("/"))));
    await this.do(this.runtime.fs.writeFile(path, Buffer.alloc(size, 1)));
  }

  pass(ms: number): Promise<void> {
    return this.do(pause(this.runtime.timers, ms));
  }

  cleaner(settings: Partial<CleanerSettings> = {}, live?: () => Promise<LiveWorkers>): LogCleaner {
    const usual = {
      intervalMs: 10 * minuteMs,
      ageMs: 10_080 * minuteMs,
      sumBytesMax: 4096 * megabyte,
      perWorkerBytesMax: 2048 * megabyte,
    };
    const node = {
      folder: "/logs",
      live: live ?? (() => Promise.resolve({ ids: new Set(this.ids), slots: new Set(this.slots) })),
    };
    return new LogCleaner(this.runtime, { ...usual, ...settings }, () => Promise.resolve([node]));
  }

  /** Every file with its size, by `<topology id>/<port>/<name>`. */
  async files(): Promise<Map<string, number>> {
    const { fs } = this.runtime;
    const found = new Map<string, number>();
    const walk = async (folder: string): Promise<void> => {
      for (const name of await fs.list(folder)) {
        const stat = await fs.stat(`${folder}/${name}`);
        if (stat?.kind === "directory") await walk(`${folder}/${name}`);
        else found.set(`${folder}/${name}`.slice(root.length + 1), stat?.size ?? 0);
      }
    };
    await this.do(walk(root));
    return found;
  }
}
