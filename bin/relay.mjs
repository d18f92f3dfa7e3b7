/**
 * Runs a module in the place of this process: same terminal, same signals, same exit. Used where an older Node
 * hands over to a newer one, because Node 20 cannot replace its own image.
 */
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { lifelineVariable } from "./lifeline.mjs";

const forwarded = ["SIGINT", "SIGTERM", "SIGQUIT", "SIGUSR2"];

/**
 * Runs `args` (a module and its arguments) on the Node at `node`, and ends as that ended. `onFailure` is called
 * when it could not be started.
 *
 * Ctrl-C reaches both processes; this one waits for the other, which may have cleaning up to do. A signal that was
 * sent to this process alone is passed on. If this process is killed, the other ends too.
 */
export function relay(node, args, onFailure) {
  const child = spawn(node, ["--import", new URL("./lifeline.mjs", import.meta.url).href, ...args], {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, [lifelineVariable]: String(process.pid) },
  });
  // Node takes back what nohup asked for, so a hangup that does not concern the output is passed over here too.
  const hangup = process.stdout.isTTY ? () => child.kill("SIGHUP") : () => {};
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  process.on("SIGHUP", hangup);
  child.on("error", onFailure);
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of [...forwarded, "SIGHUP"]) process.removeAllListeners(name);
    process.exitCode = 128 + (constants.signals[signal] ?? 0);
    process.kill(process.pid, signal);
  });
}
