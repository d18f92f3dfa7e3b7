/** What a simulation tells of, as data: the timeline in words and the JSON are made from it. */

export const faultKinds = ["crash", "pause", "partition", "session-expiry", "clock-skew"] as const;
export type FaultKind = (typeof faultKinds)[number];

/** What a fault befalls. `node`: the machine with all that runs on it. */
export type Victim = "nimbus" | "supervisor" | "worker" | "zookeeper" | "node";

export interface Place {
  readonly host: string;
  readonly port: number;
}

export type Happening =
  | {
      readonly event: "begun";
      readonly nodes: number;
      readonly nimbuses: number;
      readonly zooKeepers: number;
      readonly seed: number;
    }
  | { readonly event: "ensemble-leader" }
  | { readonly event: "nimbus-leader" }
  | { readonly event: "supervisors-joined"; readonly count: number }
  | { readonly event: "supervisor-joined" }
  | { readonly event: "supervisor-lost" }
  | { readonly event: "submit"; readonly name: string; readonly workers: number }
  | { readonly event: "kill"; readonly name: string; readonly waitSecs: number }
  | { readonly event: "rebalance"; readonly name: string; readonly workers: number }
  | { readonly event: "asks-again"; readonly name: string; readonly why: string }
  | { readonly event: "topology-created"; readonly id: string }
  | { readonly event: "topology-status"; readonly id: string; readonly status: string }
  | { readonly event: "topology-removed"; readonly id: string }
  | { readonly event: "assigned"; readonly id: string; readonly places: readonly Place[] }
  | {
      readonly event: "reassigned";
      readonly id: string;
      readonly given: readonly Place[];
      readonly taken: readonly Place[];
      readonly workers: number;
    }
  | { readonly event: "workers-started"; readonly id: string; readonly places: readonly Place[] }
  | { readonly event: "workers-ended"; readonly id: string; readonly places: readonly Place[] }
  | { readonly event: "tuples-flow"; readonly id: string }
  | {
      readonly event: "fault";
      readonly fault: FaultKind;
      readonly victim: Victim;
      readonly forMs: number;
      /** Clock skew: by how much. */
      readonly skewMs?: number;
      readonly port?: number;
    }
  | { readonly event: "fault-over"; readonly fault: FaultKind; readonly victim: Victim }
  | { readonly event: "faults-cease" }
  | { readonly event: "healed"; readonly tookMs: number }
  | { readonly event: "swept"; readonly topologies: number }
  | { readonly event: "violation"; readonly what: string };

/** `atMs`: virtual, from the beginning. `who`: a host, `cluster`, or `student`. */
export type SimulationEvent = { readonly atMs: number; readonly who: string } & Happening;

/** One thing that was checked, and how much of it was seen. */
export type Check =
  | { readonly check: "converged"; readonly holds: boolean; readonly tookMs: number; readonly withinMs: number }
  | { readonly check: "one-owner-a-slot"; readonly holds: boolean; readonly assignments: number }
  | { readonly check: "killed-is-killed"; readonly holds: boolean; readonly topologies: number }
  | { readonly check: "nothing-left"; readonly holds: boolean; readonly topologies: number }
  | {
      readonly check: "one-writer";
      readonly holds: boolean;
      readonly writes: number;
      readonly leaders: number;
      readonly transactions: number;
    }
  | { readonly check: "as-told"; readonly holds: boolean; readonly answers: number }
  | { readonly check: "tuples"; readonly holds: boolean; readonly acked: number };

export interface SimulationReport {
  readonly nodes: number;
  readonly seed: number;
  /** Whether every check held. */
  readonly well: boolean;
  readonly checks: readonly Check[];
  readonly violations: readonly string[];
  /** By kind. */
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
  readonly virtualMs: number;
  /** Fingerprint of everything that happened in the simulated world. */
  readonly trace: string;
}
