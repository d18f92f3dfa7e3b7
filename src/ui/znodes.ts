/** ZooKeeper's tree for who looks into it: a node with its children, once, or again whenever one of its watches fires. */
import type { Runtime } from "../base/index.ts";
import type { HttpStream } from "../http/index.ts";
import { dataJson, follow, statJson } from "../state/index.ts";
import { checkPath, openZooKeeper, type ZooKeeperClient, type ZooKeeperClientOptions } from "../zookeeper/index.ts";

export interface Znode {
  readonly path: string;
  /** Sorted. */
  readonly children: readonly string[];
  /** `utf8`, `base64`, `thrift` (an object), after `gzip+` when it was packed; `none`. */
  readonly encoding: string;
  readonly data: unknown;
  readonly stat: Readonly<Record<string, string | number>>;
}

/** Besides the watches. */
const pollMs = 10_000;
/** Of a node with thousands. */
const childrenMax = 5000;
/** What a person can read of one node. */
const dataBytesMax = 256 * 1024;

export class Znodes implements AsyncDisposable {
  readonly #runtime: Runtime;
  readonly #options: ZooKeeperClientOptions;
  /** Opened by the first question: most daemons are never asked. */
  #client: ZooKeeperClient | null = null;

  constructor(runtime: Runtime, options: ZooKeeperClientOptions) {
    this.#runtime = runtime;
    this.#options = options;
  }

  /** Null: there is no such node. Throws SL-ZK-PATH and what a client throws. `watch` is told once of its next change. */
  async read(path: string, watch?: () => void): Promise<Znode | null> {
    checkPath(path);
    this.#client ??= openZooKeeper(this.#runtime, this.#options);
    const options = watch === undefined ? {} : { watch };
    const [node, found] = await Promise.all([
      this.#client.getData(path, options),
      this.#client.getChildren(path, options),
    ]);
    if (node === null || found === null) {
      // Only this watch tells of its creation.
      if (watch !== undefined) await this.#client.exists(path, { watch });
      return null;
    }
    const isShown = (node.data?.length ?? 0) <= dataBytesMax;
    const { data, encoding } = dataJson(path, isShown ? node.data : null, false);
    return {
      path,
      children: [...found.children].sort().slice(0, childrenMax),
      encoding: isShown ? encoding : "too long to show",
      data,
      stat: statJson(node.stat),
    };
  }

  /** The node now and after each change, as events named `znode`; null data: it is not there. Throws SL-ZK-PATH. */
  changes(path: string): HttpStream {
    checkPath(path);
    return {
      status: 200,
      contentType: "text/event-stream;charset=utf-8",
      begin: (write) => {
        let told = "";
        const following = follow(this.#runtime, {
          name: `znode ${path}`,
          pollMs,
          read: (watch) => this.read(path, watch),
          onValue: (node) => {
            const text = JSON.stringify(node);
            // A poll that finds what is known says that the stream lives.
            write(text === told ? ": still here\n\n" : `event: znode\ndata: ${text}\n\n`);
            told = text;
          },
        });
        return () => following.stop();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#client?.close();
  }
}
