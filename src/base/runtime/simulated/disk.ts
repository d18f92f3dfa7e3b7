/**
 * A host's disk: folders and files as its processes see them, and what a power failure leaves of them. As POSIX has
 * it, a name is durable only when its folder was synced, whatever became of the file's bytes.
 */

import type { SeededRandom } from "../../random.ts";
import { FsError } from "../runtime.ts";
import { DiskFile } from "./disk-file.ts";
import type { DiskProfile } from "./profile.ts";

export class DiskDirectory {
  readonly entries = new Map<string, DiskNode>();
  /** Entries on stable storage. */
  readonly durable = new Map<string, DiskNode>();
  modifiedMs: number;

  constructor(modifiedMs: number) {
    this.modifiedMs = modifiedMs;
  }
}

export type DiskNode = DiskFile | DiskDirectory;

/** One name set or removed (`node` null) since its folder was synced. Those of a rename share a group. */
interface EntryChange {
  readonly group: number;
  readonly directory: DiskDirectory;
  readonly name: string;
  readonly node: DiskNode | null;
}

export class Disk {
  readonly root: DiskDirectory;
  /** May be changed at any time. */
  profile: DiskProfile;
  readonly #random: SeededRandom;
  readonly #nowMs: () => number;
  #unsynced: EntryChange[] = [];
  #groups = 0;
  /** Set by tests: from now on every write fails with ENOSPC. */
  full = false;

  constructor(random: SeededRandom, profile: DiskProfile, nowMs: () => number) {
    this.#random = random;
    this.profile = profile;
    this.#nowMs = nowMs;
    this.root = new DiskDirectory(nowMs());
  }

  find(path: string): DiskNode | undefined {
    let node: DiskNode | undefined = this.root;
    for (const name of namesOf(path)) {
      if (!(node instanceof DiskDirectory)) return undefined;
      node = node.entries.get(name);
    }
    return node;
  }

  file(path: string): DiskFile {
    const node = this.find(path);
    if (node === undefined) throw fsError("ENOENT", path);
    if (node instanceof DiskDirectory) throw fsError("EISDIR", path);
    return node;
  }

  directory(path: string): DiskDirectory {
    const node = this.find(path);
    if (node === undefined) throw fsError("ENOENT", path);
    if (node instanceof DiskFile) throw fsError("ENOTDIR", path);
    return node;
  }

