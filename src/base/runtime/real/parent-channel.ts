/**
 * A child's side of its parent: the channel for messages, and the lifeline.
 *
 * A child that is not detached must not outlive its parent, not even one that died by kill -9 and could tell nobody. The
 * kernel closes what a dead process held open, so the child watches something of its parent's: the message channel
 * if it has one, a pipe otherwise. When that ends the child kills itself; its own children notice the same way. That takes an event loop
 * that turns: see parent-watchdog.ts for code that never comes back.
 * A program that is not storm-lab does not watch: it is killed when its parent ends in order, and after a kill -9 it
 * sees the end of its input.
 */

import net from "node:net";
import { BoundedQueue } from "../../queue.ts";
import type { ParentChannel } from "../runtime.ts";
import { type Lifeline, lifelineDescriptor } from "./environment.ts";

const messagesBeforeHandler = 10_000;

/** Called once a process, as early as possible. */
export function watchParent(lifeline: Lifeline): void {
  const die = (): void => {
    process.kill(process.pid, "SIGKILL");
  };
  if (lifeline === "channel") {
    process.once("disconnect", die);
    if (!process.connected) die();
  } else if (lifeline === "pipe") {
    const pipe = new net.Socket({ fd: lifelineDescriptor, readable: true, writable: false });
    pipe.on("error", die);
    pipe.on("close", die);
    pipe.resume();
    pipe.unref();
  }
}

/** `null` without a channel. */
export function openParentChannel(): ParentChannel | null {
  if (process.send === undefined) return null;
  const early = new BoundedQueue<unknown>(messagesBeforeHandler);
  let handler: ((message: unknown) => void) | null = null;
  let closed = false;
  let onClose: (() => void) | null = null;
  process.on("message", (message) => {
    if (handler !== null) handler(message);
    else if (!early.push(message)) throw new Error(`${messagesBeforeHandler} messages came before onMessage`);
  });
  process.once("disconnect", () => {
    closed = true;
    onClose?.();
  });
  process.channel?.unref();
  return {
    send: (message) => {
      // The parent may go at any time; what it no longer hears is no error.
      if (process.connected) process.send?.(message, undefined, undefined, () => {});
    },
    onMessage: (next) => {
      handler = next;
      for (let message = early.shift(); message !== undefined; message = early.shift()) next(message);
    },
    onClose: (next) => {
      onClose = next;
      if (closed) setImmediate(next);
    },
  };
}
