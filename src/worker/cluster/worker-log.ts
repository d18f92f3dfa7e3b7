/**
 * The lines of worker.log, in the order in which Storm's have it: time, logger, thread, level, message. What the author's code prints is a
 * line of the logger STDIO in the thread of the executor that runs.
 */
import type { LogLine, LogSink } from "../../base/index.ts";
import { LogLevels } from "./log-levels.ts";

export interface WorkerLogOptions {
  readonly nowMs: () => number;
  /** A line without its end. */
  readonly write: (text: string) => void;
}

export class WorkerLog {
  readonly levels = new LogLevels();
  /** Whose code runs now; set once there are executors. */
  threadName: () => string | null = () => null;
  readonly #options: WorkerLogOptions;

  constructor(options: WorkerLogOptions) {
    this.#options = options;
  }

  /** For the worker's own lines. Its runtime's log has to let every level through. */
  readonly sink: LogSink = (line) => {
    if (!this.levels.admits("worker", line.level)) return;
    this.#options.write(stormLine(line, "worker", this.threadName() ?? "main"));
  };

  /** A line that the author's code has printed. */
  printed(text: string): void {
    if (!this.levels.admits("STDIO", "info")) return;
    const line: LogLine = { timeMs: this.#options.nowMs(), level: "info", name: "", message: text, fields: {} };
    this.#options.write(stormLine(line, "STDIO", this.threadName() ?? "main"));
  }
}

/** `2026-01-31 12:00:00.000 worker main [INFO] Worker has finished loading`, with fields behind; further lines stay lines. */
function stormLine({ timeMs, level, message, fields }: LogLine, logger: string, thread: string): string {
  const time = new Date(timeMs).toISOString().replace("T", " ").slice(0, 23);
  const shown = Object.entries(fields).map(([key, value]) => ` ${key}=${valueText(value)}`);
  return `${time} ${logger} ${thread} [${level.toUpperCase()}] ${message}${shown.join("")}`;
}

function valueText(value: unknown): string {
  if (value instanceof Error) return value.stack ?? value.message;
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
