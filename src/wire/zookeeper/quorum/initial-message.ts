/**
 * Election port: who calls, and where to call back. Sent once by the side that dialled; nothing answers it.
 */

export interface InitialMessage {
  readonly kind: "message";
  readonly sid: bigint;
  /** The caller's own election address, `host:port` or `[v6]:port`; the first one when it names several. Empty from ancient servers. */
  readonly address: string;
  /** Bytes of the connection that this message took. */
  readonly length: number;
}

export type InitialMessageReading =
  | InitialMessage
  | { readonly kind: "incomplete" }
  | { readonly kind: "malformed"; readonly reason: string };

/** The id that observers without one of their own claim. */
export const anonymousObserver = 2n ** 63n - 1n;

const protocolV1 = -65_536n;
const protocolV2 = -65_535n;
const maxAddressBytes = 2_048;

export function encodeInitialMessage(sid: number, address: string): Uint8Array {
  const text = new TextEncoder().encode(address);
  const bytes = new Uint8Array(20 + text.length);
  const view = new DataView(bytes.buffer);
  view.setBigInt64(0, protocolV1);
  view.setBigInt64(8, BigInt(sid));
  view.setInt32(16, text.length);
  bytes.set(text, 20);
  return bytes;
}

/** Reads from the start of what a connection has brought so far. */
export function readInitialMessage(bytes: Uint8Array): InitialMessageReading {
  if (bytes.length < 8) return { kind: "incomplete" };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const version = view.getBigInt64(0);
  if (version >= 0n) return { kind: "message", sid: version, address: "", length: 8 };
  if (version !== protocolV1 && version !== protocolV2) {
    return { kind: "malformed", reason: `Got unrecognized protocol version ${version}` };
  }
  if (bytes.length < 20) return { kind: "incomplete" };
  const length = view.getInt32(16);
  if (length <= 0 || length > maxAddressBytes) {
    return { kind: "malformed", reason: `Unreasonable buffer length: ${length}` };
  }
  if (bytes.length < 20 + length) return { kind: "incomplete" };
  const addresses = new TextDecoder().decode(bytes.subarray(20, 20 + length)).split("|");
  const address = addresses.find((one) => parseAddress(one) !== null && !isWildcard(one)) ?? "";
  if (address === "" && addresses.every((one) => parseAddress(one) === null)) {
    return { kind: "malformed", reason: `No valid election address in ${JSON.stringify(addresses.join("|"))}` };
  }
  return { kind: "message", sid: view.getBigInt64(8), address, length: 20 + length };
}

/** `host:port` or `[v6]:port`; null when it is neither. */
export function parseAddress(text: string): { readonly host: string; readonly port: number } | null {
  const match = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) return null;
  return { host: match[1] ?? match[2] ?? "", port };
}

export function formatAddress(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function isWildcard(address: string): boolean {
  const host = parseAddress(address)?.host ?? "";
  return host === "0.0.0.0" || /^[0:]+$/.test(host);
}
