/** A lock file that several npm commands in one checkout take in turn. Plain JavaScript for any Node. */
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";

const retryMs = 100;
/** After so many a person is told what is waited for. */
const patientTries = 20;
/** An install takes seconds; a lock this old belongs to a machine that was switched off. */
const abandonedMs = 10 * 60_000;

/** Runs `work` while holding the lock. The lock of a process that is gone is taken over. */
export function withLock(path, work) {
  for (let tries = 0; !take(path); tries++) {
    if (tries === patientTries) process.stderr.write("storm-lab: waiting for another npm command in this checkout\n");
    breakAbandoned(path);
    sleep(retryMs);
  }
  const release = () => rmSync(path, { force: true });
  process.once("exit", release);
  try {
    return work();
  } finally {
    process.removeListener("exit", release);
    release();
  }
}

/** Written aside and linked into place, so that a lock never exists without its owner's id in it. */
function take(path) {
  const mine = `${path}.${process.pid}`;
  writeFileSync(mine, String(process.pid));
  try {
    linkSync(mine, path);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(mine, { force: true });
  }
}

function breakAbandoned(path) {
  try {
    const owner = Number(readFileSync(path, "utf8"));
    if (isAlive(owner) && Date.now() - statSync(path).mtimeMs < abandonedMs) return;
    const aside = `${path}.broken.${process.pid}`;
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if (error.code !== "ENOENT") throw error;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

function sleep(ms) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
