import assert from "node:assert/strict";
import { it } from "node:test";
import { topologyDefaults } from "../../../src/topology/index.ts";
import { ErrorThrottle } from "../../../src/worker/cluster/error-throttle.ts";

it("five errors of an executor are reported within ten seconds, and those of another are counted apart", () => {
  const throttle = new ErrorThrottle(topologyDefaults);
  const at = (executor: string, ...seconds: number[]) => seconds.map((s) => throttle.admits(executor, s * 1000));
  assert.deepEqual(at("b 1", 0, 1, 2, 3, 4, 5, 9), [true, true, true, true, true, false, false]);
  assert.deepEqual(at("b 2", 5), [true]);
  assert.deepEqual(at("b 1", 10, 10.001, 11), [false, true, true]);
});
