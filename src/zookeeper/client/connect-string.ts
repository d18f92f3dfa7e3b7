/** Where the servers are: ZooKeeper's connect string, and the order in which they are tried. */
import type { Random } from "../../base/index.ts";
import { clientError } from "./client-errors.ts";

export interface Host {
  /** Without the brackets of an IPv6 address. */
  readonly host: string;
  readonly port: number;
}

export const defaultClientPort = 2181;

/** `host[:port],host[:port]…`; IPv6 addresses in brackets. Throws SL-ZK-CONNECT-STRING. */
export function parseConnectString(text: string): readonly Host[] {
  const parts = text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  if (parts.length === 0) throw refused(text, "it names no server");
  return parts.map((part) => parseHost(part, text));
}

export function hostText({ host, port }: Host): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Tries every server once in a random order, then waits, longer after each fruitless round. */
export class HostRotation {
  readonly #hosts: Host[];
  readonly #random: Random;
  #next = 0;
  #fruitless = 0;

  constructor(hosts: readonly Host[], random: Random) {
    this.#hosts = shuffled(hosts, random);
    this.#random = random;
  }

  get count(): number {
    return this.#hosts.length;
  }

  /** The server to try and how long to wait before it. */
  next(): { readonly host: Host; readonly delayMs: number } {
    const round = Math.floor(this.#fruitless / this.#hosts.length);
    const startsRound = this.#fruitless > 0 && this.#fruitless % this.#hosts.length === 0;
    const host = this.#hosts[this.#next % this.#hosts.length] as Host;
    this.#next = (this.#next + 1) % this.#hosts.length;
    this.#fruitless++;
    return { host, delayMs: startsRound ? this.#backOffMs(round) : 0 };
  }

  /** A session is established; it goes on with the next server when this one is lost. */
  succeeded(): void {
    this.#fruitless = 0;
  }

  /** Half fixed, half random, so that a thousand clients do not come back in one instant. */
  #backOffMs(round: number): number {
    const ceilingMs = Math.min(backOffMinMs * 2 ** Math.min(round - 1, 16), backOffMaxMs);
    return ceilingMs / 2 + this.#random.float() * (ceilingMs / 2);
  }
}

const backOffMinMs = 50;
const backOffMaxMs = 1000;

function parseHost(part: string, text: string): Host {
  if (part.includes("/")) throw refused(text, "a path behind the servers (chroot) is not supported");
  const matched = /^(?:\[([0-9a-fA-F:.%]+)\]|([^:[\]\s]+))(?::(\d{1,5}))?$/.exec(part);
  if (matched === null) throw refused(text, `"${part}" is not host:port`);
  const port = matched[3] === undefined ? defaultClientPort : Number(matched[3]);
  if (port < 1 || port > 65535) throw refused(text, `${port} is not a port`);
  return { host: matched[1] ?? matched[2] ?? "", port };
}

function shuffled(hosts: readonly Host[], random: Random): Host[] {
  const left = [...hosts];
  const order: Host[] = [];
  while (left.length > 0) order.push(...left.splice(random.below(left.length), 1));
  return order;
}

function refused(text: string, why: string): Error {
  return clientError("SL-ZK-CONNECT-STRING", `"${text}" does not say where ZooKeeper is: ${why}`);
}
