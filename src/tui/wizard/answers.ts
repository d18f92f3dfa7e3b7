/** What the wizard knows when it has asked: a cluster, and what is to become of it. As a spec, and as flags of `init`. Pure. */
import { type ClusterSpec, clusterFileText, defaultSpec } from "../../../provision/index.ts";

/** `up`: save and bring it up; `save`: cluster.yaml and the scripts; `print`: only show cluster.yaml. */
export type Ending = "up" | "save" | "print";

export interface Answers {
  readonly name: string;
  readonly zookeeper: number;
  readonly nimbus: number;
  readonly supervisors: number;
  readonly slots: number;
  readonly pace: ClusterSpec["pace"];
  readonly ports: ClusterSpec["ports"];
  readonly drpc: number;
  readonly ui: number;
  readonly ending: Ending;
}

/** What stands for a flag that is left out. */
export const defaultAnswers: Answers = {
  name: defaultSpec.name,
  zookeeper: defaultSpec.zookeeper.servers,
  nimbus: defaultSpec.nimbus.count,
  supervisors: defaultSpec.supervisors.count,
  slots: defaultSpec.supervisors.slots,
  pace: defaultSpec.pace,
  ports: defaultSpec.ports,
  drpc: defaultSpec.drpc.count,
  ui: defaultSpec.ui.count,
  ending: "save",
};

export function specOf(answers: Answers): ClusterSpec {
  const { name, pace, ports, zookeeper, nimbus, supervisors, slots, drpc, ui } = answers;
  return {
    ...defaultSpec,
    name,
    pace,
    ports,
    zookeeper: { servers: zookeeper },
    nimbus: { count: nimbus },
    supervisors: { count: supervisors, slots },
    drpc: { count: drpc },
    ui: { count: ui },
  };
}

/** The text of cluster.yaml. */
export function fileOf(answers: Answers): string {
  return clusterFileText(specOf(answers));
}

/** The words that give the same file without a question; flags that say the default are left out. */
export function commandOf(answers: Answers): string[] {
  const flags = (["name", "zookeeper", "nimbus", "supervisors", "slots", "pace", "ports", "drpc", "ui"] as const)
    .filter((key) => answers[key] !== defaultAnswers[key])
    .flatMap((key) => [`--${key}`, String(answers[key])]);
  const ending = answers.ending === "save" ? [] : [`--${answers.ending}`];
  return ["storm-lab", "init", "--yes", ...flags, ...ending];
}

export interface Footprint {
  readonly processes: number;
  /** Of all daemons together, without a topology. */
  readonly idleMb: number;
  /** With a worker at work in each slot. */
  readonly fullMb: number;
}

/**
 * Measured on Linux as proportional set size beside a word count (ZooKeeper 26, nimbus 35, supervisor 32, DRPC 28, UI 27, worker 102 MB),
 * rounded up; what all processes of the program share is counted once.
 */
const mbOf = { shared: 50, zookeeper: 30, nimbus: 40, supervisor: 35, drpc: 30, ui: 30, worker: 110 } as const;

export function footprintOf({ zookeeper, nimbus, supervisors, slots, drpc, ui }: Answers): Footprint {
  const idleMb =
    mbOf.shared +
    zookeeper * mbOf.zookeeper +
    nimbus * mbOf.nimbus +
    supervisors * mbOf.supervisor +
    drpc * mbOf.drpc +
    ui * mbOf.ui;
  return {
    processes: zookeeper + nimbus + supervisors + drpc + ui,
    idleMb,
    fullMb: idleMb + supervisors * slots * mbOf.worker,
  };
}
