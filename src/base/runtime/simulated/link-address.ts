/** Addresses of links, as ZeroMQ writes them. */

import { NetError } from "../runtime.ts";

export type LinkAddress =
  | { readonly kind: "tcp"; readonly host: string; readonly port: number }
  | { readonly kind: "ipc"; readonly path: string };

/** Throws `NetError` (`EINVAL`) for anything else. Port 0: a free one. */
export function parseAddress(address: string): LinkAddress {
  const tcp = /^tcp:\/\/\[?([^\]]*)\]?:(\d+|\*)$/.exec(address);
  if (tcp !== null) return { kind: "tcp", host: tcp[1]!, port: tcp[2] === "*" ? 0 : Number(tcp[2]) };
  const ipc = /^ipc:\/\/(.+)$/.exec(address);
  if (ipc !== null) return { kind: "ipc", path: ipc[1]! };
  throw new NetError("EINVAL", `not a link address: ${address}`);
}
