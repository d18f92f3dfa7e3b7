/** A supervisor that was away too long is avoided, as Storm's BlacklistScheduler does, until its slots are needed. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { wordCountThrift } from "../../kit/index.ts";
import { Stage } from "./stage.ts";

describe("a supervisor that was missing in too many rounds", () => {
  it("gets nothing new for a while, unless there is no other room", async () => {
    const stage = new Stage(1);
    stage.nimbus("n1", { "blacklist.scheduler.resume.time.secs": 120 });
    const [, s2] = ["s1", "s2"].map((id) => stage.supervisor(id));
    await stage.eventually(async () => (await stage.state.leaderQueue()).length > 0, "nimbus leads");
    const registered = async () => (await stage.state.supervisors()).length;
    await stage.eventually(async () => (await registered()) === 2, "the supervisors are there");
    await stage.world.run({ forMs: 2000 });
    s2?.kill();
    await stage.eventually(async () => (await registered()) === 1, "one of them is gone");
    await stage.world.run({ forMs: 4000 });
    s2?.start();
    await stage.eventually(async () => (await registered()) === 2, "it is back");
    await stage.world.run({ forMs: 1500 });
    const summary = await stage.call((calls) => calls.getClusterInfo());
    assert.deepEqual(summary.supervisors.map(({ supervisor_id, blacklisted }) => [supervisor_id, blacklisted]).sort(), [
      ["s1", false],
      ["s2", true],
    ]);
    await stage.submit("two", wordCountThrift(), { "topology.workers": 2 });
    assert.deepEqual(await nodesOf(stage, "two"), ["s1"]);
    await stage.submit("more", wordCountThrift(), { "topology.workers": 1 });
    assert.deepEqual(await nodesOf(stage, "more"), ["s2"]);
    assert.ok(
      stage.logs.some((line) => line.includes("Supervisor s2 was missing, or missed slots, in 3 of the last 300")),
    );
  });
});

async function nodesOf(stage: Stage, name: string): Promise<string[]> {
  const topologies = await stage.do(stage.state.topologies());
  const id = topologies.find((one) => one.startsWith(`${name}-`)) ?? "";
  const assignment = await stage.eventually(() => stage.state.assignment(id), `${name} is assigned`);
  return [...assignment.node_host.keys()].sort();
}
