/** Conf: Storm's keys, their defaults, and what a value may be. Source: Storm's defaults.yaml, 2.8. */
import { exitCodes, StormLabError } from "../base/index.ts";

/** Key → value, as in storm.yaml. */
export type Conf = Readonly<Record<string, unknown>>;

/** Defaults of the topology keys, by Storm's names. Keys that start with `storm-lab.` are ours alone. */
export const topologyDefaults: Conf = {
  "topology.workers": 1,
  "topology.acker.executors": null,
  "topology.eventlogger.executors": 0,
  "topology.tasks": null,
  "topology.max.task.parallelism": null,
  "topology.message.timeout.secs": 30,
  "topology.enable.message.timeouts": true,
  "topology.max.spout.pending": null,
  "topology.debug": false,
  "topology.tick.tuple.freq.secs": null,
  "topology.stats.sample.rate": 0.05,
  "topology.executor.receive.buffer.size": 32768,
  "topology.disable.loadaware.messaging": false,
  "topology.localityaware.higher.bound": 0.8,
  "topology.localityaware.lower.bound": 0.2,
  "topology.sleep.spout.wait.strategy.time.ms": 1,
  "topology.error.throttle.interval.secs": 10,
  "topology.max.error.report.per.interval": 5,
  "topology.backpressure.check.millis": 50,
  "storm-lab.task.execute.max.in.flight": 1,
};

/** A conf to fill step by step, as Storm's `Config`; a plain object does as well wherever a conf is wanted. */
export class Config {
  static readonly TOPOLOGY_WORKERS = "topology.workers";
  static readonly TOPOLOGY_ACKER_EXECUTORS = "topology.acker.executors";
  static readonly TOPOLOGY_EVENTLOGGER_EXECUTORS = "topology.eventlogger.executors";
  static readonly TOPOLOGY_TASKS = "topology.tasks";
  static readonly TOPOLOGY_MAX_TASK_PARALLELISM = "topology.max.task.parallelism";
  static readonly TOPOLOGY_MESSAGE_TIMEOUT_SECS = "topology.message.timeout.secs";
  static readonly TOPOLOGY_ENABLE_MESSAGE_TIMEOUTS = "topology.enable.message.timeouts";
  static readonly TOPOLOGY_MAX_SPOUT_PENDING = "topology.max.spout.pending";
  static readonly TOPOLOGY_DEBUG = "topology.debug";
  static readonly TOPOLOGY_TICK_TUPLE_FREQ_SECS = "topology.tick.tuple.freq.secs";
  static readonly TOPOLOGY_STATS_SAMPLE_RATE = "topology.stats.sample.rate";
  static readonly TOPOLOGY_EXECUTOR_RECEIVE_BUFFER_SIZE = "topology.executor.receive.buffer.size";
  static readonly TOPOLOGY_DISABLE_LOADAWARE_MESSAGING = "topology.disable.loadaware.messaging";
  static readonly STORM_LAB_TASK_EXECUTE_MAX_IN_FLIGHT = "storm-lab.task.execute.max.in.flight";

  private readonly values = new Map<string, unknown>();

  put(key: string, value: unknown): this {
    this.values.set(key, value);
    return this;
  }

  setNumWorkers(workers: number): this {
    return this.put(Config.TOPOLOGY_WORKERS, workers);
  }

  /** 0: tuples are acked the moment they are emitted, and nothing is guaranteed. */
  setNumAckers(executors: number): this {
    return this.put(Config.TOPOLOGY_ACKER_EXECUTORS, executors);
  }

  setMaxSpoutPending(tuples: number): this {
    return this.put(Config.TOPOLOGY_MAX_SPOUT_PENDING, tuples);
  }

  setMessageTimeoutSecs(seconds: number): this {
    return this.put(Config.TOPOLOGY_MESSAGE_TIMEOUT_SECS, seconds);
  }

  setMaxTaskParallelism(tasks: number): this {
    return this.put(Config.TOPOLOGY_MAX_TASK_PARALLELISM, tasks);
  }