  createFile(path: string): DiskFile {
    const file = new DiskFile(this.#nowMs());
    this.#link(path, file, ++this.#groups);
    return file;
  }

  /** With its parents. */
  makeDirectory(path: string): void {
    let directory = this.root;
    for (const name of namesOf(path)) {
      const next = directory.entries.get(name);
      if (next instanceof DiskFile) throw fsError("EEXIST", path);
      directory = next ?? this.#addDirectory(directory, name);
    }
  }

  rename(from: string, to: string): void {
    const node = this.find(from);
    if (node === undefined) throw fsError("ENOENT", from);
    const target = this.find(to);
    if (target === node) return;
    if (node instanceof DiskDirectory && normalPath(to).startsWith(`${normalPath(from)}/`)) throw fsError("EINVAL", to);
    if (target instanceof DiskDirectory) {
      if (node instanceof DiskFile) throw fsError("EISDIR", to);
      if (target.entries.size > 0) throw fsError("ENOTEMPTY", to);
    } else if (target !== undefined && node instanceof DiskDirectory) throw fsError("ENOTDIR", to);
    const group = ++this.#groups;
    this.#link(to, node, group);
    this.#unlink(from, group);
  }

  remove(path: string): void {
    if (this.find(path) !== undefined) this.#unlink(path, ++this.#groups);
  }

  /** The names in this folder are durable, with the other halves of their renames. */
  syncDirectory(path: string): void {
    const directory = this.directory(path);
    const groups = new Set<number>();
    for (const change of this.#unsynced) if (change.directory === directory) groups.add(change.group);
    this.#settle((change) => groups.has(change.group));
  }

  /** Throws ENOSPC when `bytes` more do not fit. */
  reserve(path: string, bytes: number): void {
    const { capacityBytes } = this.profile;
    if (this.full || (capacityBytes !== Number.MAX_SAFE_INTEGER && this.usedBytes() + bytes > capacityBytes)) {
      throw fsError("ENOSPC", path);
    }
  }

  usedBytes(directory: DiskDirectory = this.root): number {
    let sum = 0;
    for (const node of directory.entries.values())
      sum += node instanceof DiskFile ? node.allocatedBytes : this.usedBytes(node);
    return sum;
  }

  /** Output of a process that was sent to a file; lost when the file cannot be made. */
  appendLine(path: string, line: string): void {
    const found = this.find(path);
    if (found instanceof DiskDirectory || this.full) return;
    const parent = found ?? this.find(`${path}/..`);
    if (parent === undefined) return;
    const file = found ?? this.createFile(path);
    file.write(new TextEncoder().encode(`${line}\n`), file.size);
    this.touch(file);
  }

  touch(file: DiskFile): void {
    file.modifiedMs = this.#nowMs();
  }

  /** What was not synced is lost, whole or in part; names that were not synced survive up to a point in their order. */
  powerOff(): void {
    const { keepsUnsynced } = this.profile;
    const surviving = keepsUnsynced && this.#groups > 0 ? this.#random.below(this.#unsynced.length + 1) : 0;
    const lastGroup = surviving === 0 ? -1 : this.#unsynced[surviving - 1]!.group;
    this.#settle((change) => change.group <= lastGroup);
    this.#unsynced = [];
    this.#revert(this.root, new Set());
  }

  #revert(directory: DiskDirectory, seen: Set<DiskNode>): void {
    if (seen.has(directory)) return;
    seen.add(directory);
    directory.entries.clear();
    for (const [name, node] of directory.durable) {
      directory.entries.set(name, node);
      if (node instanceof DiskDirectory) this.#revert(node, seen);
      else if (!seen.has(node)) {
        seen.add(node);
        node.powerOff(this.#random, this.profile.keepsUnsynced);
      }
    }
  }

  /** Moves changes to stable storage. Older ones of the same name that were left behind no longer matter. */
  #settle(belongs: (change: EntryChange) => boolean): void {
    const rest: EntryChange[] = [];
    for (const change of this.#unsynced) {
      if (!belongs(change)) {
        rest.push(change);
        continue;
      }
      if (change.node === null) change.directory.durable.delete(change.name);
      else change.directory.durable.set(change.name, change.node);
      const older = rest.findIndex((other) => other.directory === change.directory && other.name === change.name);
      if (older >= 0) rest.splice(older, 1);
    }
    this.#unsynced = rest;
  }

  #addDirectory(parent: DiskDirectory, name: string): DiskDirectory {
    const directory = new DiskDirectory(this.#nowMs());
    this.#change({ group: ++this.#groups, directory: parent, name, node: directory });
    return directory;
  }

  #link(path: string, node: DiskNode, group: number): void {
    const { parent, name } = this.#parentOf(path);
    this.#change({ group, directory: parent, name, node });
  }

  #unlink(path: string, group: number): void {
    const { parent, name } = this.#parentOf(path);
    this.#change({ group, directory: parent, name, node: null });
  }

  #change(change: EntryChange): void {
    this.#unsynced.push(change);
    if (change.node === null) change.directory.entries.delete(change.name);
    else change.directory.entries.set(change.name, change.node);
    change.directory.modifiedMs = this.#nowMs();
  }

  #parentOf(path: string): { parent: DiskDirectory; name: string } {
    const names = namesOf(path);
    const name = names.pop();
    if (name === undefined) throw fsError("EBUSY", path);
    return { parent: this.directory(`/${names.join("/")}`), name };
  }
}

export function fsError(code: string, path: string): FsError {
  return new FsError(code, path, `${code}: ${path}`);
}

/** Absolute, without `.`, `..` and doubled slashes. */
function normalPath(path: string): string {
  return `/${namesOf(path).join("/")}`;
}

function namesOf(path: string): string[] {
  const names: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") names.pop();
    else if (part !== "" && part !== ".") names.push(part);
  }
  return names;
}
