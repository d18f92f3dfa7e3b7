/**
 * Runs Apache ZooKeeper servers on loopback: the oracle of the contract suite, the partner of mixed ensembles and the
 * other side of the benchmarks.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type ApacheJars, apacheZooKeeperJars } from "./apache-zookeeper-jars.ts";
import { fourLetterWord, type ServerMode, serverMode } from "./four-letter-word.ts";
import { freePorts } from "./free-ports.ts";

export interface ApacheEnsembleOptions {
  /** 1 is a standalone server. Default 1. */
  readonly servers?: number;
  /** Default 500. */
  readonly tickTimeMs?: number;
  /** Lines added to every `zoo.cfg`. */
  readonly config?: readonly string[];
  readonly javaOptions?: readonly string[];
  /** Where data, configuration and logs go; a new temporary folder, removed at the end, when left out. */
  readonly folder?: string;
  /** Client ports, one a server; free ones are picked when left out. */
  readonly clientPorts?: readonly number[];
}

export interface ApacheEnsemble extends AsyncDisposable {
  readonly connectString: string;
  readonly servers: readonly ApacheServer[];
  /** The server that leads (or stands alone), once there is one; rejects after `deadlineMs`. */
  leader(deadlineMs?: number): Promise<ApacheServer>;
  /** Ends every server and removes what was made. */
  stop(): Promise<void>;
}

/** One server; it keeps its data and its ports over `kill` and `start`. */
export interface ApacheServer {
  readonly id: number;
  readonly clientPort: number;
  readonly quorumPort: number;
  readonly electionPort: number;
  readonly dataDir: string;
  readonly pid: number | null;
  mode(): Promise<ServerMode | null>;
  /** Starts the process; `served` awaits that it answers. */
  start(): void;
  /** Resolves when it serves clients. Rejects after `deadlineMs` (default 30 s) or when the process ends, with its log's end. */
  served(deadlineMs?: number): Promise<void>;
  /** kill -9. Resolves when the process is gone. */
  kill(): Promise<void>;
  log(): Promise<string>;
}

/** Starts them all and waits until each serves. */
export async function startApacheZooKeeper(options: ApacheEnsembleOptions = {}): Promise<ApacheEnsemble> {
  const ensemble = await prepareApacheZooKeeper(options);
  try {
    for (const server of ensemble.servers) server.start();
    await Promise.all(ensemble.servers.map((server) => server.served()));
  } catch (error) {
    await ensemble.stop();
    throw error;
  }
  return ensemble;
}

/** The same, without starting any server. */
export async function prepareApacheZooKeeper(options: ApacheEnsembleOptions = {}): Promise<ApacheEnsemble> {
  const jars = await apacheZooKeeperJars();
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "storm-lab-apache-ensemble-")));
  const count = options.servers ?? 1;
  const ports = await freePorts(3 * count);
  const seats = Array.from({ length: count }, (_, index): Seat => {
    const id = index + 1;
    const [clientPort, quorumPort, electionPort] = ports.slice(3 * index) as [number, number, number];
    return {
      id,
      clientPort: options.clientPorts?.[index] ?? clientPort,
      quorumPort,
      electionPort,
      folder: join(folder, String(id)),
    };
  });
  await Promise.all(seats.map((seat) => writeConfiguration(seat, seats, options)));
  const servers = seats.map((seat) => apacheServer(seat, jars, options.javaOptions ?? smallHeap));
  async function stop(): Promise<void> {
    await Promise.all(servers.map((server) => server.kill()));
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
  return {
    connectString: servers.map((server) => `127.0.0.1:${server.clientPort}`).join(","),
    servers,
    leader: (deadlineMs = 30_000) => findLeader(servers, deadlineMs),
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

/** Tests run several of them on a small machine. */
const smallHeap = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"];
const pollMs = 50;
const started = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of started) child.kill("SIGKILL");
});

interface Seat {
  readonly id: number;
  readonly clientPort: number;
  readonly quorumPort: number;
  readonly electionPort: number;
  readonly folder: string;
}

