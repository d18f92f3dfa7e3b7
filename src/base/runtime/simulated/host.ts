/** A machine: an address, a clock that may be wrong, ports, a disk, and power. */

import type { SeededRandom } from "../../random.ts";
import { Disk } from "./disk.ts";
import type { Kernel } from "./kernel.ts";
import type { SimulatedProcess } from "./process.ts";

/** Whoever has a TCP port: a listener of sockets, or a link that pulls. */
export interface PortOwner {
  readonly process: SimulatedProcess;
  /** `null`: every address of the host. */
  readonly boundAddress: string | null;
}

const firstEphemeralPort = 32_768;
const lastEphemeralPort = 60_999;

export class SimulatedHost {
  readonly name: string;
  readonly address: string;
  readonly index: number;
  readonly disk: Disk;
  readonly random: SeededRandom;
  /** Added to the wall clock, ms. */
  skewMs = 0;
  up = true;
  /** The monotonic clock's zero, before the world's own: no two machines agree on it. */
  readonly bootUs: number;
  readonly ports = new Map<number, PortOwner[]>();
  /** Unix sockets by path, for links. */
  readonly paths = new Map<string, PortOwner>();
  #nextPort: number;

  constructor(kernel: Kernel, name: string) {
    this.name = name;
    this.index = kernel.hosts.size + 1;
    this.address = `10.0.${this.index >> 8}.${this.index & 255}`;
    this.random = kernel.random(`host ${name}`);
    this.bootUs = -Math.floor(this.random.float() * 1e9);
    this.disk = new Disk(
      this.random,
      kernel.profile.disk,
      () => kernel.startMs + kernel.scheduler.nowUs / 1000 + this.skewMs,
    );
    this.#nextPort = firstEphemeralPort + this.random.below(lastEphemeralPort - firstEphemeralPort);
  }

  /** Addresses that mean this host when said on this host. */
  isOwn(address: string): boolean {
    return isLoopback(address) || address === this.name || address === this.address;
  }

  /** A port that nobody listens on. */
  ephemeralPort(): number {
    do {
      this.#nextPort = this.#nextPort >= lastEphemeralPort ? firstEphemeralPort : this.#nextPort + 1;
    } while (this.ports.has(this.#nextPort));
    return this.#nextPort;
  }

  /** False when the port is taken on one of the addresses. */
  bind(port: number, owner: PortOwner): boolean {
    const owners = this.ports.get(port) ?? [];
    for (const other of owners) {
      if (owner.boundAddress === null || other.boundAddress === null || other.boundAddress === owner.boundAddress)
        return false;
    }
    this.ports.set(port, [...owners, owner]);
    return true;
  }

  unbind(port: number, owner: PortOwner): void {
    const rest = (this.ports.get(port) ?? []).filter((other) => other !== owner);
    if (rest.length === 0) this.ports.delete(port);
    else this.ports.set(port, rest);
  }

  /** Who answers at this port for something sent to `address` (the loopback's or the host's own). */
  ownerOf(port: number, address: string): PortOwner | undefined {
    return this.ports.get(port)?.find((owner) => owner.boundAddress === null || owner.boundAddress === address);
  }
}

export const loopbackAddress = "127.0.0.1";

export function isLoopback(address: string): boolean {
  return address === "localhost" || address === "::1" || address.startsWith("127.");
}

export function isWildcard(address: string | undefined): boolean {
  return address === undefined || address === "" || address === "*" || address === "0.0.0.0" || address === "::";
}
