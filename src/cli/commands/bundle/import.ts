/** Unpacks what export wrote: all of it, after all of it was checked, or nothing. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { mkdir, readFile, rename, rm, rmdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { exitCodes, StormLabError } from "../../../base/index.ts";
import type { CommandContext, CommandInput } from "../../command.ts";
import { damaged, inTheWay } from "./errors.ts";
import { readTar, type TarFile } from "./tar.ts";

/** A bundle is some 200 MB. */
const bytesMax = 1024 * 1024 * 1024;

export async function runImport(context: CommandContext, { args, options }: CommandInput): Promise<number> {
  const file = resolve(String(args.file));
  const folder = resolve(String(options.dir));
  if (existsSync(folder) && !isEmpty(folder)) throw inTheWay(folder);
  const files = checkedFiles(
    file,
    await readFile(file).catch((error: Error) => Promise.reject(unreadable(file, error))),
  );
  const aside = `${folder}.${process.pid}`;
  try {
    for (const { path, isExecutable, bytes } of files) {
      const target = join(aside, path);
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, bytes, { mode: isExecutable ? 0o755 : 0o644 });
    }
    if (existsSync(folder)) await rmdir(folder);
    await rename(aside, folder);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  if (context.globals.output !== "text")
    context.stdout.write(`${JSON.stringify({ v: 1, type: "bundle", folder, files: files.length })}\n`);
  else context.stdout.write(`unpacked ${files.length} files into ${folder}\n\nnext  ${folder}/storm-lab up\n`);
  return exitCodes.done;
}

/** Throws SL-BUNDLE-DAMAGED. */
export function checkedFiles(file: string, archive: Uint8Array): TarFile[] {
  const files = readTar(unpacked(file, archive));
  if (files === null) throw damaged(file, "the archive does not end as it should, or holds more than plain files");
  const sums = files.find(({ path }) => path === "SHA256SUMS");
  if (sums === undefined) throw damaged(file, "it has no SHA256SUMS");
  const lines = Buffer.from(sums.bytes)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
  const expected = new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
  const carried = files.filter((one) => one !== sums);
  const unsafe = carried.find(({ path }) => !isSafe(path));
  if (unsafe !== undefined) throw damaged(file, `${JSON.stringify(unsafe.path)} would lie outside of the folder`);
  const changed = carried.find(
    ({ path, bytes }) => expected.get(path) !== createHash("sha256").update(bytes).digest("hex"),
  );
  if (changed !== undefined) throw damaged(file, `${changed.path} is not what was exported`);
  const paths = new Set(carried.map(({ path }) => path));
  const missing = [...expected.keys()].find((path) => !paths.has(path));
  if (missing !== undefined) throw damaged(file, `${missing} is missing`);
  if (paths.size !== carried.length) throw damaged(file, "a file is in it twice");
  return files;
}

function unpacked(file: string, archive: Uint8Array): Uint8Array {
  try {
    return gunzipSync(archive, { maxOutputLength: bytesMax });
  } catch {
    throw damaged(file, "it is no whole gzip file");
  }
}

function isSafe(path: string): boolean {
  return !path.includes("\\") && path.split("/").every((part) => part !== "" && part !== "." && part !== "..");
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false;
  }
}

function unreadable(file: string, error: Error): StormLabError {
  return new StormLabError({
    code: "SL-BUNDLE-DAMAGED",
    what: `${file} cannot be read: ${error.message}`,
    why: "it is not there, is a folder, or belongs to somebody else",
    hint: "storm-lab bundle import FILE",
    exitCode: exitCodes.usage,
  });
}
