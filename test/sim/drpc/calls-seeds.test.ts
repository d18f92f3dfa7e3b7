/**
 * Clients and topologies that die, servers that are killed and started again: each call ends once, in its own result or in a failure
 * that has a cause, within its time; none is handed out when it is over; a spout that is killed costs no call. Servers with a bug are
 * found out.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { seeds } from "../../kit/index.ts";
import { runSeed, type Sight } from "./drpc-world.ts";
import { type ServerKind, serverKinds } from "./server-kinds.ts";

const smoke = 12;
/** Within so many seeds each bug has to be seen. */
const bugSeedsMax = 25;

async function sightOf(seed: number, kind: ServerKind): Promise<Sight> {
  return runSeed(seed, kind).catch((error: unknown) => {
    throw new Error(`seed ${seed}`, { cause: error });
  });
}

it("each call ends once, rightly and in time, whoever dies", async (context) => {
  const all = { answered: 0, failed: 0, again: 0, withdrawn: 0, timedOut: 0 };
  for (const seed of seeds({ smoke })) {
    const { faults, ...counts } = await sightOf(seed, "whole");
    assert.deepEqual(faults, [], `seed ${seed}`);
    for (const name of Object.keys(all) as (keyof typeof all)[]) all[name] += counts[name];
  }
  context.diagnostic(JSON.stringify(all));
  assert.ok(
    Object.values(all).every((count) => count > 0),
    JSON.stringify(all),
  );
});

describe("a server with a bug is found out:", () => {
  for (const kind of Object.keys(serverKinds) as ServerKind[]) {
    if (kind === "whole") continue;
    it(kind, { skip: process.env.STORM_LAB_SEED !== undefined }, async () => {
      for (let seed = 1; seed <= bugSeedsMax; seed++) {
        const { faults } = await sightOf(seed, kind);
        if (faults.length > 0) return;
      }
      assert.fail(`nothing was seen of it in ${bugSeedsMax} seeds`);
    });
  }
});
