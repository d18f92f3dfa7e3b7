/** What package-session.ts uses of the package node-zookeeper-client 1.1.3, which brings no types. */
declare module "node-zookeeper-client" {
  import type { EventEmitter } from "node:events";

  /** Longs are eight bytes, big-endian. */
  export interface PackageStat {
    readonly czxid: Buffer;
    readonly mzxid: Buffer;
    readonly ctime: Buffer;
    readonly mtime: Buffer;
    readonly version: number;
    readonly cversion: number;
    readonly aversion: number;
    readonly ephemeralOwner: Buffer;
    readonly dataLength: number;
    readonly numChildren: number;
    readonly pzxid: Buffer;
  }
  export interface PackageAcl {
    readonly permission: number;
    readonly id: { readonly scheme: string; readonly id: string };
  }
  export type Callback<T extends unknown[]> = (error: Error | null | undefined, ...values: T) => void;
  export type Watcher = (event: { readonly type: number; readonly path: string }) => void;

  export interface PackageTransaction {
    readonly ops: { version?: number }[];
    create(path: string, data: Buffer | null, acls: PackageAcl[], mode: number): this;
    check(path: string, version: number): this;
    setData(path: string, data: Buffer | null, version: number): this;
    remove(path: string, version: number): this;
    commit(
      callback: Callback<[{ readonly type: number; readonly path?: string; stat?: PackageStat; err?: number }[]]>,
    ): void;
  }

  export interface PackageClient extends EventEmitter {
    readonly connectionManager: {
      readonly zxid: Buffer;
      readonly socket?: { destroy(): void };
    };
    connect(): void;
    close(): void;
    getSessionId(): Buffer;
    getSessionTimeout(): number;
    addAuthInfo(scheme: string, auth: Buffer): void;
    create(path: string, data: Buffer | null, acls: PackageAcl[], mode: number, callback: Callback<[string]>): void;
    remove(path: string, version: number, callback: Callback<[]>): void;
    exists(path: string, watcher: Watcher | undefined, callback: Callback<[PackageStat | null]>): void;
    getData(path: string, watcher: Watcher | undefined, callback: Callback<[Buffer | undefined, PackageStat]>): void;
    setData(path: string, data: Buffer, version: number, callback: Callback<[PackageStat]>): void;
    getACL(path: string, callback: Callback<[PackageAcl[], PackageStat]>): void;
    setACL(path: string, acls: PackageAcl[], version: number, callback: Callback<[PackageStat]>): void;
    getChildren(path: string, watcher: Watcher | undefined, callback: Callback<[string[], PackageStat]>): void;
    transaction(): PackageTransaction;
  }

  interface PackageExports {
    createClient(
      servers: string,
      options: { readonly sessionTimeout: number; readonly spinDelay: number; readonly retries: number },
    ): PackageClient;
    readonly ACL: new (permission: number, id: PackageAcl["id"]) => PackageAcl;
    readonly Id: new (scheme: string, id: string) => PackageAcl["id"];
    readonly State: Readonly<Record<"SYNC_CONNECTED" | "DISCONNECTED" | "EXPIRED" | "AUTH_FAILED", object>>;
  }
  const exported: PackageExports;
  export default exported;
}
