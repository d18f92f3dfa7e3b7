/**
 * Loaded first into every program that `relay` starts: dies with the process that started it, however that one
 * ended. The kernel closes what a dead process held open, and this end of the pipe sees it.
 */
import { Socket } from "node:net";

/** Set by `relay` for its own child only; the pipe is the first descriptor after the standard ones. */
export const lifelineVariable = "STORM_LAB_LAUNCHER_LIFELINE";
export const lifelineDescriptor = 3;

if (process.env[lifelineVariable] === String(process.ppid)) {
  const pipe = new Socket({ fd: lifelineDescriptor, readable: true, writable: false });
  pipe.on("error", () => pipe.destroy());
  pipe.on("close", () => process.kill(process.pid, "SIGKILL"));
  pipe.resume();
  pipe.unref();
}
delete process.env[lifelineVariable];
