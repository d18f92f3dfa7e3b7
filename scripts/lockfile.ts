/**
 * `npm run lockfile` after a change of dependencies. npm leaves out of package-lock.json what it does not find on its
 * registry or has not installed on this platform, and `npm ci` then refuses the file; and it writes down which registry
 * it asked. This writes the file without addresses, and with an entry for every platform.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { absentFrom, type Lockfile } from "./lockfile-gaps.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const folder = mkdtempSync(join(tmpdir(), "storm-lab-lockfile-"));
try {
  for (const name of ["package.json", "package-lock.json"]) copyFileSync(join(root, name), join(folder, name));
  const words = [
    "install",
    "--package-lock-only",
    "--ignore-scripts",
    "--omit-lockfile-registry-resolved",
    "--loglevel=error",
  ];
  const { status } = spawnSync("npm", words, { cwd: folder, stdio: "inherit" });
  if (status !== 0) throw new Error(`npm install ended with code ${status}`);
  const lockfile = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8")) as Lockfile;
  writeFileSync(join(root, "package-lock.json"), `${JSON.stringify(filled(lockfile), null, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true });
}

/** With an entry for each absent package, which holds what npm needs in order to pass it over elsewhere. */
function filled(lockfile: Lockfile): Lockfile {
  const packages = { ...lockfile.packages };
  for (const { name, version, parent } of absentFrom(lockfile)) {
    const platform = /-(aix|android|darwin|freebsd|linux|netbsd|openbsd|sunos|win32)-([a-z0-9]+)(-musl)?$/.exec(name);
    if (platform === null) throw new Error(`${parent} wants ${name}, which names no platform`);
    const [, os = "", cpu = "", musl] = platform;
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(packages[parent]?.dev === true ? { dev: true } : {}),
      ...(musl === undefined ? {} : { libc: ["musl"] }),
      optional: true,
      os: [os],
    };
    process.stdout.write(`added ${name} ${version}, which the registry did not offer\n`);
  }
  const { "": own, ...rest } = packages;
  const sorted = Object.entries(rest).sort(([a], [b]) => a.localeCompare(b, "en"));
  return { ...lockfile, packages: { ...(own === undefined ? {} : { "": own }), ...Object.fromEntries(sorted) } };
}
