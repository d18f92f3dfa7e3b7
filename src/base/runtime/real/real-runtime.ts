/** The real side of the Runtime door: Node. */

import { StormLabError } from "../../errors.ts";
import { createLog, type LogSink } from "../../log.ts";
import { faultyLinks, faultyNet } from "../faults/faulty-network.ts";
import { Gates } from "../faults/gates.ts";
import type { Links, LogLevel, Net, Runtime } from "../runtime.ts";
import { type RuntimeEnvironment, readEnvironment } from "./environment.ts";
import { realFileSystem } from "./file-system.ts";
import { outputSink } from "./log-sinks.ts";
import { realNet } from "./net.ts";
import { openParentChannel, watchParent } from "./parent-channel.ts";
import { startParentWatchdog } from "./parent-watchdog.ts";
import { realProcesses } from "./processes.ts";
import { realRandom } from "./random.ts";
import { realClock, realTimers } from "./time.ts";
import { watchFile } from "./watch-file.ts";

export interface RealRuntimeOptions {
  /** The process's name in logs, such as `nimbus` or `worker-6700`. */
  readonly name: string;
  /** How to start this program again, for `spawn` of `storm-lab`: the executable, then its first arguments. */
  readonly self: { readonly command: readonly string[] };
  /** ZeroMQ's, from `transport`. Without them using `links` throws `SL-LINKS-ABSENT`. */
  readonly links?: Links;
  /** This process runs code of others, which may never come back: it ends with its parent even then. Default false. */
  readonly runsCodeOfOthers?: boolean;
  /** Default: standard error, plain text, or JSON with `STORM_LAB_LOG_FORMAT=json`. */
  readonly sink?: LogSink;
  /** Default: `STORM_LAB_LOG_LEVEL`, or `info`. */
  readonly level?: LogLevel;
}

/** Once a process: it watches the parent, if this process is not to outlive it, and opens the channel to it. */
export function realRuntime(options: RealRuntimeOptions): Runtime {
  const environment = readEnvironment();
  watchParent(environment.lifeline);
  if (options.runsCodeOfOthers === true && environment.lifeline !== "none") startParentWatchdog();
  const { net, links } = networkOf(environment, options.links ?? absentLinks);
  return {
    name: options.name,
    clock: realClock,
    timers: realTimers,
    random: realRandom(),
    net,
    links,
    fs: realFileSystem,
    processes: realProcesses({ selfCommand: options.self.command, environment, parent: openParentChannel() }),
    log: createLog({
      name: options.name,
      level: options.level ?? environment.logLevel,
      nowMs: realClock.nowMs,
      sink: options.sink ?? outputSink("stderr", environment.logFormat),
    }),
  };
}

function networkOf({ faults }: RuntimeEnvironment, links: Links): { readonly net: Net; readonly links: Links } {
  if (faults === null) return { net: realNet, links };
  const gates = new Gates(faults.node, faults.file, realFileSystem, realTimers, watchFile);
  const parts = [gates, realTimers, realClock.monotonicMs] as const;
  return { net: faultyNet(realNet, ...parts), links: faultyLinks(links, ...parts) };
}

const absentLinks: Links = {
  pull: () => Promise.reject(linksAbsent()),
  push: () => {
    throw linksAbsent();
  },
};

function linksAbsent(): StormLabError {
  return new StormLabError({
    code: "SL-LINKS-ABSENT",
    what: "This process has no message links.",
    why: "Its role was started without ZeroMQ.",
    hint: "Give realRuntime the links of transport's zeromqLinks().",
  });
}
