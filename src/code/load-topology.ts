/** From a file to a topology: loads the module, calls its default export, checks what comes back. */
import { registerHooks, stripTypeScriptTypes } from "node:module";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { exitCodes, FsError, isStormLabError, messageOf, must, type Runtime, StormLabError } from "../base/index.ts";
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
import { authorFrames } from "./author-frames.ts";

export interface LoadedTopology {
  readonly name: string;
  readonly conf: Conf;
  readonly topology: StormTopology;
  /** Folder of the module. */
  readonly codeDirectory: string;
}

/**
 * `args`: what the module's function gets. Errors: SL-FILE-MISSING, SL-FILE-DIRECTORY, SL-FILE-UNREADABLE, SL-TOPOLOGY-PARSE,
 * SL-TOPOLOGY-LOAD, SL-TOPOLOGY-EXPORT, and those of `createTopology`.
 */
export async function loadTopology(runtime: Runtime, file: string, args: readonly string[]): Promise<LoadedTopology> {
  const path = resolve(file);
  await checkFile(runtime, path);
  resolvePackageToThisProgram();
  const module = await importModule(path);
  const build = topologyFunction(path, module);
  const first = await define(path, build, args);
  const conf = toConf(first.conf);
  validateTopologyName(first.name);
  validateConf(conf, "the topology's conf");
  const spare = await spareBuilds(path, build, args, first);
  const topology = rebuiltPerTask(first.topology, () => must(spare.pop(), "a build of the topology for each task"));
  return { name: first.name, conf, topology, codeDirectory: dirname(path) };
}

let resolving = false;

/**
 * `import … from "storm-lab"` in an author's file means the program that runs it, wherever the file lies. And a topology
 * that was installed as part of a package may be TypeScript too, which Node alone refuses below node_modules.
 */
function resolvePackageToThisProgram(): void {
  if (resolving) return;
  resolving = true;
  const bundled = !import.meta.url.endsWith(".ts");
  const places = new Map([
    ["storm-lab", new URL(bundled ? "./index.js" : "../index.ts", import.meta.url).href],
    ["storm-lab/package.json", new URL(bundled ? "../package.json" : "../../package.json", import.meta.url).href],
  ]);
  registerHooks({
    resolve: (specifier, context, next) => {
      const url = places.get(specifier);
      return url === undefined ? next(specifier, context) : { url, shortCircuit: true };
    },
    load: (url, context, next) => {
      if (!url.endsWith(".ts") || !url.includes("/node_modules/")) return next(url, context);
      const { source } = next(url, { ...context, format: "module" });
      return { format: "module", source: stripTypeScriptTypes(textOf(source)), shortCircuit: true };
    },
  });
}

function textOf(source: string | ArrayBuffer | NodeJS.TypedArray | undefined): string {
  return typeof source === "string" ? source : new TextDecoder().decode(source);
}

async function checkFile(runtime: Runtime, path: string): Promise<void> {
  const stat = await runtime.fs.stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  const hint = "give the path of a .ts or .js file that exports a topology";
  if (stat === null)
    throw usage(
      "SL-FILE-MISSING",
      `there is no file ${path}`,
      "the path is wrong, or relative to another folder",
      hint,
    );
  if (stat.kind === "directory")
    throw usage("SL-FILE-DIRECTORY", `${path} is a folder`, "a topology is one file", hint);
  await runtime.fs.readFile(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
}

function unreadable(path: string, error: unknown): StormLabError {
  const why = error instanceof FsError ? `the system says ${error.code}` : messageOf(error);
  return usage("SL-FILE-UNREADABLE", `${path} cannot be read`, why, `check its permissions: ls -l ${path}`);
}

async function importModule(path: string): Promise<Record<string, unknown>> {
  try {
    return (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  } catch (thrown) {
    if (isStormLabError(thrown)) throw thrown;
    throw isSyntaxError(thrown) ? parseError(path, thrown) : loadError(path, thrown, "failed while it was loaded");
  }
}

function isSyntaxError(thrown: unknown): thrown is Error {
  if (!(thrown instanceof Error)) return false;
  const code = "code" in thrown ? String(thrown.code) : "";
  return thrown.name === "SyntaxError" || code.includes("TYPESCRIPT_SYNTAX");
}

function parseError(path: string, error: Error): StormLabError {
  // Node puts the place and the source line above the message.
  const [place = path] = (error.stack ?? "").split("\n");
  const where = place.includes(":") && place.includes("/") ? place.replace(/^file:\/\//, "") : path;
  const unsupported = "code" in error && String(error.code).includes("UNSUPPORTED");
  return new StormLabError({
    code: "SL-TOPOLOGY-PARSE",
    what: `${where} does not parse: ${error.message.split("\n")[0]}`,
    why: unsupported
      ? "types are only removed, so enums, parameter properties, namespaces and decorators cannot be used"
      : "the file, or one that it imports, is not valid TypeScript or JavaScript",
    hint: `correct the line; your editor shows it with "npx tsc --noEmit ${path}"`,
    exitCode: exitCodes.usage,
    cause: error,
  });
}

function loadError(path: string, thrown: unknown, what: string): StormLabError {
  const trace = authorFrames(thrown);
  return new StormLabError({
    code: "SL-TOPOLOGY-LOAD",
    what: `${path} ${what}: ${messageOf(thrown).split("\n")[0]}`,
    why:
      trace.length > 0
        ? `it was thrown ${trace[0]}`
        : "an import that is missing, or code at the top of the file that threw",
    hint: "mend the file, or what it imports",
    exitCode: exitCodes.usage,
    trace,
    cause: thrown,
  });
}

function topologyFunction(path: string, module: Record<string, unknown>): TopologyFunction {
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

async function define(path: string, build: TopologyFunction, args: readonly string[]): Promise<TopologyDefinition> {
  let definition: TopologyDefinition;
  try {
    definition = await build(args);
  } catch (thrown) {
    if (isStormLabError(thrown)) throw thrown;
    throw loadError(path, thrown, "threw while it made its topology");
  }
  const topology = (definition as Partial<TopologyDefinition> | null | undefined)?.topology;
  if (typeof topology?.makeComponent === "function") return definition;
  throw noTopology(
    `the default export of ${path} did not return a topology`,
    "it must return { name, conf, topology }",
  );
}

/** Building may be asynchronous, making a component is not: one build for each task is made ahead. */
async function spareBuilds(
  path: string,
  build: TopologyFunction,
  args: readonly string[],
  first: TopologyDefinition,
): Promise<StormTopology[]> {
  const wanted = componentUses(first);
  const spare: StormTopology[] = [];
  for (let made = 0; made < wanted; made++) spare.push((await define(path, build, args)).topology);
  return spare;
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

function noTopology(what: string, why: string): StormLabError {
  const hint = "export default (args) => ({ name, conf, topology: builder.createTopology() })";
  return usage("SL-TOPOLOGY-EXPORT", what, why, hint);
}

function usage(code: string, what: string, why: string, hint: string): StormLabError {
  return new StormLabError({ code, what, why, hint, exitCode: exitCodes.usage });
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
