/**
 * What Apache Storm's own classes write as Thrift: `node scripts/interop/storm-thrift-bytes.ts` makes the fixtures of
 * test/unit/wire/thrift anew, by test/interop/thrift/golden-bytes.java. It needs Java and Maven.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { apacheStormJars } from "./apache-storm-jars.ts";

/** By file name: the fixture's text, an item a line. */
export type GoldenFiles = ReadonlyMap<string, string>;

const root = fileURLToPath(new URL("../../", import.meta.url));
export const goldenFolder = join(root, "test", "unit", "wire", "thrift", "fixtures");

export async function captureGoldenFiles(): Promise<GoldenFiles> {
  const folder = await mkdtemp(join(tmpdir(), "storm-lab-thrift-bytes-"));
  try {
    const file = join(folder, "bytes.json");
    const program = join(root, "test", "interop", "thrift", "golden-bytes.java");
    const java = ["-Dfile.encoding=UTF-8", "-cp", join(await apacheStormJars(), "*"), program, file];
    await promisify(execFile)("java", java, { cwd: folder, timeout: captureDeadlineMs, maxBuffer: outputBytesMax });
    const all = JSON.parse(await readFile(file, "utf8")) as Record<string, unknown[]>;
    return new Map(Object.entries(all).map(([name, items]) => [`${name}.json`, textOf(items)]));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const captureDeadlineMs = 120_000;
/** Its loggers are not configured, and its handlers fail on purpose. */
const outputBytesMax = 16 * 1024 * 1024;

function textOf(items: readonly unknown[]): string {
  return `[\n${items.map((item) => JSON.stringify(item)).join(",\n")}\n]\n`;
}

if (import.meta.main) {
  for (const [name, text] of await captureGoldenFiles()) await writeFile(join(goldenFolder, name), text);
}
