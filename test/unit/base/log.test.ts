import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createLog, jsonText, type LogLevel, type LogLine, plainText } from "../../../src/base/index.ts";

function logged(level: LogLevel | undefined, write: (log: ReturnType<typeof createLog>) => void): LogLine[] {
  const lines: LogLine[] = [];
  const nowMs = () => Date.UTC(2026, 0, 31, 12, 0, 0, 5);
  write(
    createLog({ name: "nimbus", nowMs, sink: (line) => lines.push(line), ...(level === undefined ? {} : { level }) }),
  );
  return lines;
}

describe("log", () => {
  it("drops what is below the level", () => {
    const all = (log: ReturnType<typeof createLog>) => {
      log.write("trace", "a");
      log.debug("b");
      log.info("c");
      log.warn("d");
      log.error("e");
    };
    assert.equal(
      logged(undefined, all)
        .map((line) => line.message)
        .join(""),
      "cde",
    );
    assert.equal(
      logged("trace", all)
        .map((line) => line.message)
        .join(""),
      "abcde",
    );
    assert.equal(
      logged("error", all)
        .map((line) => line.level)
        .join(""),
      "error",
    );
  });

  it("is one line for people, whatever the values", () => {
    const [line] = logged("info", (log) =>
      log.warn("Two\nlines", {
        topology: "wc",
        path: "a b",
        slots: 2,
        error: new Error("x y"),
        list: [1, 7n],
        none: undefined,
      }),
    );
    assert.equal(
      plainText(line!),
      String.raw`2026-01-31 12:00:00.005 WARN  nimbus Two\nlines topology=wc path="a b" slots=2 error="x y" list=[1,"7"] none=undefined`,
    );
  });

  it("is one JSON object for programs, whose own keys no field can take", () => {
    const [line] = logged("info", (log) =>
      log.info("started", { port: 6627, level: "field", error: new Error("why"), big: 1n }),
    );
    const parsed = JSON.parse(jsonText(line!)) as Record<string, unknown>;
    assert.deepEqual(Object.keys(parsed), ["time", "level", "name", "message", "port", "level_", "error", "big"]);
    assert.equal(parsed.time, "2026-01-31T12:00:00.005Z");
    assert.equal(parsed.level, "info");
    assert.equal(parsed.level_, "field");
    assert.equal(parsed.big, "1");
    assert.equal((parsed.error as { message: string }).message, "why");
    assert.ok(!jsonText(line!).includes("\n"));
  });
});
