/** Asserts a refusal's four parts: its code, what, why and hint, each as people read it. */
import assert from "node:assert/strict";
import { exitCodes, StormLabError } from "../../../src/base/index.ts";
import { topologyErrorCodes } from "../../../src/topology/index.ts";

export interface Refusal {
  readonly code: string;
  readonly what: string | RegExp;
  readonly why: string | RegExp;
  readonly hint: string | RegExp;
}

export function assertRefused(action: () => unknown, expected: Refusal): void {
  let thrown: unknown;
  try {
    action();
  } catch (error) {
    thrown = error;
  }
  assert.ok(thrown instanceof StormLabError, `expected ${expected.code}, got ${String(thrown)}`);
  assert.equal(thrown.code, expected.code);
  assertText(thrown.message, expected.what);
  assertText(thrown.why, expected.why);
  assertText(thrown.hint, expected.hint);
  assert.equal(thrown.exitCode, exitCodes.usage);
  assert.ok(topologyErrorCodes[expected.code] !== undefined, `${expected.code} is not in the register`);
}

function assertText(actual: string, expected: string | RegExp): void {
  if (typeof expected === "string") assert.equal(actual, expected);
  else assert.match(actual, expected);
}
