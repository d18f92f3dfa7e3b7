/** `npm run lint`: every check of other tools, whichever fail. */
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { checks } from "./checks.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
for (const { name, args } of checks) {
  const { status } = spawnSync(process.execPath, [...args], { cwd: root, stdio: "inherit" });
  process.stdout.write(`${status === 0 ? "✓" : "✗"} ${name}\n`);
  if (status !== 0) process.exitCode = 1;
}
