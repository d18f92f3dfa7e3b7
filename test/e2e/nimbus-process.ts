/** `storm-lab nimbus` as a process of its own, and how clients call it. */
import { writeFile } from "node:fs/promises";
import { connectThrift, type ThriftClient } from "../../src/rpc/index.ts";
import { Nimbus, type StormTopology } from "../../src/wire/thrift/index.ts";
import { eventually, freePort, type RunningProcess, startStormLab, type TemporaryDirectory } from "../kit/index.ts";
import { runtime } from "./zookeeper-process.ts";

type NimbusCalls = ThriftClient<typeof Nimbus.methods>["calls"];

const host = "127.0.0.1";
const stepMs = 30_000;

export class NimbusProcess {
  readonly folder: TemporaryDirectory;
  readonly port: number;
  readonly #name: string;

  private constructor(folder: TemporaryDirectory, name: string, port: number) {
    this.folder = folder;
    this.#name = name;
    this.port = port;
  }

  /** `name`: its file and its local directory in the folder. `conf`: lines of storm.yaml on top of a classroom's pace. */
  static async prepare(
    folder: TemporaryDirectory,
    zooKeeperPort: number,
    name = "nimbus",
    conf: Readonly<Record<string, unknown>> = {},
  ): Promise<NimbusProcess> {
    const prepared = new NimbusProcess(folder, name, await freePort());
    const all = {
      "storm.zookeeper.servers": [host],
      "storm.zookeeper.port": zooKeeperPort,
      "storm.zookeeper.session.timeout": 4000,
      "storm.zookeeper.connection.timeout": 3000,
      "storm.local.hostname": host,
      "storm.local.dir": folder.join(`${name}-local`),
      "nimbus.seeds": [host],
      "nimbus.thrift.port": prepared.port,
      "nimbus.monitor.freq.secs": 1,
      "nimbus.code.sync.freq.secs": 2,
      "topology.message.timeout.secs": 2,
      ...conf,
    };
    const lines = Object.entries(all).map(([key, value]) => `${key}: ${JSON.stringify(value)}`);
    await writeFile(prepared.config, `${lines.join("\n")}\n`);
    return prepared;
  }

  get config(): string {
    return this.folder.join(`${this.#name}.yaml`);
  }

  start(): RunningProcess {
    return startStormLab(["nimbus", "--config", this.config], { env: { NO_COLOR: "1" }, cwd: this.folder.path });
  }

  /** Started and leading. */
  async leading(): Promise<RunningProcess> {
    const child = this.start();
    await child.line(/Accepting leadership/, stepMs);
    return child;
  }

  async call<T>(use: (calls: NimbusCalls) => Promise<T>): Promise<T> {
    const { port } = this;
    const client = await eventually(
      () => connectThrift({ runtime, host, port, service: Nimbus, timeoutMs: stepMs }).catch(() => undefined),
      stepMs,
      "nimbus' Thrift port",
    );
    try {
      return await use(client.calls);
    } finally {
      await client.close();
    }
  }

  submit(name: string, topology: StormTopology, conf: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.call(async (calls) => {
      const uploadedJarLocation = await calls.beginFileUpload();
      await calls.uploadChunk({ location: uploadedJarLocation, chunk: Buffer.from(`archive of ${name}`) });
      await calls.finishFileUpload({ location: uploadedJarLocation });
      const jsonConf = JSON.stringify(conf);
      await calls.submitTopology({ name, uploadedJarLocation, jsonConf, topology });
    });
  }
}