async function writeConfiguration(seat: Seat, seats: readonly Seat[], options: ApacheEnsembleOptions): Promise<void> {
  const data = join(seat.folder, "data");
  await mkdir(data, { recursive: true });
  const lines = [
    `tickTime=${options.tickTimeMs ?? 500}`,
    "initLimit=20",
    "syncLimit=10",
    `dataDir=${data}`,
    `clientPort=${seat.clientPort}`,
    "maxClientCnxns=0",
    "4lw.commands.whitelist=*",
    "admin.enableServer=false",
    "extendedTypesEnabled=true",
    "preAllocSize=1024",
    ...(options.config ?? []),
  ];
  if (seats.length > 1) {
    await writeFile(join(data, "myid"), `${seat.id}\n`);
    for (const { id, quorumPort, electionPort } of seats)
      lines.push(`server.${id}=127.0.0.1:${quorumPort}:${electionPort}`);
  }
  await writeFile(join(seat.folder, "zoo.cfg"), `${lines.join("\n")}\n`);
  await writeFile(
    join(seat.folder, "logback.xml"),
    `<configuration><appender name="OUT" class="ch.qos.logback.core.ConsoleAppender"><encoder><pattern>%d %-5p %c{1} - %m%n</pattern>
</encoder></appender><root level="INFO"><appender-ref ref="OUT"/></root></configuration>\n`,
  );
}

function apacheServer(seat: Seat, jars: ApacheJars, javaOptions: readonly string[]): ApacheServer {
  const logFile = join(seat.folder, "server.log");
  let child: ChildProcess | null = null;
  const log = () => readFile(logFile, "utf8").catch(() => "");
  return {
    ...seat,
    dataDir: join(seat.folder, "data"),
    get pid() {
      return child?.pid ?? null;
    },
    mode: () => serverMode(seat.clientPort),
    start() {
      if (child !== null) throw new Error(`server ${seat.id} runs already`);
      const logging = `-Dlogback.configurationFile=${join(seat.folder, "logback.xml")}`;
      const main = "org.apache.zookeeper.server.quorum.QuorumPeerMain";
      const java = ["-cp", jars.classPath, logging, ...javaOptions, main, join(seat.folder, "zoo.cfg")];
      const command = 'exec java "$@" >>"$0" 2>&1';
      const process = spawn("/bin/sh", ["-c", command, logFile, ...java], { stdio: "ignore", cwd: seat.folder });
      child = process;
      started.add(process);
      process.once("exit", () => {
        started.delete(process);
        if (child === process) child = null;
      });
    },
    async served(deadlineMs = 30_000) {
      const attempts = Math.ceil(deadlineMs / pollMs);
      for (let attempt = 0; attempt < attempts; attempt++) {
        if (child === null) throw new Error(`Apache ZooKeeper ${seat.id} ended:\n${(await log()).slice(-4000)}`);
        if (await servesNow(seat.clientPort)) return;
        await pause(pollMs);
      }
      throw new Error(
        `Apache ZooKeeper ${seat.id} does not serve after ${deadlineMs} ms:\n${(await log()).slice(-4000)}`,
      );
    },
    async kill() {
      const process = child;
      if (process === null) return;
      const gone = new Promise((resolve) => process.once("exit", resolve));
      process.kill("SIGKILL");
      await gone;
    },
    log,
  };
}

async function servesNow(port: number): Promise<boolean> {
  return (await fourLetterWord(port, "ruok")) === "imok" && (await serverMode(port)) !== null;
}

async function findLeader(servers: readonly ApacheServer[], deadlineMs: number): Promise<ApacheServer> {
  const attempts = Math.ceil(deadlineMs / pollMs);
  for (let attempt = 0; attempt < attempts; attempt++) {
    for (const server of servers) {
      const mode = server.pid === null ? null : await server.mode();
      if (mode === "leader" || mode === "standalone") return server;
    }
    await pause(pollMs);
  }
  throw new Error(`no Apache ZooKeeper server leads after ${deadlineMs} ms`);
}
