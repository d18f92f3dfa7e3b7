/** `storm-lab zookeeper` as a process of its own, in a folder of the test. */
import { mkdir, writeFile } from "node:fs/promises";
import { realRuntime } from "../../src/base/index.ts";
import { openZooKeeper, ownSessionAdapter, type ZooKeeperClient } from "../../src/zookeeper/index.ts";
import { freePort, type RunningProcess, startStormLab, type TemporaryDirectory } from "../kit/index.ts";

export const runtime = realRuntime({ name: "test", self: { command: [process.execPath] }, level: "error" });
export const stepMs = 20_000;

export class ZooKeeperProcess {
  readonly directory: TemporaryDirectory;
  readonly clientPort: number;
  readonly #lines: readonly string[];

  private constructor(directory: TemporaryDirectory, clientPort: number, lines: readonly string[]) {
    this.directory = directory;
    this.clientPort = clientPort;
    this.#lines = lines;
  }

  /** `lines`: of zoo.cfg, besides tickTime, dataDir and clientPort. */
  static async prepare(directory: TemporaryDirectory, lines: readonly string[] = []): Promise<ZooKeeperProcess> {
    const prepared = new ZooKeeperProcess(directory, await freePort(), lines);
    await prepared.writeConfig();
    return prepared;
  }

  get config(): string {
    return this.directory.join("zoo.cfg");
  }

  async writeConfig(lines: readonly string[] = this.#lines): Promise<void> {
    await mkdir(this.directory.join("data"), { recursive: true });
    const all = ["tickTime=500", `dataDir=${this.directory.join("data")}`, `clientPort=${this.clientPort}`, ...lines];
    await writeFile(this.config, `${all.join("\n")}\n`);
  }

  start(): RunningProcess {
    return startStormLab(["zookeeper", "--config", this.config], { env: { NO_COLOR: "1" } });
  }

  /** Started and serving. */
  async serving(): Promise<RunningProcess> {
    const child = this.start();
    await child.line(/^zookeeper serves clients/, stepMs);
    return child;
  }

  client(): ZooKeeperClient {
    return openZooKeeper(
      runtime,
      { servers: `127.0.0.1:${this.clientPort}`, sessionTimeoutMs: 10_000 },
      ownSessionAdapter,
    );
  }
}
