/** Which file to count: `--input FILE`, or the text that comes with the lab. Checked before anything runs. */
import { accessSync, constants, existsSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

/** Exit codes of `storm-lab`. */
const exitCodes = { usage: 2, preflight: 3 };

const bundledTextName = "labs/word-count/text/text.txt.br";

/** The name and the parts by which `storm-lab` knows an error for people: what, why, try. */
export class InputFileError extends Error {
  override readonly name = "StormLabError";
  readonly code: string;
  readonly why: string;
  readonly hint: string;
  readonly exitCode: number;
  readonly retriable = false;

  constructor(code: string, what: string, why: string, hint: string, exitCode: number, cause?: unknown) {
    super(what, cause === undefined ? undefined : { cause });
    this.code = code;
    this.why = why;
    this.hint = hint;
    this.exitCode = exitCode;
  }
}

/** Absolute path. Errors: SL-TOPOLOGY-ARGUMENT, SL-FILE-MISSING, SL-FILE-DIRECTORY, SL-FILE-PIPE, SL-FILE-UNREADABLE. */
export function inputFile(args: readonly string[]): string {
  const path = resolve(inputArgument(args) ?? bundledText());
  checkReadable(path);
  return path;
}

/** A failure of the file system, for people. */
export function inputFileError(path: string, cause: unknown): InputFileError {
  const what = `${path} cannot be read`;
  const why = cause instanceof Error ? cause.message : String(cause);
  const hint = "check the file's permissions and that it is whole, then run again";
  return new InputFileError("SL-FILE-UNREADABLE", what, why, hint, exitCodes.preflight, cause);
}

function inputArgument(args: readonly string[]): string | undefined {
  const usage = (why: string, cause?: unknown) => {
    const what = `the word count does not understand: ${args.join(" ")}`;
    return new InputFileError(
      "SL-TOPOLOGY-ARGUMENT",
      what,
      why,
      "its only argument is --input FILE",
      exitCodes.usage,
      cause,
    );
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

/** Beside this lab; else, when the code was bundled or copied, in the installed package. */
function bundledText(): string {
  const beside = fileURLToPath(new URL("../text/text.txt.br", import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL(bundledTextName, import.meta.resolve("storm-lab/package.json")));
}

function checkReadable(path: string): void {
  const { preflight } = exitCodes;
  try {
    const stat = statSync(path);
    if (stat.isDirectory()) {
      const why = "a word count reads one file";
      const hint = "name a file in it: --input FILE";
      throw new InputFileError("SL-FILE-DIRECTORY", `${path} is a directory`, why, hint, preflight);
    }
    if (stat.isFIFO() || stat.isSocket()) {
      const why = "every task of the spout opens the file, and a pipe gives each byte to one of them only";
      const hint = "save it as a file first: --input FILE";
      throw new InputFileError("SL-FILE-PIPE", `${path} is a pipe`, why, hint, preflight);
    }
    accessSync(path, constants.R_OK);
  } catch (error) {
    if (error instanceof InputFileError) throw error;
    const code = (error as NodeJS.ErrnoException).code;
    if (code !== "ENOENT" && code !== "ENOTDIR") throw inputFileError(path, error);
    const why = "no file has this name on this machine; on a cluster it must be on every machine that runs the spout";
    throw new InputFileError(
      "SL-FILE-MISSING",
      `${path} does not exist`,
      why,
      "correct the name: --input FILE",
      preflight,
    );
  }
}
