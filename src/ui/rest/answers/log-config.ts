/** `topology/{id}/logconfig`: the levels that loggers of a topology were given, and for how long. Source: UIHelpers of Storm 2.8. */
import type { LogConfig, LogLevel } from "../../../wire/thrift/index.ts";
import { nullable, object, oneOf, optional, record, type ShapeType, text, whole } from "../shape.ts";

const level = object({
  target_level: nullable(text),
  reset_level: nullable(text),
  timeout: nullable(whole),
  timeout_epoch: nullable(whole),
});

export const logConfigShape = object({ namedLoggerLevels: record(level) });

const levelName = oneOf("ALL", "TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL", "OFF");

/** `target_level` null: as it was before. `timeout`: seconds; 0 or none: for good. Fields that the answer has may come back. */
export const logConfigWantedShape = object({
  namedLoggerLevels: record(
    object({
      target_level: optional(nullable(levelName)),
      timeout: optional(nullable(whole)),
      reset_level: optional(nullable(text)),
      timeout_epoch: optional(nullable(whole)),
    }),
  ),
});

export function logConfig({ named_logger_level: levels }: LogConfig): ShapeType<typeof logConfigShape> {
  const named = [...(levels ?? [])].map(([logger, each]) => [
    logger,
    {
      target_level: each.target_log_level ?? null,
      reset_level: each.reset_log_level ?? null,
      timeout: each.reset_log_level_timeout_secs ?? null,
      timeout_epoch: each.reset_log_level_timeout_epoch ?? null,
    },
  ]);
  return { namedLoggerLevels: Object.fromEntries(named) };
}

export function wantedLogConfig({ namedLoggerLevels }: ShapeType<typeof logConfigWantedShape>): LogConfig {
  const named = Object.entries(namedLoggerLevels).map(([logger, { target_level: target, timeout }]) => {
    const level: LogLevel =
      target === null || target === undefined
        ? { action: "REMOVE" }
        : { action: "UPDATE", target_log_level: target, reset_log_level_timeout_secs: timeout ?? 0 };
    return [logger, level] as const;
  });
  return { named_logger_level: new Map(named) };
}
