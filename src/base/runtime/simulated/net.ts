/** TCP of one simulated process: names, ports, the handshake and its time-outs. */

import { type ConnectOptions, type Listener, type ListenOptions, type Net, NetError, type Socket } from "../runtime.ts";
import type { SimulatedEvent } from "./event-heap.ts";
import { isLoopback, isWildcard, loopbackAddress, type PortOwner, type SimulatedHost } from "./host.ts";
import type { Kernel } from "./kernel.ts";
import type { Holding, SimulatedProcess } from "./process.ts";
import { SimulatedSocket } from "./socket.ts";

/** First repetition of an unanswered SYN; doubles (RFC 6298 §2.1). */
const synRetryUs = 1_000_000;
/** How long a look into the process's own kernel takes. */
const systemCallUs = 20;

export class SimulatedNet implements Net {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;

  constructor(kernel: Kernel, process: SimulatedProcess) {
    this.#kernel = kernel;
    this.#process = process;
  }

  listen(options: ListenOptions, onConnection: (socket: Socket) => void): Promise<Listener> {
    return this.#later((resolve, reject) => {
      const listener = bindListener(this.#kernel, this.#process, options, onConnection);
      if (listener instanceof NetError) reject(listener);
      else resolve(listener);
    });
  }

  connect(options: ConnectOptions): Promise<Socket> {
    return this.#later((resolve, reject) => {
      const target = findTarget(this.#kernel, this.#process.host, options.host);
      if (target instanceof NetError) return reject(target);
      new Handshake(this.#kernel, this.#process, target, options, resolve, reject).start();
    });
  }

  /** Answers in a later turn, or never when the process is dead by then. */
  #later<T>(begin: (resolve: (value: T) => void, reject: (error: NetError) => void) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const process = this.#process;
      if (!process.act()) return;
      const { scheduler } = this.#kernel;
      scheduler.at(process.nowUs + systemCallUs, () => {
        if (!process.alive) return;
        begin(
          (value) => process.dispatch(() => resolve(value)),
          (error) => process.dispatch(() => reject(error)),
        );
      });
    });
  }
}

interface Target {
  readonly host: SimulatedHost;
  /** The loopback's address or the host's. */
  readonly address: string;
}

function findTarget(kernel: Kernel, from: SimulatedHost, name: string): Target | NetError {
  if (isLoopback(name) || isWildcard(name)) return { host: from, address: loopbackAddress };
  const host = kernel.findHost(name);
  if (host !== undefined) return { host, address: host.address };
  if (/^[\d.]+$|:/.test(name)) return new NetError("EHOSTUNREACH", `connect EHOSTUNREACH ${name}`);
  return new NetError("ENOTFOUND", `getaddrinfo ENOTFOUND ${name}`);
}

class SimulatedListener implements Listener, PortOwner, Holding {
  readonly host: string;
  readonly port: number;
  readonly boundAddress: string | null;
  readonly process: SimulatedProcess;
  readonly #onConnection: (socket: Socket) => void;
  #closed = false;

  constructor(
    process: SimulatedProcess,
    host: string,
    boundAddress: string | null,
    port: number,
    onConnection: (socket: Socket) => void,
  ) {
    this.process = process;
    this.host = host;
    this.boundAddress = boundAddress;
    this.port = port;
    this.#onConnection = onConnection;
  }

