/** The end of simulated links that takes frames, as ZeroMQ's PULL. */

import { BoundedQueue } from "../../queue.ts";
import { NetError, type PullLink } from "../runtime.ts";
import { isLoopback, isWildcard, loopbackAddress, type PortOwner } from "./host.ts";
import type { Kernel } from "./kernel.ts";
import type { LinkAddress } from "./link-address.ts";
import type { EndKind, Holding, SimulatedProcess } from "./process.ts";
import type { SimulatedPushLink } from "./push-link.ts";
import { hashBytes, traced } from "./trace.ts";

/** The pushers' windows bound what comes; this only bounds their sum. */
const waitingFrames = 1 << 20;

export class SimulatedPullLink implements PullLink, PortOwner, Holding {
  readonly address: string;
  readonly boundAddress: string | null;
  readonly process: SimulatedProcess;
  readonly #kernel: Kernel;
  readonly #unbind: () => void;
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #inbox = new BoundedQueue<{ frame: Uint8Array; from: SimulatedPushLink }>(waitingFrames);
  readonly #pushers = new Set<SimulatedPushLink>();
  #readPlanned = false;
  #paused = false;
  #closed = false;

  constructor(
    kernel: Kernel,
    process: SimulatedProcess,
    place: { readonly address: string; readonly boundAddress: string | null },
    unbind: (self: PortOwner) => void,
    onFrame: (frame: Uint8Array) => void,
  ) {
    this.#kernel = kernel;
    this.process = process;
    this.address = place.address;
    this.boundAddress = place.boundAddress;
    this.#unbind = () => unbind(this);
    this.#onFrame = onFrame;
  }

  get closed(): boolean {
    return this.#closed;
  }

  attach(pusher: SimulatedPushLink): void {
    this.#pushers.add(pusher);
  }

  detach(pusher: SimulatedPushLink): void {
    this.#pushers.delete(pusher);
  }

  arrive(frame: Uint8Array, from: SimulatedPushLink): void {
    this.#inbox.push({ frame, from });
    this.#planRead();
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    if (!this.process.act()) return;
    this.#paused = false;
    this.#planRead();
  }

  close(): Promise<void> {
    if (!this.process.act()) return new Promise(() => {});
    if (!this.#closed) {
      this.process.release(this);
      this.#leave(true);
    }
    return new Promise((resolve) => this.process.dispatch(resolve));
  }

  ownerEnded(how: EndKind): void {
    this.#leave(how !== "power off");
  }

  #leave(tellsPushers: boolean): void {
    this.#closed = true;
    this.#inbox.clear();
    this.#unbind();
    if (!tellsPushers) return;
    const { network } = this.#kernel;
    for (const pusher of this.#pushers) {
      network.sendOnce(this.process.host, pusher.process.host, () => pusher.disconnected(this));
    }
  }

  #planRead(): void {
    if (this.#readPlanned || this.#paused || this.#closed || this.#inbox.size === 0) return;
    this.#readPlanned = true;
    this.process.dispatch(() => this.#read());
  }

  #read(): void {
    this.#readPlanned = false;
    if (this.#paused || this.#closed) return;
    const next = this.#inbox.shift();
    if (next === undefined) return;
    const { frame, from } = next;
    this.#kernel.note(
      this.process,
      traced.frame,
      hashBytes(frame),
      () => `${this.address} received a frame of ${frame.length} bytes`,
    );
    from.wasRead(this, frame.length);
    this.#planRead();
    this.#onFrame(frame);
  }
}

/** Takes the address, or says why not. */
export function bindPull(
  kernel: Kernel,
  process: SimulatedProcess,
  address: LinkAddress,
  onFrame: (frame: Uint8Array) => void,
): SimulatedPullLink | NetError {
  const { host } = process;
  if (address.kind === "ipc") {
    const { path } = address;
    if (host.paths.has(path)) return new NetError("EADDRINUSE", `address already in use: ipc://${path}`);
    const place = { address: `ipc://${path}`, boundAddress: null };
    const link = new SimulatedPullLink(kernel, process, place, () => host.paths.delete(path), onFrame);
    host.paths.set(path, link);
    process.hold(link);
    return link;
  }
  const anywhere = isWildcard(address.host);
  if (!anywhere && !host.isOwn(address.host))
    return new NetError("EADDRNOTAVAIL", `not an address of ${host.name}: ${address.host}`);
  const port = address.port === 0 ? host.ephemeralPort() : address.port;
  const boundAddress = anywhere ? null : isLoopback(address.host) ? loopbackAddress : host.address;
  const place = { address: `tcp://${boundAddress ?? host.address}:${port}`, boundAddress };
  const link = new SimulatedPullLink(kernel, process, place, (self) => host.unbind(port, self), onFrame);
  if (!host.bind(port, link)) return new NetError("EADDRINUSE", `address already in use: ${place.address}`);
  process.hold(link);
  return link;
}
