/** A node's data and numbers for a person, as ZooKeeper's own shell shows them, and for a program. */
import { gunzipSync } from "node:zlib";
import type { Stat } from "../wire/zookeeper/index.ts";
import { type Readable, stormValue } from "./storm-value.ts";

/** What data unpacks to; the bound keeps a small bomb small. */
const unpackedBytesMax = 64 * 1024 * 1024;

export interface DataJson {
  readonly data: Readable | null;
  readonly encoding: string;
}

/** `encoding` says what `data` is: utf8, base64 or thrift (an object), after gzip+ when it was packed; none: no data. */
export function dataJson(path: string, data: Buffer | null, raw: boolean): DataJson {
  if (data === null) return { data: null, encoding: "none" };
  const plain = raw ? data : unpacked(data);
  const packed = plain === data ? "" : "gzip+";
  const text = utf8(plain);
  if (text !== null) return { data: text, encoding: `${packed}utf8` };
  const value = raw ? null : stormValue(path, plain);
  if (value !== null) return { data: value, encoding: `${packed}thrift` };
  return { data: plain.toString("base64"), encoding: `${packed}base64` };
}

/** Text with a line end; Storm's values by their names; other bytes as a hexadecimal listing. Empty without data. */
export function dataText(path: string, data: Buffer | null, raw: boolean): string {
  if (data === null || data.length === 0) return "";
  const plain = raw ? data : unpacked(data);
  const text = utf8(plain);
  if (text !== null) return text.endsWith("\n") ? text : `${text}\n`;
  const value = raw ? null : stormValue(path, plain);
  return value === null ? hexListing(plain) : `${JSON.stringify(value, null, 2)}\n`;
}

/** The lines of zkCli's `stat`. */
export function statText(stat: Stat): string {
  const lines = [
    `cZxid = ${hex(stat.czxid)}`,
    `ctime = ${new Date(stat.ctimeMs).toISOString()}`,
    `mZxid = ${hex(stat.mzxid)}`,
    `mtime = ${new Date(stat.mtimeMs).toISOString()}`,
    `pZxid = ${hex(stat.pzxid)}`,
    `cversion = ${stat.cversion}`,
    `dataVersion = ${stat.version}`,
    `aclVersion = ${stat.aversion}`,
    `ephemeralOwner = ${hex(stat.ephemeralOwner)}`,
    `dataLength = ${stat.dataLength}`,
    `numChildren = ${stat.numChildren}`,
  ];
  return `${lines.join("\n")}\n`;
}

/** Zxids and the owner as hexadecimal text, times as ISO 8601. */
export function statJson(stat: Stat): Readonly<Record<string, string | number>> {
  return {
    czxid: hex(stat.czxid),
    mzxid: hex(stat.mzxid),
    pzxid: hex(stat.pzxid),
    ctime: new Date(stat.ctimeMs).toISOString(),
    mtime: new Date(stat.mtimeMs).toISOString(),
    version: stat.version,
    cversion: stat.cversion,
    aversion: stat.aversion,
    ephemeralOwner: hex(stat.ephemeralOwner),
    dataLength: stat.dataLength,
    numChildren: stat.numChildren,
  };
}

function hex(value: number | bigint): string {
  return `0x${(typeof value === "bigint" ? BigInt.asUintN(64, value) : value).toString(16)}`;
}

/** Storm packs its values with gzip. */
function unpacked(data: Buffer): Buffer {
  if (data[0] !== 0x1f || data[1] !== 0x8b) return data;
  try {
    return gunzipSync(data, { maxOutputLength: unpackedBytesMax });
  } catch {
    return data;
  }
}

/** Null when the bytes are no text. */
function utf8(data: Buffer): string | null {
  const text = data.toString("utf8");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what tells bytes from text
  return /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/.test(text) ? null : text;
}

const listingBytesPerLine = 16;

function hexListing(data: Buffer): string {
  let listing = "";
  for (let at = 0; at < data.length; at += listingBytesPerLine) {
    const line = data.subarray(at, at + listingBytesPerLine);
    const pairs = [...line].map((byte) => byte.toString(16).padStart(2, "0")).join(" ");
    const text = line.toString("latin1").replaceAll(/[^ -~]/g, ".");
    listing += `${at.toString(16).padStart(8, "0")}  ${pairs.padEnd(3 * listingBytesPerLine - 1)}  ${text}\n`;
  }
  return listing;
}
