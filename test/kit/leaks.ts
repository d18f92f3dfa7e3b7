/**
 * Loaded before every test file by scripts/test.ts: when the file's tests have ended, nothing of them may be left
 * alive: no timer, socket, child process, file watch or worker thread. A process that still holds one after being
 * found out is ended, so that a leak is a failure and never a hang.
 */
import { after } from "node:test";
import { leaksAmong } from "./leaked-resources.ts";

/** Handles that were closed in the last test's final turn get this many turns to go. */
const graceTurns = 20;
/** Time for the report to reach the runner. */
const reportMs = 500;

after(async () => {
  for (let turn = 0; turn < graceTurns && leaksNow().length > 0; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const leaks = leaksNow();
  if (leaks.length === 0) return;
  setTimeout(() => process.exit(1), reportMs).unref();
  throw new Error(`left alive after the last test: ${leaks.join(", ")}`);
});

function leaksNow(): string[] {
  return leaksAmong(process.getActiveResourcesInfo());
}
