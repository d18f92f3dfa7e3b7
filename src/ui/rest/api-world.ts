/** What the paths of the REST API are answered from. */
import type { NimbusCalls } from "../../client/index.ts";
import type { StormConf } from "../../conf/index.ts";
import type { LogFile } from "../../logviewer/index.ts";
import type { Member } from "../ensemble.ts";
import type { ClusterEvent } from "../events/cluster-event.ts";
import type { TupleTree } from "../tuple-trees.ts";
import type { Znode } from "../znodes.ts";
import type { LogLinks } from "./links.ts";

export interface ApiWorld {
  readonly nimbus: NimbusCalls;
  readonly conf: StormConf;
  readonly links: LogLinks;
  /** `scheduler.display.resource`. */
  readonly displaysResources: boolean;
  /** Of the ZooKeeper servers. */
  askEnsemble(): Promise<readonly Member[]>;
  /** Of late, oldest first. */
  happenings(): readonly ClusterEvent[];
  /** Null: there is none at this path. */
  znode(path: string): Promise<Znode | null>;
  /** Of a topology, through a DRPC server. */
  callFunction(functionName: string, args: string): Promise<string>;
  /** All that this daemon serves. */
  logs(): Promise<readonly LogFile[]>;
  /** Tuples of a topology that are followed, newest first. */
  tupleTrees(topologyId: string): Promise<readonly TupleTree[]>;
  nowMs(): number;
}
