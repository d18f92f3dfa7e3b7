import assert from "node:assert/strict";
import { test } from "node:test";
import { type Conf, Config, mergeConf, toConf, topologyDefaults, validateConf } from "../../../src/topology/index.ts";
import { assertRefused } from "./refusal.ts";

const wants = {
  positiveInteger: "a whole number above 0",
  naturalNumber: "a whole number, 0 or more",
  naturalOrNull: "a whole number, 0 or more, or null",
  positive: "a number above 0",
  fraction: "a number above 0 and up to 1",
  yesOrNo: "true or false",
};

/** Key → what it must be. */
const ruled: Readonly<Record<string, keyof typeof wants>> = {
  "topology.workers": "positiveInteger",
  "topology.acker.executors": "naturalNumber",
  "topology.eventlogger.executors": "naturalOrNull",
  "topology.tasks": "positiveInteger",
  "topology.max.task.parallelism": "positiveInteger",
  "topology.message.timeout.secs": "positive",
  "topology.enable.message.timeouts": "yesOrNo",
  "topology.max.spout.pending": "positiveInteger",
  "topology.debug": "yesOrNo",
  "topology.tick.tuple.freq.secs": "positive",
  "topology.stats.sample.rate": "fraction",
  "topology.executor.receive.buffer.size": "positiveInteger",
  "topology.disable.loadaware.messaging": "yesOrNo",
  "topology.localityaware.higher.bound": "fraction",
  "topology.localityaware.lower.bound": "fraction",
  "topology.sleep.spout.wait.strategy.time.ms": "positive",
  "topology.error.throttle.interval.secs": "positive",
  "topology.max.error.report.per.interval": "positiveInteger",
  "topology.backpressure.check.millis": "positive",
  "storm-lab.task.execute.max.in.flight": "positiveInteger",
};

const bad: Readonly<Record<keyof typeof wants, readonly unknown[]>> = {
  positiveInteger: [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1", true, undefined, [1]],
  naturalNumber: [-1, 0.5, Number.NaN, "0", undefined],
  naturalOrNull: [-1, 0.5, "0", undefined],
  positive: [0, -0.1, Number.NaN, Number.POSITIVE_INFINITY, "1", undefined],
  fraction: [0, 1.01, -0.5, Number.NaN, "0.5", undefined],
  yesOrNo: [0, 1, "true", undefined],
};

const good: Readonly<Record<keyof typeof wants, readonly unknown[]>> = {
  positiveInteger: [1, 32768],
  naturalNumber: [0, 3],
  naturalOrNull: [0, 3, null],
  positive: [0.5, 30],
  fraction: [0.05, 1],
  yesOrNo: [true, false],
};

test("every key of the defaults has a rule, and every default keeps it", () => {
  assert.deepEqual(Object.keys(topologyDefaults).sort(), Object.keys(ruled).sort());
  validateConf(topologyDefaults, "the defaults");
});

test("SL-CONF-VALUE names the key, the value, the place, the rule and Storm's default", () => {
  for (const [key, rule] of Object.entries(ruled)) {
    for (const value of bad[rule]) {
      const shown = typeof value === "string" ? JSON.stringify(value) : String(value);
      assertRefused(() => validateConf({ [key]: value }, "the topology's conf"), {
        code: "SL-CONF-VALUE",
        what: `${key} is ${shown} in the topology's conf`,
        why: `${key} must be ${wants[rule]}`,
        hint: `set it to ${wants[rule]}; Storm's default is ${String(topologyDefaults[key])}`,
      });
    }
    for (const value of good[rule]) validateConf({ [key]: value }, "the topology's conf");
  }
});

test("null is a value only where it is the default, or one executor a worker", () => {
  for (const key of Object.keys(ruled)) {
    const check = () => validateConf({ [key]: null }, "the topology's conf");
    if (topologyDefaults[key] === null || ruled[key] === "naturalOrNull") assert.doesNotThrow(check);
    else assert.throws(check, { code: "SL-CONF-VALUE" });
  }
});

test("other keys are the author's own", () => {
  const own = { "word.count.minimum": -1, constructor: 1, toString: "x", nested: { a: undefined } };
  validateConf(own as unknown as Conf, "the topology's conf");
});

test("later confs win, and the result is frozen", () => {
  const merged = mergeConf({ a: 1, b: 1 }, { b: 2 }, { c: null });
  assert.deepEqual(merged, { a: 1, b: 2, c: null });
  assert.ok(Object.isFrozen(merged));
});

test("Config sets Storm's keys", () => {
  const config = new Config()
    .setNumWorkers(2)
    .setNumAckers(0)
    .setMaxSpoutPending(1000)
    .setMessageTimeoutSecs(10)
    .setMaxTaskParallelism(8)
    .setDebug(true)
    .setStatsSampleRate(1)
    .put(Config.TOPOLOGY_TICK_TUPLE_FREQ_SECS, 5)
    .put("my.key", "mine");
  assert.deepEqual(toConf(config), {
    "topology.workers": 2,
    "topology.acker.executors": 0,
    "topology.max.spout.pending": 1000,
    "topology.message.timeout.secs": 10,
    "topology.max.task.parallelism": 8,
    "topology.debug": true,
    "topology.stats.sample.rate": 1,
    "topology.tick.tuple.freq.secs": 5,
    "my.key": "mine",
  });
});

test("the constants of Config are keys that have a rule", () => {
  const constants = Object.values(Config as unknown as Record<string, string>);
  assert.equal(constants.length, 14);
  for (const key of constants) assert.ok(key in ruled, key);
});

test("a conf may be a Config, an object or nothing", () => {
  assert.deepEqual(toConf({ a: 1 }), { a: 1 });
  assert.deepEqual(toConf(null), {});
  assert.deepEqual(toConf(undefined), {});
});
