/** `storm-lab local FILE`: runs a topology to its end, with no cluster. */
import { exitCodes, StormLabError } from "../../base/index.ts";
import type { CommandInput, CommandSpec } from "../command.ts";

const workersMax = 64;

export const localCommand: CommandSpec = {
  name: "local",
  examples: [
    ["local labs/word-count/solution/topology.ts --input text.txt", "count the words of a text"],
    ["local labs/word-count/solution/topology.ts --workers 2", "the same in two processes"],
  ],
  summary: "run a topology file to its end, on this machine, without a cluster",
  description:
    "Runs a topology file, TypeScript or JavaScript, until its spouts are exhausted and nothing is pending.\n" +
    "Words that local does not know, such as --input FILE, go to the topology's own function.",
  args: [{ name: "<file>", summary: "a module whose default export makes a topology" }],
  options: [{ flags: "-w, --workers <count>", summary: "worker processes, with ZeroMQ between them", default: "1" }],
  takesRest: true,
  run: async (context, input) => {
    const { runLocal } = await import("./local/run-local.ts");
    return runLocal(context, { file: String(input.args.file), args: input.rest, workers: workersOf(input) });
  },
};

/** A worker of `local --workers N`; started by it. */
export const localWorkerCommand: CommandSpec = {
  name: "local-worker",
  summary: "a worker process of storm-lab local",
  hidden: true,
  run: async (context) => {
    const [{ runWorkerProcess }, { zeromqLinks }] = await Promise.all([
      import("../../local/index.ts"),
      import("../../transport/index.ts"),
    ]);
    const runtime = context.openRuntime({ name: "local-worker", links: zeromqLinks(), runsCodeOfOthers: true });
    const parent = runtime.processes.parentChannel();
    if (parent === null) throw startedByHand();
    // Ctrl-C reaches the whole process group; the parent decides when its workers stop.
    await runWorkerProcess({ runtime, parent, claimErrors: context.claimErrors });
    return exitCodes.done;
  },
};

function workersOf({ options }: CommandInput): number {
  const workers = Number(options.workers);
  if (Number.isInteger(workers) && workers >= 1 && workers <= workersMax) return workers;
  throw new StormLabError({
    code: "SL-WORKERS",
    what: `--workers is ${String(options.workers)}`,
    why: `it must be a whole number from 1 to ${workersMax}`,
    hint: "one worker for each core is plenty",
    exitCode: exitCodes.usage,
  });
}

function startedByHand(): StormLabError {
  return new StormLabError({
    code: "SL-WORKER-ALONE",
    what: "local-worker was started by hand",
    why: "it takes its orders from storm-lab local",
    hint: "storm-lab local FILE --workers 2",
    exitCode: exitCodes.usage,
  });
}