  /** The kernel has made a connection; the process takes it when it has its turn. */
  accept(socket: SimulatedSocket): void {
    this.process.dispatch(() => {
      if (this.#closed) return socket.destroy();
      if (socket.closed) return;
      socket.opened();
      this.#onConnection(socket);
    });
  }

  close(): Promise<void> {
    if (!this.process.act()) return new Promise(() => {});
    if (!this.#closed) {
      this.#closed = true;
      this.process.release(this);
      this.process.host.unbind(this.port, this);
    }
    return new Promise((resolve) => this.process.dispatch(resolve));
  }

  ownerEnded(): void {
    this.#closed = true;
    this.process.host.unbind(this.port, this);
  }
}

function bindListener(
  kernel: Kernel,
  process: SimulatedProcess,
  options: ListenOptions,
  onConnection: (socket: Socket) => void,
): SimulatedListener | NetError {
  const { host } = process;
  const wanted = options.host;
  if (wanted !== undefined && !isWildcard(wanted) && !host.isOwn(wanted)) {
    const known = kernel.findHost(wanted) !== undefined || /^[\d.]+$|:/.test(wanted);
    const code = known ? "EADDRNOTAVAIL" : "ENOTFOUND";
    return new NetError(code, `listen ${code}: ${wanted}:${options.port}`);
  }
  const boundAddress =
    wanted === undefined || isWildcard(wanted) ? null : isLoopback(wanted) ? loopbackAddress : host.address;
  const port = options.port === 0 ? host.ephemeralPort() : options.port;
  const listener = new SimulatedListener(
    process,
    boundAddress ?? (wanted === "0.0.0.0" ? wanted : "::"),
    boundAddress,
    port,
    onConnection,
  );
  if (!host.bind(port, listener))
    return new NetError("EADDRINUSE", `listen EADDRINUSE: address already in use ${wanted ?? "::"}:${port}`);
  process.hold(listener);
  return listener;
}

/** A connection attempt, from the first SYN to the socket, the refusal or the time-out. */
class Handshake {
  readonly #kernel: Kernel;
  readonly #process: SimulatedProcess;
  readonly #target: Target;
  readonly #options: ConnectOptions;
  readonly #resolve: (socket: Socket) => void;
  readonly #reject: (error: NetError) => void;
  readonly #localPort: number;
  #retryUs = synRetryUs;
  #timeout: SimulatedEvent | null = null;
  #done = false;

  constructor(
    kernel: Kernel,
    process: SimulatedProcess,
    target: Target,
    options: ConnectOptions,
    resolve: (socket: Socket) => void,
    reject: (error: NetError) => void,
  ) {
    this.#kernel = kernel;
    this.#process = process;
    this.#target = target;
    this.#options = options;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#localPort = process.host.ephemeralPort();
  }

  start(): void {
    const { scheduler } = this.#kernel;
    const endUs = scheduler.nowUs + this.#options.timeoutMs * 1000;
    this.#timeout = scheduler.at(endUs, () => this.#fail("ETIMEDOUT"));
    this.#sendSyn();
  }

  #sendSyn(): void {
    if (this.#done || !this.#process.alive) return;
    const { network, scheduler } = this.#kernel;
    const { host } = this.#process;
    const there = this.#target.host;
    if (!network.passes(host, there) || network.loses(host, there)) {
      this.#again();
      return;
    }
    scheduler.at(scheduler.nowUs + network.delayUs(host, there), () => this.#onSyn());
  }

  #again(): void {
    const { scheduler } = this.#kernel;
    scheduler.at(scheduler.nowUs + this.#retryUs, () => this.#sendSyn());
    this.#retryUs *= 2;
  }

  /** At the other host; its answer may be lost too. */
  #onSyn(): void {
    if (this.#done) return;
    const { network, scheduler } = this.#kernel;
    const { host } = this.#process;
    const there = this.#target.host;
    if (!network.passes(host, there) || !network.passes(there, host) || network.loses(there, host)) {
      this.#again();
      return;
    }
    const backUs = scheduler.nowUs + network.delayUs(there, host);
    const owner = there.ownerOf(this.#options.port, this.#target.address);
    if (!(owner instanceof SimulatedListener)) {
      scheduler.at(backUs, () => this.#fail("ECONNREFUSED"));
      return;
    }
    const { dialled, accepted } = SimulatedSocket.pair(this.#kernel, this.#process, owner.process, {
      localAddress: there === host && this.#target.address === loopbackAddress ? loopbackAddress : host.address,
      localPort: this.#localPort,
      remoteAddress: this.#target.address,
      remotePort: this.#options.port,
    });
    owner.accept(accepted);
    scheduler.at(backUs, () => this.#succeed(dialled));
  }

  #succeed(socket: SimulatedSocket): void {
    if (!this.#process.alive) return;
    if (this.#done) {
      socket.destroy();
      return;
    }
    this.#finish();
    if (socket.closed) {
      this.#reject(new NetError("ECONNRESET", `connect ECONNRESET ${this.#where()}`));
      return;
    }
    this.#resolve(socket);
    socket.opened();
  }

  #fail(code: string): void {
    if (this.#done) return;
    this.#finish();
    this.#reject(new NetError(code, `connect ${code} ${this.#where()}`));
  }

  #finish(): void {
    this.#done = true;
    if (this.#timeout !== null) this.#kernel.scheduler.cancel(this.#timeout);
  }

  #where(): string {
    return `${this.#target.address}:${this.#options.port}`;
  }
}
