/** What a lab is. Its author writes one `lab.ts` and two Markdown files; docs/labs.md tells how. */
import type { Text } from "../../src/language/index.ts";
import type { LabCluster } from "./lab-cluster.ts";

export interface Lab {
  /** Also the name of its folder under `labs/`. */
  readonly id: string;
  readonly number: number;
  /** For a student who has not done it before. */
  readonly minutes: number;
  /** What must be there before its first step. */
  readonly needs: LabNeeds;
  /** Topologies that it puts onto the cluster, by name: they are killed when it is reset. */
  readonly topologies: readonly string[];
  /** Under `labs/`: what the student gets to work with, and what it becomes. */
  readonly starter: string;
  readonly solution: string;
  /** Files under `labs/` that the student gets besides. */
  readonly files?: readonly string[];
  readonly steps: readonly LabStep[];
}

export interface LabNeeds {
  /** False: bringing it up is part of the lab. */
  readonly cluster: boolean;
  readonly supervisors: number;
  readonly freeSlots: number;
}

/** read: nothing is asked. do: a command or an edit. predict: say it before you look. break: a fault. observe: look what came of it. */
export const stepKinds = ["read", "do", "predict", "break", "observe"] as const;

export interface LabStep {
  readonly id: string;
  readonly kind: (typeof stepKinds)[number];
  /** Of a predict step: what can be answered. Its text says what each means. */
  readonly choices?: readonly string[];
  /** Asked when the step begins, and given to the check: what was there before. */
  readonly baseline?: (cluster: LabCluster) => Promise<unknown>;
  /** Every do, break and observe step has one. */
  readonly check?: Check;
  /** The predict step that this one answers. */
  readonly reveals?: string;
  /** How the author proves the check: `storm-lab lab verify` does it on a real cluster. */
  readonly proof?: Proof;
}

/** Asks the live cluster. Never asks what the student says. */
export type Check = (asked: Asked) => Promise<Evidence>;

export interface Asked {
  readonly cluster: LabCluster;
  /** Where the student works. */
  readonly folder: string;
  /** What the baselines of this step and those before it saw, by step. */
  readonly baselines: ReadonlyMap<string, unknown>;
}

export interface Evidence {
  readonly met: boolean;
  readonly expected: Text;
  readonly seen: Text;
  /** Where the student sees it too: a command, a path, an address. */
  readonly where: string;
  /** Which choice of the predict step came true. */
  readonly reality?: string;
}

export interface Proof {
  /** Leads to where a student is who has not done the step. */
  readonly starter: readonly Act[];
  /** What the check then says it has seen, in English. */
  readonly fails: RegExp;
  /** Does the step. */
  readonly solution: readonly Act[];
}

/** Words after `storm-lab`, or whose files to lay into the student's folder. */
export type Act = readonly string[] | "starter" | "solution";
