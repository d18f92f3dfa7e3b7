/** What a cluster is, as its owner wrote it: the contents of cluster.yaml with all defaults filled in. */

/** Daemons as processes of this machine. Further targets are siblings of it. */
export type Target = "processes";

/** `classroom`: short time-outs, so that a dead worker is replaced within seconds; `storm`: Storm's own defaults. */
export type Pace = "classroom" | "storm";

export interface ClusterSpec {
  readonly name: string;
  readonly target: Target;
  readonly pace: Pace;
  /** `classic`: Storm's and the tutorial's own ports; a number: the first port of a block of its own. */
  readonly ports: "classic" | number;
  readonly zookeeper: { readonly servers: number };
  readonly nimbus: { readonly count: number };
  readonly supervisors: {
    readonly count: number;
    /** Worker processes that each supervisor may run. */
    readonly slots: number;
  };
  /** On the first nodes, one each. */
  readonly drpc: { readonly count: number };
  /** On the first nodes, one each. */
  readonly ui: { readonly count: number };
  /** Keys of storm.yaml for every daemon, on top of what the pace says. */
  readonly storm: Readonly<Record<string, unknown>>;
}

export const defaultSpec: ClusterSpec = {
  name: "classroom",
  target: "processes",
  pace: "classroom",
  ports: "classic",
  zookeeper: { servers: 3 },
  nimbus: { count: 1 },
  supervisors: { count: 2, slots: 4 },
  drpc: { count: 1 },
  ui: { count: 1 },
  storm: {},
};

/** Ports of a block, from its first one; a block is as long as that. */
export const portsInBlock = 200;
