/** `storm-lab supervisor`, `kill_workers`, `node-health-check`: what runs on a worker node. */
import { hostname } from "node:os";
import { resolve } from "node:path";
import { exitCodes } from "../../base/index.ts";
import type { CommandContext, CommandInput, CommandSpec } from "../command.ts";
import { runDaemon } from "./daemon.ts";
import { pidFileOption } from "./pid-file.ts";
import { confOptions, readConf } from "./storm-conf.ts";

export const supervisorCommand: CommandSpec = {
  name: "supervisor",
  examples: [["supervisor", "with conf/storm.yaml here"]],
  summary: "run a supervisor in front until Ctrl-C: it starts and stops the workers of this node",
  options: [...confOptions, pidFileOption],
  run: async (context, input) => {
    const { startSupervisor } = await import("../../supervisor/index.ts");
    return runDaemon(context, input, "supervisor", (runtime, conf) =>
      startSupervisor({
        runtime,
        conf,
        hostName: hostname(),
        workerArgs: workerArgs(input),
        unpack: async ({ fs }, archive, directory) =>
          (await import("../../code/index.ts")).unpackCode(fs, archive, directory),
      }),
    );
  },
};

export const killWorkersCommand: CommandSpec = {
  name: "kill_workers",
  examples: [["kill_workers --config storm.yaml", "all workers of this node"]],
  summary: "end all workers of this node; its supervisor should not run",
  options: confOptions,
  run: async (context, input) => {
    const { killWorkers, supervisorSettings } = await import("../../supervisor/index.ts");
    const runtime = context.openRuntime({ name: "kill_workers", level: "error" });
    const conf = await readConf(context, runtime, input, "daemon");
    const ports = await killWorkers(runtime, supervisorSettings(conf, hostname()));
    if (context.globals.output !== "text") context.stdout.write(`${JSON.stringify({ killed: ports })}\n`);
    else context.stdout.write(ports.length === 0 ? "no workers ran\n" : `ended workers on ports ${ports.join(", ")}\n`);
    return exitCodes.done;
  },
};

export const nodeHealthCheckCommand: CommandSpec = {
  name: "node-health-check",
  examples: [["node-health-check --config storm.yaml", "what the scripts say"]],
  summary: "run the health check scripts of this node once",
  options: confOptions,
  run: healthCheck,
};

async function healthCheck(context: CommandContext, input: CommandInput): Promise<number> {
  const { checkHealth, supervisorSettings } = await import("../../supervisor/index.ts");
  const runtime = context.openRuntime({ name: "node-health-check", level: "error" });
  const conf = await readConf(context, runtime, input, "daemon");
  const { healthCheckDir: directory, healthCheckTimeoutMs: timeoutMs } = supervisorSettings(conf, hostname());
  const faults = await checkHealth(runtime, { directory, timeoutMs });
  if (context.globals.output !== "text")
    context.stdout.write(`${JSON.stringify({ healthy: faults.length === 0, faults })}\n`);
  else if (faults.length === 0) context.stdout.write("healthy\n");
  else for (const { script, why } of faults) context.stdout.write(`${script}: ${why}\n`);
  return faults.length === 0 ? exitCodes.done : exitCodes.preflight;
}

/** A worker reads what its supervisor reads. */
function workerArgs({ options }: CommandInput): string[] {
  const file = options.config === undefined ? [] : ["--config", resolve(String(options.config))];
  const overrides = ((options.conf ?? []) as readonly string[]).flatMap((word) => ["-c", word]);
  return [...file, ...overrides];
}
