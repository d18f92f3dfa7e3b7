/** `storm-lab worker`: what a supervisor starts for a slot. */
import {
  captureOutput,
  exitCodes,
  interruption,
  openRotatingFile,
  type RotatingFile,
  StormLabError,
} from "../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { confOptions, readConf } from "./storm-conf.ts";

export const workerCommand: CommandSpec = {
  name: "worker",
  summary: "a worker of a cluster; its supervisor starts it",
  hidden: true,
  args: [
    { name: "<storm_id>", summary: "the topology's id" },
    { name: "<node>", summary: "the supervisor's id" },
    { name: "<port>", summary: "of the slot" },
    { name: "<worker_id>", summary: "its folder below storm.local.dir" },
  ],
  options: confOptions,
  run,
};

/** worker.log is rotated at this size, and so many are kept; Storm's log4j2 keeps as many, of ten times the size, compressed. */
const logBytesMax = 10 * 1024 * 1024;
const logsKeptMax = 9;

async function run(context: CommandContext, input: CommandInput): Promise<number> {
  const [{ startWorker, WorkerLog }, { zeromqLinks }] = await Promise.all([
    import("../../worker/cluster/index.ts"),
    import("../../transport/index.ts"),
  ]);
  const { storm_id: topologyId, node, worker_id: workerId } = input.args as Readonly<Record<string, string>>;
  const port = portOf(input);
  let file: RotatingFile | null = null;
  const log = new WorkerLog({
    nowMs: () => Date.now(),
    write: (text) => (file === null ? context.stderr.write(`${text}\n`) : file.write(text)),
  });
  const name = `worker-${port}`;
  // Levels are the log's matter: they change while the worker runs.
  const runtime = context.openRuntime({ name, links: zeromqLinks(), level: "trace", sink: log.sink });
  const conf = await readConf(context, runtime, input, "daemon");
  const artifacts = `${conf.text("storm.log.dir")}/workers-artifacts/${topologyId}/${port}`;
  file = openRotatingFile({ path: `${artifacts}/worker.log`, bytesMax: logBytesMax, keptMax: logsKeptMax });
  const captured = captureOutput((_stream, line) => log.printed(line));
  const seat = { topologyId: topologyId ?? "", node: node ?? "", port, workerId: workerId ?? "" };
  const worker = startWorker({ runtime, conf, seat, log });
  try {
    await Promise.race([worker.ended, interruption(context.interrupted)]);
    return exitCodes.done;
  } catch {
    // Its log has said why.
    return exitCodes.bug;
  } finally {
    await worker.stop();
    captured.restore();
    file.close();
  }
}

function portOf({ args }: CommandInput): number {
  const port = Number(args.port);
  if (Number.isInteger(port) && port > 0 && port <= 65_535) return port;
  throw new StormLabError({
    code: "SL-USAGE",
    what: `${String(args.port)} is no port`,
    why: "a worker is started by its supervisor, with the port of its slot",
    hint: "storm-lab supervisor",
    exitCode: exitCodes.usage,
  });
}
