/**
 * Which lines a worker's log takes, by logger: what `set_log_level` asked for, until its time is up. The loggers of a worker are
 * `ROOT`, `worker` and `STDIO`, which is what the author's code prints, at INFO. Source: LogConfigManager of Storm 2.8. Pure.
 */
import type { LogLevel } from "../../base/index.ts";
import type { LogConfig } from "../../wire/thrift/index.ts";

/** Log4j's, the noisiest first. */
const levels = ["ALL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF"] as const;
type Level = (typeof levels)[number];

const rootLogger = "ROOT";
const loggers = [rootLogger, "worker", "STDIO"] as const;

interface Setting {
  readonly level: Level;
  readonly resetLevel: Level;
  /** Milliseconds since 1970; null: it stays. */
  readonly untilMs: number | null;
}

export class LogLevels {
  #settings = new Map<string, Setting>();

  /** In words, what changes now and what nobody listens to. `config`: the whole of it; null: none. */
  apply(config: LogConfig | null, nowMs: number): string[] {
    const wanted = new Map<string, Setting>();
    const words: string[] = [];
    for (const [name, asked] of config?.named_logger_level ?? []) {
      const logger = name === "" ? rootLogger : name;
      const level = levelOf(asked.target_log_level);
      if (asked.action === "REMOVE" || level === null) continue;
      const epochMs = asked.reset_log_level_timeout_epoch ?? 0;
      const untilMs = epochMs > 0 ? epochMs : null;
      if (untilMs !== null && untilMs <= nowMs) continue;
      wanted.set(logger, { level, resetLevel: levelOf(asked.reset_log_level) ?? "INFO", untilMs });
      if (this.#settings.get(logger)?.level === level) continue;
      const isKnown = loggers.some((known) => known === logger);
      words.push(
        isKnown
          ? `Setting ${logger} log level to: ${level}`
          : `There is no logger ${logger} in this worker; it has ${loggers.join(", ")}`,
      );
    }
    for (const [logger, { resetLevel }] of this.#settings) {
      if (!wanted.has(logger)) words.push(`Resetting ${logger} log level to ${resetLevel}`);
    }
    this.#settings = wanted;
    return words;
  }

  /** In words, what goes back because its time is up. */
  expire(nowMs: number): string[] {
    const words: string[] = [];
    for (const [logger, { untilMs, resetLevel }] of this.#settings) {
      if (untilMs === null || untilMs > nowMs) continue;
      this.#settings.delete(logger);
      words.push(`Resetting ${logger} log level to ${resetLevel}`);
    }
    return words;
  }

  /** Whether a line of the logger is written. */
  admits(logger: string, level: LogLevel): boolean {
    const lowest = this.#settings.get(logger)?.level ?? this.#settings.get(rootLogger)?.level ?? "INFO";
    return levels.indexOf(level.toUpperCase() as Level) >= levels.indexOf(lowest);
  }
}

function levelOf(word: string | undefined): Level | null {
  return levels.find((level) => level === word?.toUpperCase()) ?? null;
}
