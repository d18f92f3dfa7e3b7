/** Our own servers as real processes, for the contract: the counterpart of scripts/interop/apache-zookeeper.ts. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { askFourLetterWord } from "../../../src/zookeeper/index.ts";
import { eventually, freePorts, type RunningProcess, repositoryRoot, startProcess } from "../../kit/index.ts";
import { type ContractEnsemble, type ContractServer, tickTimeMs } from "./contract.ts";
import { runtime } from "./world.ts";

/** How long a server may take until it serves. */
const servedMs = 30_000;

export interface OursOptions {
  /** `N/data` and `N/zoo.cfg` go there; a temporary folder, removed at the end, when left out. */
  readonly folder?: string;
  readonly clientPorts?: readonly number[];
  /** Where each listens for clients, one a server. Default: everywhere. */
  readonly clientHosts?: readonly string[];
  /** Lines added to every zoo.cfg. */
  readonly config?: readonly string[];
}

/** One of them stands alone. */
export async function startOurs(count: number, options: OursOptions = {}): Promise<ContractEnsemble> {
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "storm-lab-ensemble-")));
  const ports = await freePorts(3 * count);
  const lines = Array.from(
    { length: count },
    (_, index) => `server.${index + 1}=127.0.0.1:${ports[count + index]}:${ports[2 * count + index]}`,
  );
  const servers: OurServer[] = [];
  for (let index = 0; index < count; index++) {
    const home = join(folder, String(index + 1));
    const clientPort = options.clientPorts?.[index] ?? (ports[index] as number);
    const host = options.clientHosts?.[index];
    const address = host === undefined ? [] : [`clientPortAddress=${host}`];
    const more = [...address, ...(count > 1 ? lines : []), ...(options.config ?? [])];
    await mkdir(join(home, "data"), { recursive: true });
    await writeFile(join(home, "data", "myid"), `${index + 1}\n`);
    await writeFile(join(home, "zoo.cfg"), configuration(home, clientPort, more));
    servers.push(new OurServer(join(home, "zoo.cfg"), host ?? "127.0.0.1", clientPort));
  }
  async function stop(): Promise<void> {
    await Promise.all(servers.map((server) => server.kill()));
    if (options.folder === undefined) await rm(folder, { recursive: true, force: true });
  }
  try {
    for (const server of servers) server.start();
    await Promise.all(servers.map((server) => server.served()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { connectString: servers.map(({ clientPort }) => `127.0.0.1:${clientPort}`).join(","), servers, stop };
}

function configuration(home: string, clientPort: number, more: readonly string[]): string {
  const lines = [
    `tickTime=${tickTimeMs}`,
    "initLimit=20",
    "syncLimit=10",
    `dataDir=${join(home, "data")}`,
    `clientPort=${clientPort}`,
    "maxClientCnxns=0",
    "4lw.commands.whitelist=*",
    "admin.enableServer=false",
    "extendedTypesEnabled=true",
    ...more,
  ];
  return `${lines.join("\n")}\n`;
}

class OurServer implements ContractServer {
  readonly clientPort: number;
  readonly #config: string;
  readonly #host: string;
  #process: RunningProcess | null = null;

  constructor(config: string, host: string, clientPort: number) {
    this.#config = config;
    this.#host = host;
    this.clientPort = clientPort;
  }

  start(): void {
    const main = join(repositoryRoot, "src", "cli", "main.ts");
    const node = ["--conditions=storm-lab-source", main];
    this.#process = startProcess(process.execPath, [...node, "zookeeper", "--config", this.#config]);
  }

  async served(): Promise<void> {
    const child = this.#process;
    let ended = false;
    void child?.ended.then(() => {
      ended = true;
    });
    await eventually(
      async () => {
        if (ended) throw new Error(`the server ended:\n${child?.stderr}`);
        const answer = await this.#ask("srvr");
        return /^Mode: /m.test(answer) ? true : undefined;
      },
      servedMs,
      `the server at port ${this.clientPort}`,
    );
  }

  async kill(): Promise<void> {
    await this.#process?.kill();
    this.#process = null;
  }

  #ask(word: string): Promise<string> {
    return askFourLetterWord(runtime, { host: this.#host, port: this.clientPort }, word, 1000).catch(() => "");
  }
}
