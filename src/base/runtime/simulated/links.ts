/**
 * Message links of the simulated world, with ZeroMQ's PUSH and PULL as the model: queues with a high-water mark at both
 * ends, a connection that comes back by itself, frames lost with the connection they were travelling on.
 */

import { type Links, NetError, type PullLink, type PushLink } from "../runtime.ts";
import type { Kernel } from "./kernel.ts";
import { parseAddress } from "./link-address.ts";
import type { SimulatedProcess } from "./process.ts";
import { bindPull } from "./pull-link.ts";
import { SimulatedPushLink } from "./push-link.ts";

/** How long a look into the process's own kernel takes. */
const systemCallUs = 20;

export class SimulatedLinks implements Links {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;

  constructor(kernel: Kernel, process: SimulatedProcess) {
    this.#kernel = kernel;
    this.#process = process;
  }

  pull(address: string, onFrame: (frame: Uint8Array) => void): Promise<PullLink> {
    const process = this.#process;
    return new Promise((resolve, reject) => {
      if (!process.act()) return;
      const place = parseAddress(address);
      const { scheduler } = this.#kernel;
      scheduler.at(process.nowUs + systemCallUs, () => {
        if (!process.alive) return;
        const link = bindPull(this.#kernel, process, place, onFrame);
        process.dispatch(() => (link instanceof NetError ? reject(link) : resolve(link)));
      });
    });
  }

  push(address: string): PushLink {
    return new SimulatedPushLink(this.#kernel, this.#process, address, parseAddress(address));
  }
}
