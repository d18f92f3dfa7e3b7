/**
 * Makes a checkout ready to run: installs when the lockfile asks for it, builds when a source is newer than
 * dist/. Plain JavaScript: it is the first thing a fresh clone runs, on whatever Node the machine has.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findModernNode, renderError, renderNodeTooOld } from "../bin/modern-node.mjs";
import { withLock } from "./lock.mjs";

/** npm writes package-lock.json and its hidden copy in one go, in either order. */
const sameWriteMs = 2000;

/**
 * Installs and builds what is stale, alone: a second caller waits and then finds everything done.
 * Returns the Node to go on with; on failure says so in three lines and ends the process.
 */
export function prepare(root) {
  const node = isInstalled(root) ? findModernNode(root) : undefined;
  if (node !== undefined && isBuilt(root)) return node;
  return withLock(join(root, ".prepare.lock"), () => {
    if (!isInstalled(root)) install(root);
    const node = findModernNode(root);
    if (node === undefined) fail(renderNodeTooOld(), 10);
    if (!isBuilt(root)) build(root, node);
    return node;
  });
}

function isInstalled(root) {
  const hidden = join(root, "node_modules", ".package-lock.json");
  if (!existsSync(hidden)) return false;
  const stamp = join(root, "node_modules", ".storm-lab-installed");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lockDigest(root)) return true;
  return statSync(hidden).mtimeMs + sameWriteMs >= statSync(join(root, "package-lock.json")).mtimeMs;
}

/** Install scripts stay off and development packages stay in, whatever this machine's npm is set to. */
function install(root) {
  process.stderr.write("storm-lab: installing packages (once)\n");
  const words = [
    "ci",
    "--ignore-scripts",
    "--include=dev",
    "--include=optional",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  const npm = process.env.npm_execpath;
  const [program, args] = npm?.endsWith("js") ? [process.execPath, [npm, ...words]] : ["npm", words];
  const run = spawnSync(program, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (run.status !== 0) {
    fail(
      renderError("SL-INSTALL-FAILED", "npm ci did not succeed", "its own message is above", "npm ci --ignore-scripts"),
      3,
    );
  }
  writeFileSync(join(root, "node_modules", ".storm-lab-installed"), lockDigest(root));
}

function isBuilt(root) {
  const stamp = join(root, "dist", ".inputs");
  return (
    existsSync(stamp) &&
    existsSync(join(root, "node_modules", ".bin", "storm-lab")) &&
    readFileSync(stamp, "utf8") === buildInputsDigest(root)
  );
}

function build(root, node) {
  const run = spawnSync(node, [join(root, "scripts", "build.ts")], { cwd: root, stdio: ["ignore", 2, 2] });
  if (run.status !== 0) {
    fail(renderError("SL-BUILD-FAILED", "the build did not succeed", "its own message is above", "npm run build"), 1);
  }
}

/** Changes whenever a file that the build reads was added, removed or written. */
export function buildInputsDigest(root) {
  const hash = createHash("sha256");
  for (const top of ["src", "provision", "labs", "scripts/build.ts", "scripts/prepare.mjs", "package.json"])
    addToDigest(hash, root, top);
  return hash.digest("hex");
}

function addToDigest(hash, root, path) {
  const stat = statSync(join(root, path));
  if (!stat.isDirectory()) {
    hash.update(`${path}\0${stat.size}\0${stat.mtimeMs}\n`);
    return;
  }
  for (const name of readdirSync(join(root, path)).sort()) addToDigest(hash, root, `${path}/${name}`);
}

function lockDigest(root) {
  return createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
}

function fail(text, exitCode) {
  process.stderr.write(text);
  process.exit(exitCode);
}
