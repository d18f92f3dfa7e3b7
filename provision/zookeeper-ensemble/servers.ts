/** The servers of an ensemble on this machine: what lies in its folders, what runs of it, starting and stopping each. */
import { type Child, exitCodes, type NetError, pause, type Runtime, StormLabError } from "../../src/base/index.ts";
import { askFourLetterWord, loadZooKeeperServer } from "../../src/zookeeper/index.ts";
import { endProcess, type ManagedProcess, readPidFile } from "../processes/managed-process.ts";
import { clusterFolder, type EnsembleLayout, idOfFolder, type Seat, seatFiles } from "./layout.ts";

export type ServerRole = "leader" | "follower" | "observer" | "standalone" | "looking" | "stopped";

export interface ServerStatus {
  readonly id: number;
  /** `looking`: it runs, and serves nobody as there is no majority; `stopped`: no process. */
  readonly role: ServerRole;
  readonly pid: number | null;
  readonly client: number;
  readonly quorum: number;
  readonly election: number;
  readonly dataDir: string;
}

/** The ensemble whose folders are in `dir`, each read from its zoo.cfg as it is now; null when there is none. */
export async function readEnsemble(runtime: Runtime, dir: string): Promise<EnsembleLayout | null> {
  const names = await runtime.fs.list(`${dir}/${clusterFolder}`).catch(() => []);
  const ids = names.map(idOfFolder).filter((id) => id !== null);
  if (ids.length === 0) return null;
  const { readZooConfig } = await loadZooKeeperServer();
  let tickTimeMs = 0;
  const seats: Seat[] = [];
  for (const id of ids) {
    const files = seatFiles(dir, id);
    const config = await readZooConfig(runtime, files.configFile);
    tickTimeMs = config.tickTimeMs;
    const spec = config.servers.get(id);
    seats.push({
      ...files,
      dataDir: config.dataDir,
      dataLogDir: config.dataLogDir,
      pidFile: `${config.dataDir}/zookeeper_server.pid`,
      clientPort: config.clientPort ?? spec?.client?.port ?? 0,
      quorumPort: spec?.quorumPort ?? 0,
      electionPort: spec?.electionPort ?? 0,
    });
  }
  return { dir, tickTimeMs, metricsBase: null, seats };
}

export async function statusOf(runtime: Runtime, seat: Seat): Promise<ServerStatus> {
  const pid = await runningPid(runtime, seat);
  const { id, clientPort: client, quorumPort: quorum, electionPort: election, dataDir } = seat;
  const role = pid === null ? "stopped" : await roleOf(runtime, seat);
  return { id, role, pid, client, quorum, election, dataDir };
}

/** The process in the pid file, as long as it is this server: numbers of ended processes are given away again. */
export async function runningPid(runtime: Runtime, seat: Seat): Promise<number | null> {
  return (await runningSeat(runtime, seat))?.pid ?? null;
}

/** Starts it on its own output file. `detached`: it lives on when this process ends. */
export async function startSeat(runtime: Runtime, seat: Seat, detached: boolean): Promise<Child> {
  await runtime.fs.makeDirectory(seat.outputFile.slice(0, seat.outputFile.lastIndexOf("/")));
  const child = await runtime.processes.spawn({
    program: "storm-lab",
    args: ["zookeeper", "--config", seat.configFile, "--pid-file", seat.pidFile],
    cwd: seat.home,
    detached,
    heap: "small",
    output: { stdout: seat.outputFile, stderr: seat.outputFile },
  });
  await pidFileOf(runtime, seat, child);
  return child;
}

/** SIGTERM, after 10 s SIGKILL. False: it did not run. */
export async function stopSeat(runtime: Runtime, seat: Seat): Promise<boolean> {
  const process = await runningSeat(runtime, seat);
  if (process !== null) await endProcess(runtime, process);
  return process !== null;
}

/** Throws SL-ZK-PORT-BUSY for the first port that somebody listens on. */
export async function requireFreePorts(runtime: Runtime, seats: readonly Seat[]): Promise<void> {
  for (const seat of seats) {
    for (const [port, use] of [
      [seat.clientPort, "clients"],
      [seat.quorumPort, "the quorum"],
      [seat.electionPort, "the election"],
    ] as const) {
      const listener = await runtime.net
        .listen({ port }, (socket) => socket.destroy())
        .catch((error: NetError) => {
          throw portBusy(port, `${use} of server ${seat.id}`, error);
        });
      await listener.close();
    }
  }
}

const answerMs = 2000;
const pidFilePollMs = 10;

function runningSeat(runtime: Runtime, { id, pidFile }: Seat): Promise<ManagedProcess | null> {
  return readPidFile(runtime, `zookeeper${id}`, pidFile);
}

/** Until the server has written its pid file, or has ended: before that, nobody may take it for stopped. */
async function pidFileOf(runtime: Runtime, seat: Seat, child: Child): Promise<void> {
  let ended = false;
  child.exited.then(() => (ended = true)).catch(() => {});
  while (!ended && (await runningPid(runtime, seat)) !== child.pid) await pause(runtime.timers, pidFilePollMs);
}

/** `looking` also when nobody answers. */
export async function roleOf(runtime: Runtime, seat: Seat): Promise<ServerRole> {
  const host = { host: "127.0.0.1", port: seat.clientPort };
  const answer = await askFourLetterWord(runtime, host, "srvr", answerMs).catch(() => "");
  const mode = /^Mode: (leader|follower|observer|standalone)$/m.exec(answer)?.[1];
  return mode === undefined ? "looking" : (mode as ServerRole);
}

function portBusy(port: number, use: string, cause: NetError): StormLabError {
  return new StormLabError({
    code: "SL-ZK-PORT-BUSY",
    what: `port ${port} for ${use} cannot be listened on (${cause.code})`,
    why: "another ZooKeeper, or another program, listens there",
    hint: "storm-lab zookeeper ensemble --port-base 16000   or end the other program",
    exitCode: exitCodes.conflict,
    cause,
  });
}
