import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { LogConfig, LogLevelAction } from "../../../src/wire/thrift/index.ts";
import { LogLevels } from "../../../src/worker/cluster/log-levels.ts";
import { WorkerLog } from "../../../src/worker/cluster/worker-log.ts";

function config(
  ...levels: [logger: string, level: string, untilMs?: number | undefined, action?: LogLevelAction][]
): LogConfig {
  return {
    named_logger_level: new Map(
      levels.map(([logger, target_log_level, untilMs, action = "UPDATE"]) => [
        logger,
        {
          action,
          target_log_level,
          ...(untilMs === undefined ? {} : { reset_log_level_timeout_epoch: untilMs }),
          reset_log_level: "INFO",
        },
      ]),
    ),
  };
}

describe("a worker's log", () => {
  const lines: string[] = [];
  const log = new WorkerLog({ nowMs: () => Date.UTC(2026, 0, 31, 12), write: (text) => lines.push(text) });

  it("has Storm's order: time, logger, thread, level, message", () => {
    const line = { timeMs: Date.UTC(2026, 0, 31, 12, 0, 0, 7), name: "worker-6700", fields: { port: 6700 } };
    log.sink({ ...line, level: "warn", message: "a problem" });
    log.sink({ ...line, level: "debug", message: "a detail" });
    log.threadName = () => "split-executor[3, 4]";
    log.printed("hello from the author");
    assert.deepEqual(lines, [
      "2026-01-31 12:00:00.007 worker main [WARN] a problem port=6700",
      "2026-01-31 12:00:00.000 STDIO split-executor[3, 4] [INFO] hello from the author",
    ]);
  });
});

describe("the log levels of a worker", () => {
  it("are INFO without a word", () => {
    const levels = new LogLevels();
    assert.deepEqual(
      (["trace", "debug", "info", "warn", "error"] as const).map((level) => levels.admits("worker", level)),
      [false, false, true, true, true],
    );
  });

  it("follow the logger's own setting, then that of ROOT", () => {
    const levels = new LogLevels();
    const words = levels.apply(config(["ROOT", "ERROR"], ["STDIO", "debug"]), 0);
    assert.deepEqual(words, ["Setting ROOT log level to: ERROR", "Setting STDIO log level to: DEBUG"]);
    assert.equal(levels.admits("worker", "warn"), false);
    assert.equal(levels.admits("STDIO", "debug"), true);
    assert.deepEqual(levels.apply(config(["ROOT", "ERROR"], ["STDIO", "debug"]), 0), [], "nothing has changed");
  });

  it("stay while nimbus says that they are unchanged, and go back when they are removed", () => {
    const levels = new LogLevels();
    levels.apply(config(["ROOT", "DEBUG"], ["STDIO", "OFF"]), 0);
    const words = levels.apply(
      config(["ROOT", "DEBUG", undefined, "UNCHANGED"], ["STDIO", "OFF", undefined, "REMOVE"]),
      0,
    );
    assert.deepEqual(words, ["Resetting STDIO log level to INFO"]);
    assert.ok(levels.admits("worker", "debug") && levels.admits("STDIO", "error"));
    assert.deepEqual(levels.apply(null, 0), ["Resetting ROOT log level to INFO"]);
    assert.equal(levels.admits("worker", "debug"), false);
  });

  it("go back by themselves when their time is up, and an old setting is none", () => {
    const levels = new LogLevels();
    levels.apply(config(["worker", "TRACE", 5000]), 1000);
    assert.deepEqual(levels.expire(4999), []);
    assert.ok(levels.admits("worker", "trace"));
    assert.deepEqual(levels.expire(5000), ["Resetting worker log level to INFO"]);
    assert.equal(levels.admits("worker", "trace"), false);
    assert.deepEqual(levels.apply(config(["worker", "TRACE", 5000]), 6000), []);
    assert.equal(levels.admits("worker", "trace"), false);
  });

  it("say what nobody listens to", () => {
    const [words] = new LogLevels().apply(config(["org.apache.storm", "DEBUG"]), 0);
    assert.match(words ?? "", /There is no logger org\.apache\.storm in this worker; it has ROOT, worker, STDIO/);
  });
});
