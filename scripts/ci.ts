/**
 * `.ci/run` and `npm run ok`: the README's test command, then whatever it leaves out, and nothing may be skipped.
 * What is missing on the machine is installed with apt-get, where that is allowed.
 * The last line is `N passed, N failed`, the sum over all runs.
 */
import { spawn, spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

interface Step {
  readonly title: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** A program that some tests start, and the Debian packages that bring it. */
const needed: readonly (readonly [program: string, packages: readonly string[]])[] = [
  ["chromium", ["chromium", "fonts-wqy-zenhei"]],
  ["fish", ["fish"]],
  ["git", ["git"]],
  ["javac", ["default-jdk-headless"]],
  ["mvn", ["maven"]],
  ["ps", ["procps"]],
  ["python3", ["python3", "python3-venv", "python3-pip"]],
  ["zsh", ["zsh"]],
];

const steps: readonly Step[] = [
  { title: "npm test", args: ["test", "--", "--forbid-skips"], env: { STORM_LAB_INSTALL: "1" } },
  { title: "npm run tui", args: ["run", "tui"], env: {} },
  { title: "npm run web", args: ["run", "web"], env: {} },
  { title: "npm run interop", args: ["run", "interop"], env: {} },
];

installMissing();
let passed = 0;
let failed = 0;
let broken = false;
for (const step of steps) {
  process.stdout.write(`\n== ${step.title}\n`);
  const { counts, code } = await run(step);
  passed += counts.passed;
  failed += counts.failed;
  // A step that ends badly without a failed test must not hide behind those of the others.
  if (code !== 0 && counts.failed === 0) {
    process.stdout.write(`✗ FAILED   ${step.title} ended with code ${code}\n`);
    failed += 1;
  }
  broken ||= code !== 0 || counts.passed === 0;
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = broken || failed > 0 || passed === 0 ? 1 : 0;

function installMissing(): void {
  const packages = needed.filter(([program]) => !isThere(program)).flatMap(([, names]) => names);
  if (packages.length === 0) return;
  process.stdout.write(`== apt-get install ${packages.join(" ")}\n`);
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const words of [
    ["update", "-q"],
    ["install", "-q", "-y", "--no-install-recommends", ...packages],
  ]) {
    const [program = "", ...args] = [...sudo, "apt-get", ...words];
    const { status } = spawnSync(program, args, {
      stdio: "inherit",
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
    if (status !== 0)
      process.stdout.write(`apt-get ${words[0]} ended with code ${status}; the tests will say what is missing\n`);
  }
}

function isThere(program: string): boolean {
  return spawnSync("sh", ["-c", `command -v ${program}`], { stdio: "ignore" }).status === 0;
}

/** Shows what npm prints as it comes and reads the counts from its last line. */
async function run(step: Step): Promise<{ counts: { passed: number; failed: number }; code: number | null }> {
  const child = spawn("npm", step.args, {
    cwd: root,
    env: { ...process.env, ...step.env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let text = "";
  child.stdout.setEncoding("utf8");
  child.stdout.on("data", (more: string) => {
    process.stdout.write(more);
    text = (text + more).slice(-1000);
  });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  const last = /(\d+) passed, (\d+) failed(?:, \d+ skipped)?\s*$/.exec(text);
  return { counts: { passed: Number(last?.[1] ?? 0), failed: Number(last?.[2] ?? 0) }, code };
}
