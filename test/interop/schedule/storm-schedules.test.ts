/** The fixture of the schedulers is what Apache Storm schedules today. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { captureSchedules, schedulesFixture } from "../../../scripts/interop/storm-schedules.ts";
import { interopSkipped } from "../interop.ts";

test("Apache Storm makes the same schedules again", { skip: interopSkipped }, async () => {
  assert.ok((await captureSchedules()) === readFileSync(schedulesFixture, "utf8"), "storm-schedules.json differs");
});
