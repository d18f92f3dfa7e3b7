/**
 * Loaded before every test file by scripts/test.ts: when the file's tests have ended, nothing of them may be left
 * alive: no timer, socket, child process, file watch or worker thread. A process that still holds something after being
 * found out is ended, so that a leak is a failure and never a hang.
 */
import { AsyncResource } from "node:async_hooks";
import { after } from "node:test";
import { leaksAmong } from "./leaked-resources.ts";

/** Handles that were closed in the last test's final turn get this many turns to go. */
const graceTurns = 20;
/** Time for the report to reach the runner. */
const reportMs = 500;
/** Time for the file's own `after` hooks, should one of them hang. */
const ownHooksMs = 60_000;
/** What Node does not list (a native addon's sockets) keeps a process from ending; it gets this long. */
const endingMs = 10_000;

const file = new AsyncResource("leak check");

after(() => {
  endUnlessEnded(ownHooksMs, "its own hooks did not end");
  // Hooks run in the order in which they were made; this one is made after the file's own, which may close things.
  file.runInAsyncScope(() => after(checkLeaks));
});

async function checkLeaks(): Promise<void> {
  for (let turn = 0; turn < graceTurns && leaksNow().length > 0; turn++) {
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  const leaks = leaksNow();
  if (leaks.length === 0) {
    endUnlessEnded(endingMs, "something that Node does not list is left alive after the last test");
    return;
  }
  setTimeout(() => process.exit(1), reportMs).unref();
  throw new Error(`left alive after the last test: ${leaks.join(", ")}`);
}

/** Fires only where something else keeps the process alive. */
function endUnlessEnded(afterMs: number, reason: string): void {
  const timer = setTimeout(() => {
    process.stderr.write(`${reason}\n`);
    process.exit(1);
  }, afterMs);
  timer.unref();
}

function leaksNow(): string[] {
  return leaksAmong(process.getActiveResourcesInfo());
}
