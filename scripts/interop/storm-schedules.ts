/**
 * What Apache Storm's own schedulers make of small clusters: `node scripts/interop/storm-schedules.ts` makes the fixture of
 * test/unit/schedule anew, by test/interop/schedule/storm-schedules.java. It needs Java and Maven.
 */
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { apacheStormJars } from "./apache-storm-jars.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
export const schedulesFixture = join(root, "test", "unit", "schedule", "storm-schedules.json");

/** The fixture's text, a case a line. */
export async function captureSchedules(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "storm-lab-schedules-"));
  try {
    const file = join(folder, "schedules.json");
    const program = join(root, "test", "interop", "schedule", "storm-schedules.java");
    const java = ["-Dfile.encoding=UTF-8", "-cp", join(await apacheStormJars(), "*"), program, file];
    await promisify(execFile)("java", java, { cwd: folder, timeout: captureDeadlineMs, maxBuffer: outputBytesMax });
    return await readFile(file, "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const captureDeadlineMs = 120_000;
/** Its loggers are not configured. */
const outputBytesMax = 16 * 1024 * 1024;

if (import.meta.main) await writeFile(schedulesFixture, await captureSchedules());
