/**
 * A topology's module, imported: in either of its two forms, a default export that makes the topology, or a program that submits
 * it, as Storm's own drivers do.
 */
import { exitCodes, isStormLabError, type Runtime, StormLabError } from "../base/index.ts";
import type { TopologyDefinition, TopologyFunction } from "../topology/index.ts";
import { type AuthorSeat, inSeat, isPromise, takeSeat } from "./author-seat.ts";
import { receiveSubmissions, type Submission } from "./hand-over.ts";
import { ImportRecord } from "./import-record.ts";
import { importModule, loadError, type ModuleExports } from "./module-file.ts";
import { ownRunsBegun, untilOwnRun, untilOwnRunsOver } from "./own-runs.ts";
import { resolvePackageToThisProgram } from "./program-package.ts";

export interface OpenOptions {
  readonly runtime: Runtime;
  readonly seat: AuthorSeat;
  /** Gets what the module submits while it runs, and whatever this process ever submits afterwards. */
  readonly receive: (submission: Submission, imports: ImportRecord) => Promise<void>;
  /** Settles when no more is wanted of a program: it may then stand still in the middle. */
  readonly enough: Promise<unknown>;
}

export interface AuthorModule {
  /** Null: it is a program, and has submitted something. */
  readonly build: TopologyFunction | null;
  readonly imports: ImportRecord;
}

/** How long a program may take to its first submit, once its code has been read. */
const submissionMs = 30_000;

/**
 * Errors: SL-TOPOLOGY-PARSE, SL-TOPOLOGY-LOAD, SL-TOPOLOGY-EXPORT, SL-PROGRAM-SILENT, SL-PROGRAM-RAN-ITSELF, and those that the code
 * met.
 */
export async function openModule({ runtime, seat, receive, enough }: OpenOptions): Promise<AuthorModule> {
  resolvePackageToThisProgram();
  const imports = new ImportRecord(seat.path);
  const { promise: submitted, resolve: tell } = Promise.withResolvers<void>();
  let submissions = 0;
  receiveSubmissions((submission) => {
    submissions++;
    tell();
    return receive(submission, imports);
  });
  const leave = takeSeat(seat);
  try {
    const evaluated = importModule(seat.path);
    // What a program does after it was stopped is nobody's any more.
    evaluated.catch(() => {});
    const module = await Promise.race([evaluated, enough.then(() => null)]);
    if (module === null || submissions > 0) return { build: null, imports };
    const isProgram =
      typeof module.default !== "function" && (ownRunsBegun() || (await speaksOfRunning(runtime, imports)));
    if (isProgram) {
      await withinTime(runtime, seat.path, Promise.race([submitted, untilOwnRun()]));
      // Its own runs go on as long as it likes; it may yet submit.
      if (submissions === 0) await Promise.race([submitted, untilOwnRunsOver()]);
      if (submissions === 0) throw ranItself(seat.path);
      return { build: null, imports };
    }
    return { build: topologyFunction(seat.path, module), imports };
  } finally {
    leave();
  }
}

/** One call of the author's function, which may be asynchronous. Errors: SL-TOPOLOGY-LOAD, SL-TOPOLOGY-EXPORT, those of the builder. */
export function defineTopology(
  seat: AuthorSeat,
  build: TopologyFunction,
): TopologyDefinition | Promise<TopologyDefinition> {
  const failed = (thrown: unknown): never => {
    if (isStormLabError(thrown)) throw thrown;
    throw loadError(seat.path, thrown, "threw while it made its topology");
  };
  let definition: TopologyDefinition | Promise<TopologyDefinition>;
  try {
    definition = inSeat(seat, () => build(seat.args));
  } catch (thrown) {
    return failed(thrown);
  }
  if (isPromise(definition)) return definition.then((made) => checked(seat.path, made), failed);
  return checked(seat.path, definition);
}

function checked(path: string, definition: TopologyDefinition): TopologyDefinition {
  const topology = (definition as Partial<TopologyDefinition> | null | undefined)?.topology;
  if (typeof topology?.makeComponent === "function") return definition;
  throw noTopology(
    `the default export of ${path} did not return a topology`,
    "it must return { name, conf, topology }",
  );
}

function topologyFunction(path: string, module: ModuleExports): TopologyFunction {
  if (typeof module.default === "function") return module.default as TopologyFunction;
  // A file without import and export is CommonJS to Node: its default export is then the empty `module.exports`.
  const isEmpty = isObject(module.default) && Object.keys(module.default).length === 0;
  const exported = Object.keys(module).filter((name) => name !== "default" && name !== "module.exports");
  const why =
    module.default === undefined || isEmpty
      ? `it exports ${exported.join(", ") || "nothing"}`
      : `its default export is ${isObject(module.default) ? "an object" : `of type ${typeof module.default}`}, no function`;
  throw noTopology(`${path} has no default export that makes a topology`, why);
}

/** A program that never names the submitter lacks a default export; one that does may still be reading what it needs. */
async function speaksOfRunning(runtime: Runtime, imports: ImportRecord): Promise<boolean> {
  for (const path of imports.files) {
    if (path.includes("/node_modules/")) continue;
    const bytes = await runtime.fs.readFile(path);
    if (/\b(StormSubmitter|LocalCluster)\b/.test(new TextDecoder().decode(bytes))) return true;
  }
  return false;
}

async function withinTime(runtime: Runtime, path: string, submitted: Promise<void>): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = runtime.timers.after(submissionMs, () => reject(silentProgram(path)));
  submitted.then(resolve, reject);
  try {
    await promise;
  } finally {
    timer.cancel();
  }
}

function silentProgram(path: string): StormLabError {
  return new StormLabError({
    code: "SL-PROGRAM-SILENT",
    what: `${path} submitted no topology within ${submissionMs / 1000} s`,
    why: "a worker loads the program again and takes the topology that it gives to StormSubmitter.submitTopology",
    hint: "call it whenever the file is run, not only under import.meta.main, and without waiting for people",
    exitCode: exitCodes.deadline,
  });
}

function ranItself(path: string): StormLabError {
  return new StormLabError({
    code: "SL-PROGRAM-RAN-ITSELF",
    what: `${path} ran its topologies in a LocalCluster of its own, and submitted none`,
    why: "with these arguments it does not come to StormSubmitter.submitTopology",
    hint: "give it the arguments with which it submits; to run it here: storm-lab local FILE",
    exitCode: exitCodes.usage,
  });
}

function noTopology(what: string, why: string): StormLabError {
  const hint = "export default (args) => ({ name, conf, topology: builder.createTopology() })";
  return new StormLabError({ code: "SL-TOPOLOGY-EXPORT", what, why, hint, exitCode: exitCodes.usage });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
