/** Each text beside this file plays as it says. `npm test -- --kinds scenarios --rewrite` writes what came instead. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { describe, it } from "node:test";
import { played } from "../../kit/golden-text.ts";
import { Stage } from "./stage.ts";
import { counters } from "./verbs/counters.ts";
import { pass } from "./verbs/pass.ts";
import { results } from "./verbs/results.ts";
import { run } from "./verbs/run.ts";
import { shares } from "./verbs/shares.ts";
import { topology } from "./verbs/topology.ts";

const verbs = { topology, run, pass, counters, shares, results };
const texts = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".txt"));
const rewrites = process.env.STORM_LAB_REWRITE === "1";

describe("a topology on virtual time", () => {
  for (const name of texts) {
    it(name, async () => {
      const file = new URL(name, import.meta.url);
      const golden = readFileSync(file, "utf8");
      const stage = new Stage();
      const came = await played(golden, stage, verbs);
      await stage.end();
      if (rewrites) writeFileSync(file, came);
      else assert.equal(came, golden);
    });
  }
});
