/** A database on a simulated disk, written by hand. */
import { type Runtime, SimulatedWorld } from "../../../../src/base/index.ts";
import {
  databaseDefaults,
  FileDatabase,
  type FileDatabaseOptions,
} from "../../../../src/zookeeper/server/file-database.ts";
import { createTxn, proposalOf } from "./proposals.ts";

export class Disk {
  readonly world: SimulatedWorld;
  runtime: Runtime;

  constructor(seed = 1, capacityBytes?: number) {
    this.world = new SimulatedWorld({
      seed,
      logLevel: "error",
      ...(capacityBytes === undefined ? {} : { profile: { disk: { capacityBytes } } }),
    });
    this.runtime = this.world.start({ host: "zk" }).runtime;
  }

  run<T>(body: Promise<T>): Promise<T> {
    return this.world.finish(body, { what: "the disk", deadlineMs: 600_000 });
  }

  /** Power off and on; what was open is gone. */
  crash(): void {
    this.world.crashHost("zk");
    this.runtime = this.world.start({ host: "zk" }).runtime;
  }

  async open(options: Partial<FileDatabaseOptions> = {}): Promise<FileDatabase> {
    const database = new FileDatabase(this.runtime, {
      ...databaseDefaults,
      dataDir: "/data",
      dataLogDir: "/log",
      ...options,
    });
    await this.run(database.load());
    return database;
  }

  /** Creates `/n<zxid>` for each zxid, synced and applied. */
  async write(database: FileDatabase, first: number, last: number): Promise<void> {
    for (let zxid = first; zxid <= last; zxid++) {
      const proposal = proposalOf(zxid, createTxn(`/n${zxid}`, { data: "some data" }));
      database.append(proposal);
      await this.run(database.sync());
      database.apply(proposal);
    }
  }

  async bytes(path: string): Promise<Buffer> {
    return Buffer.from(await this.run(this.runtime.fs.readFile(path)));
  }

  async replace(path: string, bytes: Uint8Array): Promise<void> {
    await this.run(this.runtime.fs.writeFile(path, bytes));
  }

  async names(directory: string): Promise<string[]> {
    return await this.run(this.runtime.fs.list(directory));
  }
}
