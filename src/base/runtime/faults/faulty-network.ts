/**
 * A process's network doors with gates in them, so that a partition or a slow network can be had between the nodes of a cluster that live
 * on one machine, where no cable can be pulled. Nothing else of the Runtime changes.
 */
import { type Links, type Net, NetError, type PushLink, type Timers } from "../runtime.ts";
import type { Gate, Gates } from "./gates.ts";
import { HeldPushLink } from "./held-link.ts";
import { HeldSocket } from "./held-socket.ts";

export function faultyNet(net: Net, gates: Gates, timers: Timers, nowMs: () => number): Net {
  return {
    listen: (options, onConnection) => net.listen(options, onConnection),
    connect: async (options) => {
      const gate = gates.to(options.host, options.port);
      const startMs = nowMs();
      await opened(gate, timers, options.timeoutMs, `${options.host}:${options.port}`);
      const timeoutMs = Math.max(1, options.timeoutMs - (nowMs() - startMs));
      return new HeldSocket(await net.connect({ ...options, timeoutMs }), gate, timers, nowMs);
    },
  };
}

export function faultyLinks(links: Links, gates: Gates, timers: Timers, nowMs: () => number): Links {
  return {
    pull: (address, onFrame) => links.pull(address, onFrame),
    push: (address): PushLink => {
      const [, host = "", port = ""] = /^tcp:\/\/(.+):(\d+)$/.exec(address) ?? [];
      const link = links.push(address);
      return host === "" ? link : new HeldPushLink(link, gates.to(host, Number(port)), timers, nowMs);
    },
  };
}

/** A connection through a cut network is no refusal: nothing answers. Rejects with ETIMEDOUT. */
function opened(gate: Gate, timers: Timers, timeoutMs: number, place: string): Promise<void> {
  if (!gate.state.cut) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = timers.after(timeoutMs, () => {
      forget();
      reject(new NetError("ETIMEDOUT", `connect ETIMEDOUT ${place}`));
    });
    const forget = gate.onChange(() => {
      if (gate.state.cut) return;
      forget();
      timer.cancel();
      resolve();
    });
  });
}
