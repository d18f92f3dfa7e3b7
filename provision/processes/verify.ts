/** Waits until a cluster works, and tells what it waits for when it does not. */
import { exitCodes, type Runtime, StormLabError } from "../../src/base/index.ts";
import type { ClusterLayout } from "../cluster/layout.ts";
import { roleOf, type ServerRole } from "../zookeeper-ensemble/servers.ts";
import { deafDaemons } from "./deaf-daemons.ts";
import { daemonEnded, type StartedDaemon } from "./start-daemon.ts";

/** What nimbus says; null: no nimbus leads, or it cannot be reached. */
export interface NimbusView {
  /** `host:port`. */
  readonly leader: string;
  /** Hosts of the supervisors that have registered. */
  readonly supervisors: readonly string[];
}

export type AskNimbus = () => Promise<NimbusView | null>;

export interface VerifyOptions {
  readonly layout: ClusterLayout;
  readonly started: readonly StartedDaemon[];
  readonly askNimbus: AskNimbus;
  /** Throws when the user has asked to stop. */
  readonly checkpoint: () => void;
}

const patienceMs = 30_000;
const pollMs = 50;

/** Rejects with SL-DAEMON-ENDED or SL-UP-DEADLINE. */
export async function verifyCluster(runtime: Runtime, options: VerifyOptions): Promise<void> {
  const { started, checkpoint } = options;
  const ended: StartedDaemon[] = [];
  for (const one of started) one.child.exited.then(() => ended.push(one)).catch(() => {});
  const deadlineMs = runtime.clock.monotonicMs() + patienceMs;
  for (;;) {
    checkpoint();
    const [first] = ended;
    if (first !== undefined) throw await daemonEnded(runtime, first);
    const missing = await missingOf(runtime, options);
    if (missing === null) return;
    if (runtime.clock.monotonicMs() > deadlineMs) throw notInTime(missing, options.layout);
    await new Promise<void>((resolve) => runtime.timers.after(pollMs, resolve));
  }
}

/** What is still waited for, in words; null: nothing. */
async function missingOf(runtime: Runtime, { layout, askNimbus }: VerifyOptions): Promise<string | null> {
  const roles = await Promise.all(layout.ensemble.seats.map((seat) => roleOf(runtime, seat)));
  if (!serves(roles)) return `a majority of the ZooKeeper servers (they are: ${roles.join(", ")})`;
  const nimbus = await askNimbus();
  if (nimbus === null) return "a nimbus that leads";
  const wanted = layout.daemons.filter(({ role }) => role === "supervisor").length;
  const { length } = nimbus.supervisors;
  if (length < wanted) return `${wanted} supervisors at nimbus ${nimbus.leader}; there are ${length}`;
  const [drpc, ui] = await Promise.all([deafDaemons(runtime, layout, "drpc"), deafDaemons(runtime, layout, "ui")]);
  if (drpc.length > 0) return `the DRPC server at ${drpc.join(", ")}`;
  return ui.length === 0 ? null : `the UI at ${ui.join(", ")}`;
}

function serves(roles: readonly ServerRole[]): boolean {
  const serving = roles.filter((role) => role !== "stopped" && role !== "looking");
  return serving.length > roles.length / 2 && serving.some((role) => role === "leader" || role === "standalone");
}

function notInTime(missing: string, layout: ClusterLayout): StormLabError {
  return new StormLabError({
    code: "SL-UP-DEADLINE",
    what: `after ${patienceMs / 1000} s the cluster ${layout.spec.name} still waits for ${missing}`,
    why: "its processes run, but do not find or do not accept each other",
    hint: `storm-lab up --retain   leaves all as it is after a failure; logs are under ${layout.folder}/node*/logs and zk-cluster/*/logs`,
    exitCode: exitCodes.deadline,
  });
}
