/** The numbers of the simulated machines and of the network between them; every one can be set per world. */

export interface Range {
  readonly min: number;
  readonly max: number;
}

export interface CpuProfile {
  /** What one turn (one callback and the promises it settles) costs, µs. */
  readonly turnUs: Range;
  /** What one call through the Runtime costs, the reading of a clock included, µs: loops that watch the clock end. */
  readonly callUs: number;
  /** How long `soon` takes, µs. */
  readonly soonUs: Range;
}

export interface NetworkProfile {
  /** One way between two hosts, ms. */
  readonly delayMs: Range;
  /** One way within a host, ms. */
  readonly loopbackMs: Range;
  /** Chance that a segment between two hosts is lost and has to be sent again after `retransmitMs`. */
  readonly loss: number;
  /** First retransmission time-out; doubles each time up to `retransmitMaxMs`. RFC 6298 and Linux: 200 ms … 120 s. */
  readonly retransmitMs: number;
  readonly retransmitMaxMs: number;
  /** A connection whose bytes stay unacknowledged for so long dies with ETIMEDOUT. Linux: about 15 minutes. */
  readonly unacknowledgedMs: number;
  /** Chance that a connection cut by a partition is gone when the partition heals, as behind a stateful firewall. */
  readonly lostByPartition: number;
  /** Bytes on the way and unread before the sender has to buffer (both kernels' buffers). */
  readonly windowBytes: number;
  /** Chance that a segment arrives in two pieces, and that bytes written in one turn arrive as one. */
  readonly split: number;
  readonly merge: number;
  /** Chance that a killed process's peer sees a reset at once instead of the end of the stream first. */
  readonly resetOnKill: number;
}

export interface LinkProfile {
  /** Frames waiting at the pusher, and at the puller: ZeroMQ's SNDHWM and RCVHWM, as small as transport sets them. */
  readonly highWaterMark: number;
  /** Bytes between the two queues. */
  readonly windowBytes: number;
  /** ZeroMQ's reconnect interval. */
  readonly reconnectMs: number;
}

export interface DiskProfile {
  readonly readMs: Range;
  readonly writeMs: Range;
  readonly syncMs: Range;
  /** Pages of 4 KiB times 4,096: writes beyond fail with ENOSPC. */
  readonly capacityBytes: number;
  /** Chance that a read fails with EIO. */
  readonly readError: number;
  /** Power off: what was not synced is kept, lost, cut after a prefix, or kept in random sectors of 512 bytes, with equal chance. */
  readonly keepsUnsynced: boolean;
}

export interface Profile {
  readonly cpu: CpuProfile;
  readonly network: NetworkProfile;
  readonly links: LinkProfile;
  readonly disk: DiskProfile;
}

export type ProfileOptions = { readonly [Part in keyof Profile]?: Partial<Profile[Part]> };

/** A machine room: sub-millisecond network, no loss, an SSD. */
export const machineRoom: Profile = {
  cpu: { turnUs: { min: 1, max: 4 }, callUs: 0.1, soonUs: { min: 1, max: 6 } },
  network: {
    delayMs: { min: 0.1, max: 0.5 },
    loopbackMs: { min: 0.02, max: 0.08 },
    loss: 0,
    retransmitMs: 200,
    retransmitMaxMs: 120_000,
    unacknowledgedMs: 924_600,
    lostByPartition: 0.25,
    windowBytes: 256 * 1024,
    split: 0.1,
    merge: 0.5,
    resetOnKill: 0.5,
  },
  links: { highWaterMark: 16, windowBytes: 256 * 1024, reconnectMs: 100 },
  disk: {
    readMs: { min: 0.02, max: 0.1 },
    writeMs: { min: 0.01, max: 0.05 },
    syncMs: { min: 0.2, max: 2 },
    capacityBytes: Number.MAX_SAFE_INTEGER,
    readError: 0,
    keepsUnsynced: true,
  },
};

export function profileOf(base: Profile, options: ProfileOptions): Profile {
  return {
    cpu: { ...base.cpu, ...options.cpu },
    network: { ...base.network, ...options.network },
    links: { ...base.links, ...options.links },
    disk: { ...base.disk, ...options.disk },
  };
}
