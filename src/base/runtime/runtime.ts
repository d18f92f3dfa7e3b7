/**
 * The door through which the world reaches every daemon: time, timers, randomness, sockets, message links,
 * files, processes and the log. `real` is Node; `simulated` is virtual time and a seeded network, disk and
 * process table. A daemon cannot tell which it was given.
 */

export interface Runtime {
  /** The process's name in logs and timelines, such as `nimbus` or `worker-6700`. */
  readonly name: string;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly random: Random;
  readonly net: Net;
  readonly links: Links;
  readonly fs: FileSystem;
  readonly processes: Processes;
  readonly log: Log;
}

export interface Clock {
  /** Wall clock, milliseconds since 1970-01-01 UTC; may jump. For timestamps only. */
  nowMs(): number;
  /** Never goes back; fractions of a millisecond count. For durations and deadlines. */
  monotonicMs(): number;
}

export interface Timer {
  /** Idempotent; after it returns the callback never runs. */
  cancel(): void;
}

export interface Timers {
  after(delayMs: number, callback: () => void): Timer;
  /** First call after one period. A call that comes late does not make the next ones bunch up. */
  every(periodMs: number, callback: () => void): Timer;
  /** Runs after the I/O that is already waiting has been served; costs no delay. */
  soon(callback: () => void): void;
}

export interface Random {
  /** 0 … 2³²−1. */
  uint32(): number;
  /** 0 ≤ x < 1. */
  float(): number;
  /** 0 ≤ x < `bound`, `bound` ≤ 2³². */
  below(bound: number): number;
  bytes(count: number): Uint8Array;
}

/** TCP. */
export interface Net {
  /**
   * Port 0 picks a free one. Rejects with `NetError` (`EADDRINUSE`, `EACCES`, `EADDRNOTAVAIL`).
   * Without `host` every address of the machine, IPv4 and IPv6, is listened on.
   */
  listen(options: ListenOptions, onConnection: (socket: Socket) => void): Promise<Listener>;
  /** Rejects with `NetError` (`ECONNREFUSED`, `ETIMEDOUT`, `EHOSTUNREACH`, `ENOTFOUND`). Nagle is off. */
  connect(options: ConnectOptions): Promise<Socket>;
}

export interface ListenOptions {
  readonly host?: string;
  readonly port: number;
}

export interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  /** Stops accepting; established sockets live on. */
  close(): Promise<void>;
}

export interface SocketHandlers {
  data(bytes: Uint8Array): void;
  /** The write buffer has emptied after `write` returned false. */
  drain?(): void;
  /** The peer will send no more. Without this handler the socket is ended in answer. */
  end?(): void;
  /** Exactly once, last; `error` is absent after an orderly close. */
  close(error?: NetError): void;
}

export interface Socket {
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  /** Bytes written that the operating system has not taken. */
  readonly bufferedBytes: number;
  /** Once, in the same turn in which the socket was received. */
  handle(handlers: SocketHandlers): void;
  /** The bytes belong to the socket from here on. False: the buffer is above its mark, wait for `drain`. Ignored after close. */
  write(bytes: Uint8Array): boolean;
  /** Stop and go on delivering `data`. */
  pause(): void;
  resume(): void;
  /** Sends what is buffered, then FIN. */
  end(): void;
  /** At once, with what is buffered lost. */
  destroy(): void;
}

