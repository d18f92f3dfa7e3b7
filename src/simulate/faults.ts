/** Which faults befall whom and when: drawn from the seed before anything runs, so that a fault does not depend on what came of another. */
import type { SeededRandom } from "../base/index.ts";
import type { FaultKind, Victim } from "./events.ts";

export interface PlannedFault {
  readonly fault: FaultKind;
  readonly victim: Victim;
  /** From the beginning of the faulty time. */
  readonly startMs: number;
  readonly forMs: number;
  /** Which of those that there are; 0 … 1. */
  readonly which: number;
  /** More dice for details of the fault; 0 … 1. */
  readonly detail: number;
}

export interface FaultPlanOptions {
  readonly kinds: readonly FaultKind[];
  readonly nodes: number;
  readonly durationMs: number;
  /** Silence after which a ZooKeeper session is over. */
  readonly sessionMs: number;
}

/** What each kind can befall. A clock is the machine's. */
const victims: Readonly<Record<FaultKind, readonly Victim[]>> = {
  crash: ["worker", "worker", "supervisor", "nimbus", "zookeeper", "node"],
  pause: ["worker", "supervisor", "nimbus", "zookeeper", "node"],
  partition: ["node", "node", "nimbus", "zookeeper"],
  "session-expiry": ["supervisor", "nimbus"],
  "clock-skew": ["node", "nimbus", "zookeeper"],
};

/** Between two faults, in a cluster that one can follow by eye. */
const everyMs = { min: 1500, max: 5000 } as const;
const lastsMs = { min: 500, max: 12_000 } as const;
/** Each further so many nodes have faults of their own; nimbus and ZooKeeper have no more than those of a small cluster. */
const nodesPerStream = 50;
const streamsMax = 8;

export function planFaults(random: SeededRandom, options: FaultPlanOptions): PlannedFault[] {
  const { kinds, nodes } = options;
  if (kinds.length === 0) return [];
  const streams = Math.min(streamsMax, Math.max(1, Math.floor(nodes / nodesPerStream)));
  const planned: PlannedFault[] = [];
  for (let stream = 0; stream < streams; stream++) planned.push(...oneStream(random, options, stream > 0));
  return planned.sort((a, b) => a.startMs - b.startMs);
}

function oneStream(random: SeededRandom, options: FaultPlanOptions, onNodes: boolean): PlannedFault[] {
  const { kinds, durationMs, sessionMs } = options;
  const planned: PlannedFault[] = [];
  const nextMs = () => random.between(everyMs.min, everyMs.max);
  for (let startMs = nextMs() / 2; startMs < durationMs; startMs += nextMs()) {
    const fault = kinds[random.below(kinds.length)] as FaultKind;
    const those = victims[fault].filter((victim) => !onNodes || (victim !== "nimbus" && victim !== "zookeeper"));
    const victim = those[random.below(those.length)] as Victim;
    const lasts = Math.round(random.between(lastsMs.min, lastsMs.max));
    const forMs = fault === "session-expiry" ? Math.round(sessionMs * 1.5) : lasts;
    planned.push({ fault, victim, startMs, forMs, which: random.float(), detail: random.float() });
  }
  return planned;
}
