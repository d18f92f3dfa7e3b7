/**
 * A DRPC topology of which parts are killed: each call ends once, in its own answer or in a failure that has a cause, in bounded time;
 * afterwards everything answers. A topology with a bug is found out.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { CoordinatedBolt, coordinatedStreamId } from "../../../src/coordination/index.ts";
import { DRPCSpout } from "../../../src/drpc/topology/drpc-spout.ts";
import { JoinResult } from "../../../src/drpc/topology/join-result.ts";
import { RemoteSender } from "../../../src/drpc/topology/result-sender.ts";
import { seeds } from "../../kit/index.ts";
import { runTopologySeed, type TopologySight } from "./topology-world.ts";

const smoke = 25;
/** Within so many seeds each bug has to be seen. */
const bugSeedsMax = 10;

async function sightOf(seed: number, options?: { kills: boolean }): Promise<TopologySight> {
  return runTopologySeed(seed, options).catch((error: unknown) => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
}

it("each call ends once, rightly and in time, whatever is killed", async (context) => {
  const all = { answered: 0, failed: 0, kills: 0 };
  for (const seed of seeds({ smoke })) {
    const { faults, ...counts } = await sightOf(seed);
    assert.deepEqual(faults, [], `seed ${seed}`);
    for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] += counts[name];
  }
  context.diagnostic(JSON.stringify(all));
  assert.ok(all.answered > all.failed && all.failed > 0 && all.kills > 0, JSON.stringify(all));
});

/** Each puts a bug into the running code and gives back what takes it out again. */
const plantedBugs: Readonly<Record<string, () => () => void>> = {
  "it expects one tuple of a request less": () => {
    const { execute } = CoordinatedBolt.prototype;
    CoordinatedBolt.prototype.execute = function (this: CoordinatedBolt, tuple) {
      if (tuple.getSourceStreamId() !== coordinatedStreamId) return execute.call(this, tuple);
      const less = () => Math.max(0, tuple.getNumber(1) - 1);
      return execute.call(this, Object.create(tuple, { getNumber: { value: less } }));
    };
    return () => {
      CoordinatedBolt.prototype.execute = execute;
    };
  },
  "its spout forgets to tell of failures": () => {
    const { fail } = DRPCSpout.prototype;
    DRPCSpout.prototype.fail = () => {};
    return () => {
      DRPCSpout.prototype.fail = fail;
    };
  },
  "results are brought for the call before": () => {
    const { send } = RemoteSender.prototype;
    let last = "";
    let count = 0;
    RemoteSender.prototype.send = function (this: RemoteSender, result) {
      const request_id = ++count % 20 === 0 ? last : result.request_id;
      last = result.request_id;
      return send.call(this, { ...result, request_id });
    };
    return () => {
      RemoteSender.prototype.send = send;
    };
  },
  "results meet the wrong return information": () => {
    const { execute } = JoinResult.prototype;
    let kept: Parameters<typeof execute>[0] | null = null;
    JoinResult.prototype.execute = function (this: JoinResult, tuple) {
      // The first value of a request's tuples is taken for that of another, now and then.
      if (kept !== null && kept.getSourceComponent() !== tuple.getSourceComponent()) {
        const id = kept.getValue(0);
        execute.call(
          this,
          Object.create(tuple, { getValue: { value: (at: number) => (at === 0 ? id : tuple.getValue(at)) } }),
        );
        kept = null;
        return;
      }
      kept = tuple;
      execute.call(this, tuple);
    };
    return () => {
      JoinResult.prototype.execute = execute;
    };
  },
};

describe("a topology with a bug is found out:", () => {
  for (const [name, plant] of Object.entries(plantedBugs)) {
    it(name, { skip: process.env.STORM_LAB_SEED !== undefined }, async (context) => {
      context.after(plant());
      for (let seed = 1; seed <= bugSeedsMax; seed++) {
        const faults = await sightOf(seed).then(
          (sight) => sight.faults,
          (error: unknown) => [String(error)],
        );
        if (faults.length > 0) return;
      }
      assert.fail(`nothing was seen of it in ${bugSeedsMax} seeds`);
    });
  }
});