export class NetError extends Error {
  override readonly name = "NetError";
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Whole messages in one direction, many pushers to one puller, as ZeroMQ's PUSH and PULL. */
export interface Links {
  /** `tcp://host:port` (port `0` or `*`: a free one) or `ipc://path`. Rejects with `NetError` when the address is taken. */
  pull(address: string, onFrame: (frame: Uint8Array) => void): Promise<PullLink>;
  /** Never fails because the peer is away: it connects, and connects again, until closed. */
  push(address: string): PushLink;
}

export interface PullLink {
  /** The address that peers can push to, with the port that was bound. */
  readonly address: string;
  pause(): void;
  resume(): void;
  close(): Promise<void>;
}

export interface PushLink {
  readonly address: string;
  /**
   * Takes one frame; resolves when the link has room for the next one. One call at a time: the caller waits for
   * the promise before it sends again, so what a link holds is bounded by the link's own high-water mark.
   * Frames that were in flight when the peer died may be lost; none is delivered twice, none out of order.
   */
  send(frame: Uint8Array): Promise<void>;
  /** What has not left after `lingerMs` (default 0) is dropped. */
  close(lingerMs?: number): Promise<void>;
}

export type OpenMode = "read" | "read-write" | "create" | "create-new" | "append";

export interface FileSystem {
  /**
   * `read` and `read-write` need the file; `create` makes or empties it; `create-new` fails with `EEXIST`; `append` makes it if
   * needed and writes at the end. Rejects with `FsError` (`ENOENT`, `EISDIR`, `EACCES`, `ENOSPC`, `EEXIST`).
   */
  open(path: string, mode: OpenMode): Promise<FileHandle>;
  readFile(path: string): Promise<Uint8Array>;
  /** Not atomic and not synced: see `replaceFile` of base for that. */
  writeFile(path: string, bytes: Uint8Array): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  /** A file, or a folder with all that is in it; nothing there is not an error. */
  remove(path: string): Promise<void>;
  /** With its parents; there already is not an error. */
  makeDirectory(path: string): Promise<void>;
  /** Names, sorted. */
  list(path: string): Promise<string[]>;
  stat(path: string): Promise<FileStat | null>;
  /** Where it really is, through every symbolic link; null: nothing is there. */
  realPath(path: string): Promise<string | null>;
  /** Makes renames, creations and removals in this folder durable. */
  syncDirectory(path: string): Promise<void>;
}

export interface FileStat {
  readonly kind: "file" | "directory" | "other";
  readonly size: number;
  readonly modifiedMs: number;
}

export interface FileHandle {
  /** Bytes read, 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** Writes all bytes; in `append` mode `position` is ignored. */
  write(bytes: Uint8Array, position: number): Promise<void>;
  /** Contents and size are on stable storage when it resolves (fdatasync). */
  sync(): Promise<void>;
  truncate(size: number): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export class FsError extends Error {
  override readonly name = "FsError";
  readonly code: string;
  readonly path: string;
  constructor(code: string, path: string, message: string) {
    super(message);
    this.code = code;
    this.path = path;
  }
}

export interface Processes {
  readonly pid: number;
  /** `program` `storm-lab` is this program itself; anything else is an executable. */
  spawn(options: SpawnOptions): Promise<Child>;
  /** Whether a process with this id lives. */
  alive(pid: number): boolean;
  /**
   * What tells the process from any other that had or will have its id, also over a restart of the machine: record it beside the
   * id, and compare before a signal. `null` when no such process runs. One line without spaces.
   */
  identity(pid: number): string | null;
  /** Processor time that the process has taken since its start, ms; null where it does not run, or the system does not tell. */
  cpuMs(pid: number): number | null;
  /** Memory that the process holds, bytes; null as `cpuMs`. */
  residentBytes(pid: number): number | null;
  /** False when there is no such process. */
  signal(pid: number, signal: Signal): boolean;
  /** Runs instead of what the signal does to a process by default (its death). One handler a signal; the last one counts. */
  onSignal(signal: "SIGTERM" | "SIGINT", handler: () => void): void;
  /** The channel to the process that spawned this one with `channel: true`; `null` when there is none. */
  parentChannel(): ParentChannel | null;
}

export interface ParentChannel {
  /** Ignored after the parent's end. */
  send(message: unknown): void;
  /** Messages that came before the first handler are kept for it. */
  onMessage(handler: (message: unknown) => void): void;
  /** The parent has gone. Only a detached child lives to see it. */
  onClose(handler: () => void): void;
}

export type Signal = "SIGTERM" | "SIGKILL" | "SIGINT" | "SIGSTOP" | "SIGCONT";

export interface SpawnOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Messages as structured data between parent and child (`Child.send`, `parentChannel`). Default false. */
  readonly channel?: boolean;
  /**
   * Lives on when its parent ends. Default false: it is killed with the parent, even one that dies by SIGKILL. A program that
   * is not storm-lab itself only sees the end of its standard input then.
   */
  readonly detached?: boolean;
  /**
   * `small`: it mostly waits, and is to take little memory rather than run fast. Only for storm-lab itself. Default `normal`.
   */
  readonly heap?: "small" | "normal";
  /** Where its output goes: to files (appended), to `onOutput`, or to this process's own. Default "inherit". */
  readonly output?: "inherit" | "pipe" | { readonly stdout: string; readonly stderr: string };
}

export interface Child {
  readonly pid: number;
  /** Resolves once, when the process has ended. */
  readonly exited: Promise<ExitStatus>;
  signal(signal: Signal): void;
  /** Only with `channel`; ignored after the end. */
  send(message: unknown): void;
  onMessage(handler: (message: unknown) => void): void;
  /** Only with output `pipe`: whole lines, without their end. */
  onOutput(handler: (stream: "stdout" | "stderr", line: string) => void): void;
}

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
}

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error";

export interface Log {
  /** One line; `message` says it in words (ZooKeeper's and Storm's own where they have them), `fields` carry the values. */
  write(level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void;
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
