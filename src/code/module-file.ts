/** A module of the author's: that its file can be read, what it exports, and what is wrong with it in words that help. */
import { pathToFileURL } from "node:url";
import { exitCodes, FsError, isStormLabError, messageOf, type Runtime, StormLabError } from "../base/index.ts";
import { authorFrames } from "./author-frames.ts";

export type ModuleExports = Readonly<Record<string, unknown>>;

/** Errors: SL-FILE-MISSING, SL-FILE-DIRECTORY, SL-FILE-UNREADABLE. */
export async function checkModuleFile(runtime: Runtime, path: string): Promise<void> {
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

/** Errors: SL-TOPOLOGY-PARSE, SL-TOPOLOGY-LOAD, and those of ours that the module's code met. */
export async function importModule(path: string): Promise<ModuleExports> {
  try {
    return (await import(pathToFileURL(path).href)) as ModuleExports;
  } catch (thrown) {
    if (isStormLabError(thrown)) throw thrown;
    throw isSyntaxError(thrown) ? parseError(path, thrown) : loadError(path, thrown, "failed while it was loaded");
  }
}

export function loadError(path: string, thrown: unknown, what: string): StormLabError {
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

function unreadable(path: string, error: unknown): StormLabError {
  const why = error instanceof FsError ? `the system says ${error.code}` : messageOf(error);
  return usage("SL-FILE-UNREADABLE", `${path} cannot be read`, why, `check its permissions: ls -l ${path}`);
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

function usage(code: string, what: string, why: string, hint: string): StormLabError {
  return new StormLabError({ code, what, why, hint, exitCode: exitCodes.usage });
}
