/** A zxid is epoch·2³² + counter, kept in a number. */
import type { Zxid } from "../../../wire/zookeeper/index.ts";

const counters = 0x1_0000_0000;

export function epochOf(zxid: Zxid): number {
  return Math.floor(zxid / counters);
}

export function counterOf(zxid: Zxid): number {
  return zxid % counters;
}

/** The zxid before the first transaction of an epoch; NEWLEADER and its acknowledgement carry it. */
export function firstOf(epoch: number): Zxid {
  return epoch * counters;
}

/** The counter can grow no more: the next transaction needs a new epoch, and so a new election. */
export function isLastOfEpoch(zxid: Zxid): boolean {
  return counterOf(zxid) === counters - 1;
}

export function printZxid(zxid: Zxid): string {
  return `0x${zxid.toString(16)}`;
}
