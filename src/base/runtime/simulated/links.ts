/**
 * Message links of the simulated world, with ZeroMQ's PUSH and PULL as the model: queues with a high-water mark at both
 * ends, a connection that comes back by itself, frames lost with the connection they were travelling on.
 */

import { assert } from "../../assert.ts";
import { BoundedQueue } from "../../queue.ts";
import { type Links, NetError, type PullLink, type PushLink } from "../runtime.ts";
import { Flow } from "./flow.ts";
import { isLoopback, isWildcard, loopbackAddress, type PortOwner, type SimulatedHost } from "./host.ts";
import type { Kernel } from "./kernel.ts";
import type { EndKind, Holding, SimulatedProcess } from "./process.ts";
import { hashBytes, traced } from "./trace.ts";

/** How long a look into the process's own kernel takes. */
const systemCallUs = 20;
const hasRoom: Promise<void> = Promise.resolve();

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
      const { scheduler } = this.#kernel;
      scheduler.at(process.nowUs + systemCallUs, () => {
        if (!process.alive) return;
        const link = bindPull(this.#kernel, process, parseAddress(address), onFrame);
        process.dispatch(() => (link instanceof NetError ? reject(link) : resolve(link)));
      });
    });
  }

  push(address: string): PushLink {
    return new SimulatedPushLink(this.#kernel, this.#process, address, parseAddress(address));
  }
}

type LinkAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "ipc"; readonly path: string };

function parseAddress(address: string): LinkAddress {
  const tcp = /^tcp:\/\/\[?([^\]]*)\]?:(\d+|\*)$/.exec(address);
  if (tcp !== null) return { kind: "tcp", host: tcp[1]!, port: tcp[2] === "*" ? 0 : Number(tcp[2]) };
  const ipc = /^ipc:\/\/(.+)$/.exec(address);
  if (ipc !== null) return { kind: "ipc", path: ipc[1]! };
  throw new NetError("EINVAL", `not a link address: ${address}`);
}

