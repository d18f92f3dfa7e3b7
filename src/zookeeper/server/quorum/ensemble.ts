/** The members of an ensemble as its configuration names them, and the rules of time that hold between them. */
import { formatAddress } from "../../../wire/zookeeper/quorum/index.ts";
import type { QuorumVerifier } from "./quorum-verifier.ts";

export interface EnsembleMember {
  readonly sid: number;
  readonly host: string;
  /** Where a leader listens for learners. */
  readonly quorumPort: number;
  readonly electionPort: number;
  readonly type: "participant" | "observer";
}

export interface Ensemble {
  /** This server's `myid`. */
  readonly myId: number;
  readonly members: ReadonlyMap<number, EnsembleMember>;
  readonly verifier: QuorumVerifier;
  /** What `/zookeeper/config` shows: `server.N=…` lines and `version=0`, without a newline at the end. */
  readonly configText: string;
  readonly tickMs: number;
  /** Ticks that connecting to a leader and catching up may take. */
  readonly initLimit: number;
  /** Ticks of silence after which leader and learner give each other up. */
  readonly syncLimit: number;
  /** Ticks that connecting to a leader may take. Default: `initLimit`. */
  readonly connectToLearnerMasterLimit?: number;
  /** Listen on every address instead of the one that the configuration names. Default: false. */
  readonly listenOnAllIps?: boolean;
}

/** As ZooKeeper prints an address that it could not reach. */
export function printedAddress(host: string, port: number, resolved: boolean): string {
  if (!resolved) return `${host}/<unresolved>:${port}`;
  const literal = /^[\d.]+$/.test(host) || host.includes(":");
  return literal ? `/${formatAddress(host, port)}` : formatAddress(host, port);
}
