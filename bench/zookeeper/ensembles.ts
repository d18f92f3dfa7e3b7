/** Three servers of ours or of Apache's on loopback, each a process, with fsync on and ZooKeeper's defaults. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type ApacheEnsemble, prepareApacheZooKeeper } from "../../scripts/interop/apache-zookeeper.ts";
import { type ServerMode, serverMode } from "../../scripts/interop/four-letter-word.ts";
import { freePorts } from "../../scripts/interop/free-ports.ts";

export type Engine = "storm-lab" | "apache";

export interface BenchServer {
  readonly clientPort: number;
  readonly pid: number | null;
  start(): void;
  /** kill -9. */
  kill(): Promise<void>;
}

export interface BenchEnsemble {
  readonly servers: readonly BenchServer[];
  stop(): Promise<void>;
}

const tickTimeMs = 2000;
const launcher = fileURLToPath(new URL("../../bin/storm-lab.mjs", import.meta.url));

/** Configured, not started. */
export function prepareEnsemble(engine: Engine): Promise<BenchEnsemble> {
  return engine === "storm-lab" ? prepareOurs() : prepareApache();
}

/** Server by server, what it says of itself. */
export function modes(ensemble: BenchEnsemble): Promise<(ServerMode | null)[]> {
  return Promise.all(
    ensemble.servers.map(({ clientPort, pid }) => (pid === null ? Promise.resolve(null) : serverMode(clientPort))),
  );
}

/** Resolves when one leads and the others follow. */
export async function whole(ensemble: BenchEnsemble): Promise<void> {
  for (let attempt = 0; attempt < 1200; attempt++) {
    const now = await modes(ensemble);
    if (now.includes("leader") && now.every((mode) => mode !== null)) return;
    await pause(50);
  }
  throw new Error("the ensemble is not whole after a minute");
}

/** Of all servers: proportional and resident set, bytes. */
export async function memoryOf(ensemble: BenchEnsemble): Promise<{ pss: number[]; rss: number[] }> {
  const rollups = await Promise.all(ensemble.servers.map(({ pid }) => readFile(`/proc/${pid}/smaps_rollup`, "utf8")));
  const bytes = (text: string, key: string) => 1024 * Number(new RegExp(`^${key}:\\s+(\\d+) kB$`, "m").exec(text)?.[1]);
  return { pss: rollups.map((text) => bytes(text, "Pss")), rss: rollups.map((text) => bytes(text, "Rss")) };
}

async function prepareApache(): Promise<BenchEnsemble> {
  // As zkServer.sh starts them, and with its own preallocation.
  const config = ["preAllocSize=65536", "initLimit=10", "syncLimit=5"];
  const ensemble: ApacheEnsemble = await prepareApacheZooKeeper({
    servers: 3,
    tickTimeMs,
    config,
    javaOptions: ["-Xmx1000m"],
  });
  return { servers: ensemble.servers, stop: () => ensemble.stop() };
}

async function prepareOurs(): Promise<BenchEnsemble> {
  const folder = await mkdtemp(join(tmpdir(), "storm-lab-bench-"));
  const ports = await freePorts(9);
  const lines = [0, 1, 2].map((index) => `server.${index + 1}=127.0.0.1:${ports[3 + index]}:${ports[6 + index]}`);
  const servers: OurServer[] = [];
  for (let index = 0; index < 3; index++) {
    const data = join(folder, String(index + 1));
    const clientPort = ports[index] ?? 0;
    await mkdir(data);
    await writeFile(join(data, "myid"), `${index + 1}\n`);
    const settings = [`tickTime=${tickTimeMs}`, "initLimit=10", "syncLimit=5", `dataDir=${data}`];
    const more = [`clientPort=${clientPort}`, "maxClientCnxns=0", "4lw.commands.whitelist=*"];
    await writeFile(
      join(data, "zoo.cfg"),
      `${[...settings, ...more, "admin.enableServer=false", ...lines].join("\n")}\n`,
    );
    servers.push(new OurServer(join(data, "zoo.cfg"), clientPort));
  }
  return {
    servers,
    async stop() {
      await Promise.all(servers.map((server) => server.kill()));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

class OurServer implements BenchServer {
  readonly clientPort: number;
  readonly #config: string;
  #child: ChildProcess | null = null;

  constructor(config: string, clientPort: number) {
    this.#config = config;
    this.clientPort = clientPort;
  }

  get pid(): number | null {
    return this.#child?.pid ?? null;
  }

  start(): void {
    const env = { ...process.env, STORM_LAB_LOG_LEVEL: "warn" };
    const child = spawn(process.execPath, [launcher, "zookeeper", "--config", this.#config], { stdio: "ignore", env });
    this.#child = child;
    running.add(child);
    child.once("exit", () => {
      running.delete(child);
      if (this.#child === child) this.#child = null;
    });
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    const gone = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await gone;
  }
}

const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});
