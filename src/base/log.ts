/** Log lines: one line each, levels, plain text for people and JSON for programs. Where they go is the sink's matter. */

import type { Log, LogLevel } from "./runtime/runtime.ts";
import { visibleText } from "./visible-text.ts";

export interface LogLine {
  readonly timeMs: number;
  readonly level: LogLevel;
  /** The process's name. */
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export type LogSink = (line: LogLine) => void;

export interface LogOptions {
  readonly name: string;
  /** Lines below it are dropped before they are made. Default `info`. */
  readonly level?: LogLevel;
  readonly nowMs: () => number;
  readonly sink: LogSink;
}

export const logLevels: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error"];

export function createLog(options: LogOptions): Log {
  const { name, nowMs, sink } = options;
  const lowest = logLevels.indexOf(options.level ?? "info");
  const write = (level: LogLevel, message: string, fields?: Readonly<Record<string, unknown>>): void => {
    if (logLevels.indexOf(level) >= lowest) sink({ timeMs: nowMs(), level, name, message, fields: fields ?? noFields });
  };
  return {
    write,
    debug: (message, fields) => write("debug", message, fields),
    info: (message, fields) => write("info", message, fields),
    warn: (message, fields) => write("warn", message, fields),
    error: (message, fields) => write("error", message, fields),
  };
}

/** `2026-01-31 12:00:00.000 INFO  nimbus Assigned topology=wc slots=2`, without a line end. */
export function plainText(line: LogLine): string {
  const time = new Date(line.timeMs).toISOString().replace("T", " ").slice(0, 23);
  let text = `${time} ${line.level.toUpperCase().padEnd(5)} ${line.name} ${line.message.replaceAll("\r\n", "\n")}`;
  for (const [key, value] of Object.entries(line.fields)) text += ` ${key}=${plainValue(value)}`;
  return visibleText(text);
}

/** One JSON object, `time` (ISO), `level`, `name`, `message` first; without a line end. */
export function jsonText(line: LogLine): string {
  const { level, name, message } = line;
  const fields: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(line.fields))
    fields[reserved.has(key) ? `${key}_` : key] = jsonValue(value);
  const head = { time: new Date(line.timeMs).toISOString(), level, name, message };
  return JSON.stringify({ ...head, ...fields }, (_, value: unknown) => jsonValue(value));
}

const noFields: Readonly<Record<string, unknown>> = Object.freeze({});
const reserved = new Set(["time", "level", "name", "message"]);

function plainValue(value: unknown): string {
  if (typeof value === "string") return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (value instanceof Error) return JSON.stringify(value.message);
  if (typeof value === "object" && value !== null)
    return JSON.stringify(value, (_, inner: unknown) => jsonValue(inner));
  return String(value);
}

function jsonValue(value: unknown): unknown {
  if (value instanceof Error) return { message: value.message, stack: value.stack };
  if (typeof value === "bigint") return value.toString();
  return value;
}
