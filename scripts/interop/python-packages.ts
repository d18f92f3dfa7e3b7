/** A package from PyPI in a virtual environment of its own under the system's temp directory. */
import { execFile } from "node:child_process";
import { access, mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** The Python interpreter that has it; installed by the ordinary `pip` on a machine's first call. */
export async function pythonWith(name: string, version: string): Promise<string> {
  const folder = join(tmpdir(), `storm-lab-${name}-${version}`);
  const python = join(folder, "bin", "python3");
  const installed = join(folder, "installed");
  const there = await access(installed).then(
    () => true,
    () => false,
  );
  if (there) return python;
  const work = await mkdtemp(`${folder}-`);
  try {
    await run("python3", ["-m", "venv", join(work, "venv")], { timeout: installDeadlineMs });
    const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", `${name}==${version}`];
    await run(join(work, "venv", "bin", "python3"), pip, { timeout: installDeadlineMs });
    await run("touch", [join(work, "venv", "installed")]);
    // Two runs may install at once: the first to finish wins.
    await rename(join(work, "venv"), folder).catch(() => access(installed));
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return python;
}

const installDeadlineMs = 300_000;
