/** Which file to count: `--input FILE`, or the text that comes with the lab. Checked before anything runs. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { StormLabError } from "storm-lab";

/** Absolute path. Errors: SL-TOPOLOGY-ARGUMENT, SL-FILE-MISSING, SL-FILE-DIRECTORY, SL-FILE-PIPE, SL-FILE-UNREADABLE. */
export function inputFile(args: readonly string[]): string {
  const path = resolve(inputArgument(args) ?? bundledText());
  checkReadable(path);
  return path;
}

/** SL-FILE-UNREADABLE, for a failure of the file system or of unpacking. */
export function unreadable(path: string, cause: unknown): StormLabError {
  const why = cause instanceof Error ? cause.message : String(cause);
  const hint = "check the file's permissions and that it is whole, then run again";
  return refusal("SL-FILE-UNREADABLE", `${path} cannot be read`, why, hint, cause);
}

/** SL-INPUT-UTF8: told, not thrown. */
export function notUtf8(path: string, lineNumber: number): StormLabError {
  const why =
    "bytes that are no UTF-8 became U+FFFD; the result invalidUtf8Lines counts the lines that have such bytes";
  return refusal(
    "SL-INPUT-UTF8",
    `line ${lineNumber} of ${path} is not valid UTF-8`,
    why,
    "convert it: iconv -f OLD -t UTF-8",
  );
}

function inputArgument(args: readonly string[]): string | undefined {
  const usage = (why: string, cause?: unknown) => {
    const what = `the word count does not understand: ${args.join(" ")}`;
    return refusal("SL-TOPOLOGY-ARGUMENT", what, why, "its only argument is --input FILE", cause);
  };
  let input: string | undefined;
  try {
    input = parseArgs({ args: [...args], options: { input: { type: "string" } } }).values.input;
  } catch (error) {
    throw usage(error instanceof Error ? (error.message.split(". ")[0] as string) : String(error), error);
  }
  if (input === "") throw usage("the name of the file is empty");
  return input;
}

/** Beside this lab; else, when the code was bundled or copied alone, in the installed package. */
function bundledText(): string {
  const beside = fileURLToPath(new URL("../text/text.txt.br", import.meta.url));
  if (existsSync(beside)) return beside;
  try {
    return fileURLToPath(new URL("labs/word-count/text/text.txt.br", import.meta.resolve("storm-lab/package.json")));
  } catch {
    return beside;
  }
}

function checkReadable(path: string): void {
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) throw directory(path);
    if (stat.isFIFO() || stat.isSocket()) throw pipe(path);
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (error instanceof StormLabError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    throw code === "ENOENT" || code === "ENOTDIR" ? missing(path) : unreadable(path, error);
  }
}

function missing(path: string): StormLabError {
  const why = "no file has this name on this machine; on a cluster it must be on every machine that runs the spout";
  return refusal("SL-FILE-MISSING", `${path} does not exist`, why, "correct the name: --input FILE");
}

function directory(path: string): StormLabError {
  const why = "a word count reads one file";
  return refusal("SL-FILE-DIRECTORY", `${path} is a directory`, why, "name a file in it: --input FILE");
}

function pipe(path: string): StormLabError {
  const why = "every task of the spout opens the file, and a pipe gives each byte to one of them only";
  return refusal("SL-FILE-PIPE", `${path} is a pipe`, why, "save it as a file first: --input FILE");
}

/** Exit code 2: the command was given something that it cannot use. */
function refusal(code: string, what: string, why: string, hint: string, cause?: unknown): StormLabError {
  return new StormLabError({ code, what, why, hint, exitCode: 2, cause });
}
