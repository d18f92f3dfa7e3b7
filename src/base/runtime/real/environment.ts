/** The one place that reads the process's environment on behalf of the Runtime. */

import { logLevels } from "../../log.ts";
import type { LogLevel } from "../runtime.ts";

/** How a child notices its parent's end: by its message channel, or by a pipe that the parent holds open. */
export type Lifeline = "channel" | "pipe" | "none";

export interface RuntimeEnvironment {
  /** `STORM_LAB_LOG_LEVEL`; default `info`. */
  readonly logLevel: LogLevel;
  /** `STORM_LAB_LOG_FORMAT`: `plain` (default) or `json`. */
  readonly logFormat: "plain" | "json";
  /** `STORM_LAB_LIFELINE`, set by the process that spawned this one. */
  readonly lifeline: Lifeline;
  /** `STORM_LAB_FAULTS` and `STORM_LAB_NODE`: the file of network faults, and the node of the cluster that this process is of. */
  readonly faults: { readonly file: string; readonly node: string } | null;
  /** Everything else, for children. */
  readonly inherited: Readonly<Record<string, string>>;
}

export const lifelineVariable = "STORM_LAB_LIFELINE";
/** The descriptor of the pipe, after the three standard ones. */
export const lifelineDescriptor = 3;

export function readEnvironment(env: Readonly<NodeJS.ProcessEnv> = process.env): RuntimeEnvironment {
  const inherited: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && name !== lifelineVariable && !name.startsWith("NODE_CHANNEL")) inherited[name] = value;
  }
  const level = logLevels.find((known) => known === env.STORM_LAB_LOG_LEVEL?.toLowerCase());
  const lifeline = env[lifelineVariable];
  const { STORM_LAB_FAULTS: file, STORM_LAB_NODE: node } = env;
  return {
    logLevel: level ?? "info",
    logFormat: env.STORM_LAB_LOG_FORMAT === "json" ? "json" : "plain",
    faults: file === undefined || node === undefined ? null : { file, node },
    lifeline: lifeline === "channel" || lifeline === "pipe" ? lifeline : "none",
    inherited,
  };
}
