/**
 * Where Storm 2.8 keeps what in ZooKeeper. No other room spells such a path.
 * Source: ClusterUtils and Nimbus of Storm 2.8.8.
 */

/** Below `storm.zookeeper.root`. Every daemon makes these at its start. */
export const baseNodes = [
  "assignments",
  "storms",
  "supervisors",
  "workerbeats",
  "errors",
  "blobstore",
  "nimbuses",
  "logconfigs",
  "backpressure",
] as const;

/** What else stands there, made when it is needed. */
type OtherNode = "leader-lock" | "credentials" | "profilerconfigs" | "blobstoremaxkeysequencenumber";

/** What of a ProfileRequest is in its path: host, port, and the action by its name in Storm. */
interface RequestOfWorker {
  readonly nodeInfo: { readonly node: string; readonly port: ReadonlySet<number> };
  readonly action: string;
}

export class Paths {
  /** Without a `/` at its end; empty when the cluster owns the whole tree. */
  readonly root: string;

  constructor(root: string) {
    this.root = root.replace(/\/+$/, "");
  }

  base(name: (typeof baseNodes)[number] | OtherNode): string {
    return `${this.root}/${name}`;
  }

  supervisor(id: string): string {
    return `${this.base("supervisors")}/${id}`;
  }

  storm(topologyId: string): string {
    return `${this.base("storms")}/${topologyId}`;
  }

  assignment(topologyId: string): string {
    return `${this.base("assignments")}/${topologyId}`;
  }

  workerBeats(topologyId: string): string {
    return `${this.base("workerbeats")}/${topologyId}`;
  }

  workerBeat(topologyId: string, node: string, port: number): string {
    return `${this.workerBeats(topologyId)}/${node}-${port}`;
  }

  errorsOf(topologyId: string): string {
    return `${this.base("errors")}/${topologyId}`;
  }

  errors(topologyId: string, component: string): string {
    return `${this.errorsOf(topologyId)}/${urlEncoded(component)}`;
  }

  lastError(topologyId: string, component: string): string {
    return `${this.errors(topologyId, component)}-last-error`;
  }

  nimbus(nimbusId: string): string {
    return `${this.base("nimbuses")}/${nimbusId}`;
  }

  blob(key: string): string {
    return `${this.base("blobstore")}/${key}`;
  }

  blobHolder(key: string, nimbusId: string, version: number): string {
    return `${this.blob(key)}/${nimbusId}-${version}`;
  }

  blobMaxVersion(key: string): string {
    return `${this.base("blobstoremaxkeysequencenumber")}/${key}`;
  }

  credentials(topologyId: string): string {
    return `${this.base("credentials")}/${topologyId}`;
  }

  logConfig(topologyId: string): string {
    return `${this.base("logconfigs")}/${topologyId}`;
  }

  profilerConfigs(topologyId: string): string {
    return `${this.base("profilerconfigs")}/${topologyId}`;
  }

  /** One node a request: of the same action the later replaces the earlier. */
  profilerConfig(topologyId: string, { nodeInfo, action }: RequestOfWorker): string {
    return `${this.profilerConfigs(topologyId)}/${nodeInfo.node}_${[...nodeInfo.port][0]}_${action}`;
  }

  backpressure(topologyId: string): string {
    return `${this.base("backpressure")}/${topologyId}`;
  }
}

/** As java.net.URLEncoder does: component ids may hold any character, znode names may not. */
function urlEncoded(text: string): string {
  return encodeURIComponent(text.toWellFormed())
    .replaceAll("%20", "+")
    .replaceAll(/[!'()~]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}
