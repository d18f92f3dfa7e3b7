import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readEnvironment } from "../../../src/base/runtime/real/environment.ts";

describe("environment", () => {
  it("has defaults, and takes no value that it does not know", () => {
    const { inherited, ...rest } = readEnvironment({
      PATH: "/bin",
      STORM_LAB_LOG_LEVEL: "loud",
      STORM_LAB_LOG_FORMAT: "xml",
    });
    assert.deepEqual(rest, { logLevel: "info", logFormat: "plain", lifeline: "none", faults: null });
    assert.equal(inherited.PATH, "/bin");
  });

  it("reads levels in any case, the format and the lifeline", () => {
    const env = { STORM_LAB_LOG_LEVEL: "DEBUG", STORM_LAB_LOG_FORMAT: "json", STORM_LAB_LIFELINE: "pipe" };
    const { logLevel, logFormat, lifeline } = readEnvironment(env);
    assert.deepEqual([logLevel, logFormat, lifeline], ["debug", "json", "pipe"]);
  });

  it("knows of network faults only with both their file and its own node", () => {
    assert.equal(readEnvironment({ STORM_LAB_FAULTS: "/f.json" }).faults, null);
    const { faults } = readEnvironment({ STORM_LAB_FAULTS: "/f.json", STORM_LAB_NODE: "node2" });
    assert.deepEqual(faults, { file: "/f.json", node: "node2" });
  });

  it("does not hand this process's own ties to its children", () => {
    const { inherited } = readEnvironment({ STORM_LAB_LIFELINE: "channel", NODE_CHANNEL_FD: "3", HOME: "/home" });
    assert.deepEqual(inherited, { HOME: "/home" });
  });
});
