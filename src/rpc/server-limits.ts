/** What clients of a Thrift server may cost it. */

export interface ServerLimits {
  /** A longer call ends its connection. Storm's default for nimbus, supervisor and DRPC (`*.max_buffer_size`): 1 MiB. */
  readonly maxFrameBytes: number;
  /** One more, and the connection that has been silent for longest, without a call, is closed. */
  readonly connectionsMax: number;
  /** Calls without answer on one connection; while there are so many it is not read from. */
  readonly callsPerConnectionMax: number;
  /** Bytes of all calls without answer: above it nothing is read. And bytes of all unfinished frames: above it one at a time goes on. */
  readonly heldBytesMax: number;
  /** Bytes of answers that one client has not read; above it the connection is closed. */
  readonly unsentBytesMax: number;
  /** How long a client may take to finish a frame, and how long it may read nothing of the answers that wait for it. */
  readonly stallMs: number;
}

export const defaultServerLimits: ServerLimits = {
  maxFrameBytes: 1024 * 1024,
  connectionsMax: 10_000,
  callsPerConnectionMax: 1024,
  heldBytesMax: 128 * 1024 * 1024,
  unsentBytesMax: 64 * 1024 * 1024,
  stallMs: 60_000,
};