class SimulatedPullLink implements PullLink, PortOwner, Holding {
  readonly address: string;
  readonly boundAddress: string | null;
  readonly process: SimulatedProcess;
  readonly #kernel: Kernel;
  readonly #unbind: () => void;
  readonly #onFrame: (frame: Uint8Array) => void;
  readonly #inbox = new BoundedQueue<{ frame: Uint8Array; from: SimulatedPushLink }>(1 << 20);
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

function bindPull(
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

class SimulatedPushLink implements PushLink, Holding {
  readonly address: string;
  readonly process: SimulatedProcess;
  readonly #kernel: Kernel;
  readonly #target: LinkAddress;
  readonly #queue: BoundedQueue<Uint8Array>;
  #flow: Flow<Uint8Array> | null = null;
  #puller: SimulatedPullLink | null = null;
  /** On the way to the puller or waiting there. */
  #unreadFrames = 0;
  #unreadBytes = 0;
  #waiting: (() => void) | null = null;
  #closed = false;
  #whenEmpty: (() => void) | null = null;

  constructor(kernel: Kernel, process: SimulatedProcess, address: string, target: LinkAddress) {
    this.#kernel = kernel;
    this.process = process;
    this.address = address;
    this.#target = target;
    this.#queue = new BoundedQueue<Uint8Array>(kernel.profile.links.highWaterMark);
    process.hold(this);
    if (process.act()) this.#dial();
  }

  send(frame: Uint8Array): Promise<void> {
    if (!this.process.act()) return new Promise(() => {});
    if (this.#closed) return hasRoom;
    assert(
      this.#waiting === null && this.#queue.push(frame),
      "a link takes one frame at a time: await send before the next",
    );
    this.#pump();
    if (!this.#queue.full) return hasRoom;
    return new Promise((resolve) => {
      this.#waiting = resolve;
    });
  }

  close(lingerMs = 0): Promise<void> {
    if (!this.process.act()) return new Promise(() => {});
    this.#closed = true;
    return new Promise((resolve) => {
      const finish = () => {
        if (this.#whenEmpty === null) return;
        this.#whenEmpty = null;
        this.#leavePuller();
        if (this.#waiting !== null) this.process.dispatch(this.#waiting);
        this.#waiting = null;
        this.process.release(this);
        this.process.dispatch(resolve);
      };
      this.#whenEmpty = finish;
      const { scheduler } = this.#kernel;
      if (lingerMs <= 0) this.#queue.clear();
      if (lingerMs <= 0 || this.#isEmpty()) finish();
      else scheduler.at(scheduler.nowUs + lingerMs * 1000, finish);
    });
  }

  ownerEnded(how: EndKind): void {
    this.#closed = true;
    this.#queue.clear();
    if (how === "power off") this.#flow?.close();
    this.#puller?.detach(this);
  }

  /** The puller's process has taken a frame. */
  wasRead(puller: SimulatedPullLink, bytes: number): void {
    if (puller !== this.#puller) return;
    this.#unreadFrames--;
    this.#unreadBytes -= bytes;
    if (this.#queue.size === 0) {
      this.#tellIfEmpty();
      return;
    }
    const { scheduler, network } = this.#kernel;
    scheduler.at(scheduler.nowUs + network.delayUs(puller.process.host, this.process.host), () => this.#pump());
  }

  /** The puller has gone, and word of it has come. */
  disconnected(puller: SimulatedPullLink): void {
    if (puller !== this.#puller) return;
    this.#flow?.close();
    this.#leavePuller();
    this.#dialLater();
  }

  /** What is on the way goes on. */
  #leavePuller(): void {
    this.#flow = null;
    this.#puller?.detach(this);
    this.#puller = null;
    this.#unreadFrames = 0;
    this.#unreadBytes = 0;
  }

  #pump(): void {
    const flow = this.#flow;
    if (flow === null) return;
    const { highWaterMark, windowBytes } = this.#kernel.profile.links;
    while (this.#queue.size > 0 && this.#unreadFrames < highWaterMark && this.#unreadBytes < windowBytes) {
      const frame = this.#queue.shift() as Uint8Array;
      this.#unreadFrames++;
      this.#unreadBytes += frame.length;
      flow.send(frame, this.process.nowUs);
    }
    const waiting = this.#waiting;
    if (waiting !== null && !this.#queue.full) {
      this.#waiting = null;
      this.process.dispatch(waiting);
    }
    this.#tellIfEmpty();
  }

  #tellIfEmpty(): void {
    if (this.#whenEmpty !== null && this.#isEmpty()) this.#whenEmpty();
  }

  #isEmpty(): boolean {
    return this.#queue.size === 0 && (this.#flow?.onTheWay ?? 0) === 0;
  }

  #dialLater(): void {
    const { scheduler, profile, network } = this.#kernel;
    const waitMs = profile.links.reconnectMs * network.random.between(1, 1.1);
    scheduler.at(scheduler.nowUs + waitMs * 1000, () => this.#dial());
  }

  #dial(): void {
    if (!this.process.alive || (this.#closed && this.#whenEmpty === null)) return;
    const { scheduler, network } = this.#kernel;
    const { host } = this.process;
    const there = this.#targetHost();
    if (there === undefined || !network.passes(host, there) || !network.passes(there, host)) {
      this.#dialLater();
      return;
    }
    const roundTripUs = network.delayUs(host, there) + network.delayUs(there, host);
    scheduler.at(Math.max(scheduler.nowUs, this.process.nowUs) + roundTripUs, () => this.#connect(there));
  }

  #connect(there: SimulatedHost): void {
    if (!this.process.alive || (this.#closed && this.#whenEmpty === null)) return;
    const puller = this.#findPuller(there);
    if (puller === undefined || !this.#kernel.network.passes(this.process.host, there)) {
      this.#dialLater();
      return;
    }
    this.#puller = puller;
    puller.attach(this);
    const flow: Flow<Uint8Array> = new Flow(
      this.#kernel.network,
      this.process.host,
      there,
      (frame) => this.#onArrival(puller, frame),
      () => this.disconnected(puller),
    );
    this.#flow = flow;
    this.#pump();
  }

  /** A frame has reached the puller's host. */
  #onArrival(puller: SimulatedPullLink, frame: Uint8Array): void {
    if (!puller.closed) {
      puller.arrive(frame, this);
      if (puller === this.#puller && this.#queue.size === 0) this.#tellIfEmpty();
      return;
    }
    this.#kernel.network.sendOnce(puller.process.host, this.process.host, () => this.disconnected(puller));
  }

  #targetHost(): SimulatedHost | undefined {
    const target = this.#target;
    if (target.kind === "ipc" || isLoopback(target.host) || isWildcard(target.host)) return this.process.host;
    return this.#kernel.findHost(target.host);
  }

  #findPuller(there: SimulatedHost): SimulatedPullLink | undefined {
    const target = this.#target;
    const local = target.kind === "tcp" && there === this.process.host && isLoopback(target.host);
    const owner =
      target.kind === "ipc"
        ? there.paths.get(target.path)
        : there.ownerOf(target.port, local ? loopbackAddress : there.address);
    return owner instanceof SimulatedPullLink ? owner : undefined;
  }
}
