/**
 * Runs a program in the place of this process: same terminal, same signals, same exit. Used where an older Node
 * hands over to a newer one, because Node 20 cannot replace its own image.
 */
import { spawn } from "node:child_process";
import { Socket } from "node:net";
import { constants } from "node:os";

/** Names the file descriptor whose end tells the started program that this process is gone. */
const lifelineVariable = "STORM_LAB_LIFELINE";

const forwarded = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2"];

/**
 * Resolves never: this process ends as the program ended. `onFailure` is called when it could not be started.
 *
 * Ctrl-C reaches both processes; this one waits for the other, which may have cleaning up to do. A signal that was
 * sent to this process alone is passed on. If this process is killed, the lifeline breaks and the program ends too.
 */
export function relay(program, args, onFailure) {
  const env = { ...process.env, [lifelineVariable]: "3" };
  const child = spawn(program, args, { stdio: ["inherit", "inherit", "inherit", "pipe"], env });
  for (const signal of forwarded) process.on(signal, () => child.kill(signal));
  child.on("error", onFailure);
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    for (const name of forwarded) process.removeAllListeners(name);
    process.exitCode = 128 + (constants.signals[signal] ?? 0);
    process.kill(process.pid, signal);
  });
}

/** The other end of `relay`: dies with the process that started it. Does nothing when started otherwise. */
export function holdLifeline() {
  const descriptor = process.env[lifelineVariable];
  if (descriptor === undefined) return;
  delete process.env[lifelineVariable];
  const lifeline = new Socket({ fd: Number(descriptor), readable: true, writable: false });
  lifeline.on("close", () => process.kill(process.pid, "SIGKILL"));
  lifeline.on("error", () => lifeline.destroy());
  lifeline.resume();
  lifeline.unref();
}
