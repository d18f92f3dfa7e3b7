/** From a file to a topology, whichever form the file has, with components that are made anew for each task. */
import { dirname, resolve } from "node:path";
import { must, type Runtime } from "../base/index.ts";
import {
  type Conf,
  rebuiltPerTask,
  type StormTopology,
  type TopologyDefinition,
  type TopologyFunction,
  toConf,
  validateConf,
  validateTopologyName,
} from "../topology/index.ts";
import { defineTopology, openModule } from "./author-module.ts";
import { type AuthorSeat, isPromise } from "./author-seat.ts";
import type { Submission } from "./hand-over.ts";
import { checkModuleFile } from "./module-file.ts";

export interface LoadedTopology {
  readonly name: string;
  readonly conf: Conf;
  readonly topology: StormTopology;
  /** Folder of the module. */
  readonly codeDirectory: string;
}

/**
 * `args`: what the module's function gets, or what a program finds in `process.argv`. Errors: SL-FILE-MISSING, SL-FILE-DIRECTORY,
 * SL-FILE-UNREADABLE, SL-TOPOLOGY-PARSE, SL-TOPOLOGY-LOAD, SL-TOPOLOGY-EXPORT, SL-PROGRAM-SILENT, and those of `createTopology`.
 */
export async function loadTopology(runtime: Runtime, file: string, args: readonly string[]): Promise<LoadedTopology> {
  const path = resolve(file);
  await checkModuleFile(runtime, path);
  const seat = { path, args, workingDirectory: process.cwd() };
  const { name, conf, topology } = await topologyOf(runtime, seat);
  const plain = toConf(conf);
  validateTopologyName(name);
  validateConf(plain, "the topology's conf");
  return { name, conf: plain, topology, codeDirectory: dirname(path) };
}

/** Of a program that submits several, the one of that name, or the first. */
export async function topologyOf(runtime: Runtime, seat: AuthorSeat, wanted?: string): Promise<TopologyDefinition> {
  const { promise: captured, resolve: capture } = Promise.withResolvers<Submission>();
  const { build, imports } = await openModule({
    runtime,
    seat,
    enough: captured,
    receive: (submission) => {
      if (wanted !== undefined && submission.name !== wanted) return Promise.resolve();
      capture(submission);
      // The program stops here: what it does after a submit is for the process that submits.
      return new Promise(() => {});
    },
  });
  imports.close();
  if (build === null) {
    const { name, conf, topology } = await captured;
    return { name, conf: conf ?? {}, topology };
  }
  const pending = defineTopology(seat, build);
  const first = await pending;
  const topology = isPromise(pending) ? await builtAhead(seat, build, first) : rebuiltNow(seat, build, first.topology);
  return { ...first, topology };
}

function rebuiltNow(seat: AuthorSeat, build: TopologyFunction, first: StormTopology): StormTopology {
  return rebuiltPerTask(first, () => (defineTopology(seat, build) as TopologyDefinition).topology);
}

/** Building may be asynchronous, making a component is not: then one build for each task is made ahead. */
async function builtAhead(
  seat: AuthorSeat,
  build: TopologyFunction,
  first: TopologyDefinition,
): Promise<StormTopology> {
  const wanted = componentUses(first);
  const spare: StormTopology[] = [];
  for (let made = 0; made < wanted; made++) spare.push((await defineTopology(seat, build)).topology);
  return rebuiltPerTask(first.topology, () => must(spare.pop(), "a build of the topology for each task"));
}

/** As many as there are tasks, and groupings of tasks, at most. */
function componentUses({ topology }: TopologyDefinition): number {
  const { components } = topology.description;
  const tasks = components.map(({ conf, parallelismHint }) =>
    Math.max(parallelismHint, (conf["topology.tasks"] as number | undefined) ?? 0),
  );
  const custom = components.flatMap(({ inputs }) => inputs.filter(({ grouping }) => grouping.type === "custom"));
  return tasks.reduce((sum, count) => sum + count, 0) * (1 + custom.length);
}
