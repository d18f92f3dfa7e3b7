/** `storm-lab drpc --standalone` as a process of its own. */
import { type RunningProcess, startStormLab, type TemporaryDirectory } from "../kit/index.ts";

interface Ports {
  readonly httpPort: number;
  readonly port: number;
  readonly invocationsPort: number;
}

interface DRPCProcess extends AsyncDisposable {
  readonly process: RunningProcess;
  /** Once it serves. */
  readonly ports: Promise<Ports>;
}

const startMs = 60_000;

/** It picks them itself. */
export const freePorts = ["drpc.port=0", "drpc.invocations.port=0", "drpc.http.port=0"];

/** `conf`: each `key=value`. */
export function startDRPCProcess(folder: TemporaryDirectory, conf: readonly string[]): DRPCProcess {
  const words = conf.flatMap((word) => ["-c", word]);
  const process = startStormLab(["drpc", "--standalone", "-o", "json", ...words], {
    env: { NO_COLOR: "1", STORM_LAB_OUTPUT: undefined },
    cwd: folder.path,
  });
  const ports = process.line(/^{"daemon":"drpc".*$/m, startMs).then(([line]) => JSON.parse(line) as Ports);
  ports.catch(() => {});
  return { process, ports, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
}