  setDebug(on: boolean): this {
    return this.put(Config.TOPOLOGY_DEBUG, on);
  }

  setStatsSampleRate(rate: number): this {
    return this.put(Config.TOPOLOGY_STATS_SAMPLE_RATE, rate);
  }

  toConf(): Conf {
    return Object.fromEntries(this.values);
  }
}

/** What an author may hand over as conf. */
export type ConfLike = Conf | Config;

export function toConf(conf: ConfLike | null | undefined): Conf {
  if (conf === null || conf === undefined) return {};
  return isConfig(conf) ? conf.toConf() : conf;
}

/** Later confs win. The result is frozen. */
export function mergeConf(...confs: readonly Conf[]): Conf {
  return Object.freeze(Object.assign({}, ...confs));
}

export interface ConfRule {
  /** In words, after "must be". */
  readonly wants: string;
  holds(value: unknown): boolean;
}

const positiveInteger: ConfRule = {
  wants: "a whole number above 0",
  holds: (v) => Number.isInteger(v) && (v as number) > 0,
};
const naturalNumber: ConfRule = {
  wants: "a whole number, 0 or more",
  holds: (v) => Number.isInteger(v) && (v as number) >= 0,
};
const positive: ConfRule = { wants: "a number above 0", holds: (v) => Number.isFinite(v) && (v as number) > 0 };
const fraction: ConfRule = {
  wants: "a number above 0 and up to 1",
  holds: (v) => positive.holds(v) && (v as number) <= 1,
};
const yesOrNo: ConfRule = { wants: "true or false", holds: (v) => typeof v === "boolean" };

/** What the values of these keys may be; null too where it is the default. */
export const topologyRules: Readonly<Record<string, ConfRule>> = {
  "topology.workers": positiveInteger,
  "topology.acker.executors": naturalNumber,
  "topology.eventlogger.executors": {
    wants: `${naturalNumber.wants}, or null`,
    holds: (v) => v === null || naturalNumber.holds(v),
  },
  "topology.tasks": positiveInteger,
  "topology.max.task.parallelism": positiveInteger,
  "topology.message.timeout.secs": positive,
  "topology.enable.message.timeouts": yesOrNo,
  "topology.max.spout.pending": positiveInteger,
  "topology.debug": yesOrNo,
  "topology.tick.tuple.freq.secs": positive,
  "topology.stats.sample.rate": fraction,
  "topology.executor.receive.buffer.size": positiveInteger,
  "topology.disable.loadaware.messaging": yesOrNo,
  "topology.localityaware.higher.bound": fraction,
  "topology.localityaware.lower.bound": fraction,
  "topology.sleep.spout.wait.strategy.time.ms": positive,
  "topology.error.throttle.interval.secs": positive,
  "topology.max.error.report.per.interval": positiveInteger,
  "topology.backpressure.check.millis": positive,
  "storm-lab.task.execute.max.in.flight": positiveInteger,
};

/** Throws SL-CONF-VALUE for a value that its key cannot have. A key that is not Storm's passes: it is the author's own. */
export function validateConf(conf: Conf, where: string): void {
  for (const [key, value] of Object.entries(conf)) {
    const rule = Object.hasOwn(topologyRules, key) ? topologyRules[key] : undefined;
    if (rule === undefined || (value === null && topologyDefaults[key] === null)) continue;
    if (rule.holds(value)) continue;
    throw new StormLabError({
      code: "SL-CONF-VALUE",
      what: `${key} is ${describe(value)} in ${where}`,
      why: `${key} must be ${rule.wants}`,
      hint: `set it to ${rule.wants}; Storm's default is ${describe(topologyDefaults[key])}`,
      exitCode: exitCodes.usage,
    });
  }
}

function describe(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}

function isConfig(conf: ConfLike): conf is Config {
  return typeof (conf as { toConf?: unknown }).toConf === "function";
}
