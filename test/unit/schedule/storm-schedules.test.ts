import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { schedulerOf } from "../../../src/schedule/index.ts";
import { repositoryRoot } from "../../kit/index.ts";
import { assignmentsOf, byComponents, exactly, needy, type StormCase, snapshotOf } from "./storm-cases.ts";

const file = join(repositoryRoot, "test", "unit", "schedule", "storm-schedules.json");
const cases = JSON.parse(readFileSync(file, "utf8")) as readonly StormCase[];

describe("Apache Storm and this room make the same schedule", () => {
  it("with the default scheduler, to the port, wherever one topology needs slots", () => {
    const scheduler = schedulerOf({});
    const alone = cases.filter((one) => one.scheduler === "default" && needy(one).length <= 1);
    assert.ok(alone.length > 60, `${alone.length} cases`);
    for (const one of alone) {
      const { assignments } = scheduler.schedule(snapshotOf(one));
      assert.deepEqual(exactly(assignments), exactly(assignmentsOf(one.after)), JSON.stringify(one));
    }
  });

  it("with the resource-aware scheduler, to the node, topologies of users, priorities and evictions among them", () => {
    const scheduler = schedulerOf({
      "storm.scheduler": "org.apache.storm.scheduler.resource.ResourceAwareScheduler",
      "resource.aware.scheduler.user.pools": { ann: { cpu: 200, memory: 2000 } },
    });
    const all = cases.filter((one) => one.scheduler === "resources");
    assert.equal(all.length, 60);
    for (const one of all) {
      const { assignments } = scheduler.schedule(snapshotOf(one));
      assert.deepEqual(
        byComponents(one, assignments),
        byComponents(one, assignmentsOf(one.after)),
        JSON.stringify(one),
      );
    }
  });
});
