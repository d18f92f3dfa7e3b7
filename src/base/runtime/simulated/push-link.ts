/** The end of simulated links that sends frames, as ZeroMQ's PUSH: it connects, and connects again, until closed. */

import { assert } from "../../assert.ts";
import { BoundedQueue } from "../../queue.ts";
import type { PushLink } from "../runtime.ts";
import { Flow } from "./flow.ts";
import { isLoopback, isWildcard, loopbackAddress, type SimulatedHost } from "./host.ts";
import type { Kernel } from "./kernel.ts";
import type { LinkAddress } from "./link-address.ts";
import type { EndKind, Holding, SimulatedProcess } from "./process.ts";
import { SimulatedPullLink } from "./pull-link.ts";

const hasRoom: Promise<void> = Promise.resolve();

export class SimulatedPushLink implements PushLink, Holding {
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
